import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { databaseErrorIn } from './faults.ts';

/** Any number no one else locks: several processes may start at once, and `migrate()` takes no lock of its own. */
const migrationLock = 7_346_295_001;

/** A migration that sets itself a `lock_timeout` gives way to those at work, and is tried again: they wait only so long. */
const gaveWay = '55P03';
const mostTries = 120;

/** Brings the schema up to date. Safe to call from several processes at once. `folder`: by default this version's migrations. */
export async function migrate(url: string, folder = migrationsFolder()): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client`select pg_advisory_lock(${migrationLock})`;
    for (let tries = 1; ; tries++) {
      try {
        await runMigrations(drizzle(client), { migrationsFolder: folder });
        return;
      } catch (error) {
        if (databaseErrorIn(error)?.code !== gaveWay || tries >= mostTries) throw error;
        await pause(250);
      }
    }
  } finally {
    await client.end({ timeout: 3 });
  }
}

/** Compiled code stands one folder deeper than the sources, and the migrations are not copied. */
function migrationsFolder(): string {
  const here = import.meta.url.includes('/dist/') ? '../../drizzle/migrations' : './migrations';
  return fileURLToPath(new URL(here, import.meta.url));
}

/**
 * `npm run migrate`, in production: once before the new processes start, by a user who may change tables; the processes
 * themselves need not be allowed to.
 */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = process.env.DATABASE_URL;
  if (!url) {
    console.error('DATABASE_URL is missing: it names the database to bring up to date.');
    process.exitCode = 1;
  } else await migrate(url);
}
