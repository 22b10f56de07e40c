import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import postgres from 'postgres';
import { startPostgres } from '../../dev/postgres.ts';
import { endProcess } from '../../dev/processes.ts';
import { startTemporal } from '../../dev/temporal.ts';
import { migrate } from '../../drizzle/migrate.ts';
import { unpackChromium } from './chromium.ts';
import { type Answer, templateDatabase, type Wanted } from './wanted.ts';

/**
 * The process that owns the tests' engines and their folder. It clears everything away as soon as the tests' own process
 * lets go of it, also when that one was killed.
 */
const folder = mkdtempSync(join(tmpdir(), 'nextvisit-tests-'));
const beginnings: Promise<unknown>[] = [];
const endings: (() => Promise<unknown>)[] = [];
const answer = (message: Answer) => void (process.connected && process.send!(message));
const say = (said: string) => answer({ said });

const providers = {
  postgres: async () => {
    const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '400' };
    const { url, stop } = await startPostgres({
      folder: join(folder, 'postgres'),
      say,
      database: templateDatabase,
      settings,
    });
    endings.push(stop);
    await migrate(url);
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    await sql`alter database ${sql(templateDatabase)} with is_template true`;
    await sql.end();
    return { postgresUrl: url.replace(/\/[^/]*$/, '/postgres') };
  },
  temporal: async () => {
    const { address, pid } = await startTemporal({ folder: join(folder, 'temporal'), say, ui: false });
    endings.push(() => endProcess(pid, [['SIGKILL', 2_000]]));
    return { temporalAddress: address, workflowBundle: join(folder, 'workflows.bundle.js') };
  },
  chromium: () => unpackChromium(join(folder, 'chromium')),
} satisfies Record<Wanted, () => Promise<object>>;

process.on('message', (wanted: Wanted) => {
  const beginning = providers[wanted]().then(
    (found) => answer({ wanted, found }),
    (error: Error) => answer({ wanted, failed: error.message }),
  );
  beginnings.push(beginning);
});
process.on('disconnect', () => clearAway(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  void clearAway(1);
});

async function clearAway(code: number): Promise<void> {
  await Promise.race([Promise.all(beginnings), pause(8_000)]);
  await Promise.allSettled(endings.map((end) => end()));
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  process.exit(code);
}
