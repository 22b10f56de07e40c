import { defineConfig } from 'vitest/config';

/** For `npm run histories` only: what it runs is no test. */
export default defineConfig({
  test: {
    include: ['tests/workflows/histories/record.ts'],
    globalSetup: 'tests/engines/setup.ts',
    hookTimeout: 60_000,
  },
});
