import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../dev/postgres.ts';
import { startTemporal } from '../../dev/temporal.ts';
import { migrate } from '../../drizzle/migrate.ts';
import { templateDatabase } from './database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    temporalAddress: string;
  }
}

/** Engines of the tests' own, on free ports, in a folder that goes with them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'nextvisit-tests-'));
  chmodSync(folder, 0o755);
  const [postgres, temporal] = await Promise.all([
    startPostgres({ folder, database: templateDatabase, settings: { fsync: 'off', full_page_writes: 'off' } }),
    startTemporal({ folder, ui: false, say: (text) => console.log(text), keepPorts: false }),
  ]);
  await migrate(postgres.url);
  project.provide('postgresUrl', postgres.url);
  project.provide('temporalAddress', temporal.address);
  return async () => {
    await Promise.all([postgres.stop(), temporal.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
}
