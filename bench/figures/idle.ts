import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, rounds, spreadOf } from '../figure.ts';
import { allWait, openBookings } from '../openBookings.ts';
import { startApi, startWorker } from '../processes.ts';
import { cpuMs } from '../processor.ts';

const openOnes = 10_000;
const roundMs = 60_000;
/** The product's own connections, by the name that each says to PostgreSQL. */
const ofTheProduct = /^nextvisit (?:api|worker|relay)\|.*?LOG: {2}(?:statement|execute [^:]*): /gm;

export const idle: Figure = {
  name: 'idle',
  what: `processor of api and worker with ${openOnes.toLocaleString('en')} open bookings and nothing happening, over five minutes, a sweep among them`,
  unit: '% of a core',
  better: 'lower',
  target: '≤ 2 %, ≤ 60 statements a minute',
  async measure(ground) {
    const book = await ground.openBook();
    const { sql } = book;
    const [api, worker] = await Promise.all([startApi(ground, book), startWorker(ground, book)]);
    const began = Date.now();
    await openBookings(book, { count: ground.sized(openOnes) });
    const writtenMs = Date.now() - began;
    await allWait(book, 600);
    const seededMs = Date.now() - began;
    await sql`alter system set log_line_prefix = '%a|'`;
    await sql.unsafe(`alter database ${new URL(book.url).pathname.slice(1)} set log_statement = 'all'`);
    await sql`select pg_reload_conf()`;
    // Connections that stand learn of it when they are made anew.
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name ~ '^nextvisit (api|worker|relay)'`;
    ground.atEnd(async () => {
      await sql`alter system reset log_line_prefix`;
      await sql`select pg_reload_conf()`;
    });
    await pause(5_000);
    const minuteMs = ground.sized(roundMs);
    const cores = { api: [] as number[], worker: [] as number[], both: [] as number[] };
    const statements: number[] = [];
    let texts = '';
    const logFile = join(ground.folder, 'postgres', 'server.log');
    for (let round = 0; round < rounds; round++) {
      const before = { api: cpuMs(api.pid), worker: cpuMs(worker.pid), log: (await readFile(logFile, 'utf8')).length };
      const from = performance.now();
      await pause(minuteMs);
      const ms = performance.now() - from;
      const used = { api: cpuMs(api.pid) - before.api, worker: cpuMs(worker.pid) - before.worker };
      cores.api.push((100 * used.api) / ms);
      cores.worker.push((100 * used.worker) / ms);
      cores.both.push((100 * (used.api + used.worker)) / ms);
      const said = (await readFile(logFile, 'utf8')).slice(before.log);
      statements.push(((said.match(ofTheProduct)?.length ?? 0) * 60_000) / ms);
      texts += said;
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const both = mean(cores.both);
    return {
      // The mean: one minute of five has the sweep, and a median would not know of it.
      ours: { p50: both, p95: spreadOf(cores.both).p95 },
      peer: null,
      ratio: null,
      pass: both <= 2 && mean(statements) <= 60,
      notes: [
        `${mean(statements).toFixed(1)} statements a minute (by PostgreSQL’s log; ${statements.map(Math.round).join(', ')}); means of five minutes`,
        `api ${mean(cores.api).toFixed(2)} %, worker ${mean(cores.worker).toFixed(2)} % (${cores.both.map((share) => share.toFixed(2)).join(', ')} both together)`,
        `what was asked: ${commonest(texts)}`,
        `bookings written in ${(writtenMs / 1000).toFixed(1)} s, all their workflows waiting after ${(seededMs / 1000).toFixed(1)} s`,
      ],
    };
  },
};

function commonest(log: string): string {
  const counts = new Map<string, number>();
  for (const [, text] of log.matchAll(
    /^nextvisit (?:api|worker|relay)\|.*?LOG: {2}(?:statement|execute [^:]*): \s*(.{1,50})/gm,
  ))
    counts.set(text!, (counts.get(text!) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 8)
    .map(([text, count]) => `${count} × ${text.replaceAll(/\s+/g, ' ')}`)
    .join('; ');
}
