import { defineConfig } from 'vitest/config';

/** Tests that need no engine, and so start none: `npx vitest run --project rules`. */
const rules = ['domain/book/rules', 'domain/messages', 'locales', 'views', 'gateways'];
const named = (...folders: string[]) => folders.map((folder) => `tests/${folder}/**/*.test.{ts,tsx}`);
const starting = ['tests/dev/*.test.ts'];
const withoutEngines = ['tests/*.test.ts', ...named(...rules)];
/** Bounds for what hangs, not measures: a busy machine may take its time. */
const patient = { testTimeout: 240_000, hookTimeout: 120_000, expect: { poll: { timeout: 30_000 } } };
/** Files run one after the other in a process that has loaded the product once; each has a database of its own. */
const shared = { isolate: false };

export default defineConfig({
  test: {
    // On two cores: while one waits for a browser or an engine, the others go on.
    maxWorkers: 3,
    projects: [
      { test: { name: 'rules', include: withoutEngines, testTimeout: 20_000, ...shared } },
      // Each of these starts what it tries, in folders of its own.
      { test: { name: 'dev', include: starting, ...patient } },
      {
        test: {
          name: 'browser',
          include: named('browser'),
          globalSetup: 'tests/engines/setupBrowser.ts',
          ...patient,
          ...shared,
        },
      },
      {
        test: {
          name: 'engines',
          include: named('**'),
          exclude: [...withoutEngines, ...starting, ...named('browser', 'faults')],
          globalSetup: 'tests/engines/setup.ts',
          ...patient,
          ...shared,
        },
      },
      // Bad days, one after another: `npm run test:faults`, no part of `npm test`.
      {
        test: {
          name: 'faults',
          include: named('faults'),
          globalSetup: 'tests/faults/setup.ts',
          testTimeout: 240_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
