import { defineConfig } from 'vitest/config';

/** Tests that need no engine start none: `npx vitest run --project rules`. */
const rules = ['tests/domain/book/rules/**', 'tests/domain/messages/**', 'tests/locales/**', 'tests/gateways/**', 'tests/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'rules', include: rules.map((path) => path.replace(/\*\*$/, '**/*.test.ts')), testTimeout: 20_000 } },
      {
        test: {
          name: 'engines',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: rules,
          globalSetup: 'tests/engines/setup.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
