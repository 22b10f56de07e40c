import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import type { Sql } from 'postgres';
import { writeMarkedDays } from '../../domain/book/busyDays.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import { readMeasures } from '../../domain/engine/state.ts';
import { letGo } from '../../domain/people/keeping.ts';
import { searchPatients } from '../../domain/people/search.ts';
import { connect } from '../../drizzle/database.ts';
import { startRelay } from '../../worker/relay.ts';
import { sweep } from '../../worker/sweep.ts';
import { receptionistsBrowser } from '../bookings.ts';
import { expectStatus } from '../browser.ts';
import { type Figure, oneByOne, rounds, type Spread, spreadOf, until } from '../figure.ts';
import type { Book, Ground } from '../ground.ts';
import { copyPractice } from '../morePractices.ts';
import { openBookings } from '../openBookings.ts';
import { startApi } from '../processes.ts';
import { readDay } from './dayPage.ts';
import { findGaps, oneConnection } from './gapFind.ts';

const howMany = 500;
/** Of each practice: with the 880 of the coming weeks 2,000 appointments. */
const [past, patients, openOnes] = [1_120, 200, 100];

export const practices: Figure = {
  name: 'practices',
  what: `pages and searches of one practice among ${howMany} (1,000,000 appointments, 50,000 open bookings); the worst of them`,
  unit: 'ms',
  better: 'lower',
  target: 'ours/peer ≤ 1.3, no full scans',
  async measure(ground) {
    const count = Math.max(2, ground.sized(howMany));
    const sides = [];
    const notes: string[] = [];
    for (const many of [false, true]) {
      const book = await ground.openBook(past, patients);
      const { sql, practice } = book;
      await openBookings(book, { count: openOnes });
      await sql`update workflow_messages set sent_at = clock_timestamp()`;
      if (many) {
        const began = Date.now();
        await copyPractice(sql, count);
        const [row] = await sql`
          select (select count(*) from book_entries) as entries, (select count(*) from bookings where settled_at is null) as open`;
        notes.push(
          `${count} practices with ${row!.entries} appointments and ${row!.open} open bookings were written in ${Math.round((Date.now() - began) / 1000)} s`,
        );
        notes.push(...(await withPlans(ground, book, fullScans)));
      } else await sql`vacuum analyze`;
      // Managers see all that others do, and what needs attention in each page's head.
      await sql`update users set role = 'manager' where id = ${practice.staff.userId}`;
      const browser = await receptionistsBrowser((await startApi(ground, book)).url, book);
      const [{ id: patient }] = await sql<[{ id: string }]>`
        select patient_id as id from bookings where practice_id = ${practice.id} order by id limit 1`;
      const page = (path: string) => async () => expectStatus(await browser.get(path), 200);
      const one = oneConnection(ground, book);
      sides.push({
        'day page': () => readDay(browser, `/book?day=${practice.workingDays[2]}`),
        'Follow Up': page('/follow-up'),
        Bookings: page('/bookings'),
        'Online Appointments': page('/online-appointments'),
        'Patient File': page(`/patients/${patient}`),
        Chart: page(`/patients/${patient}/chart`),
        report: page('/reports/feature-usage'),
        'patient search': async () => {
          const { patients: found } = await searchPatients(one, practice.staff, 'rob zie', 2026);
          if (found.length < 30) throw new Error(`the search finds ${found.length} patients`);
        },
        'gap search': () => findGaps(one, book),
      });
    }
    const works = Object.keys(sides[0]!) as (keyof (typeof sides)[0])[];
    const results = [];
    for (const work of works) {
      const seen: [Spread[], Spread[]] = [[], []];
      for (let round = -1; round < rounds; round++)
        for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
          const spread = spreadOf(await oneByOne(ground.sized(work.endsWith('search') ? 200 : 60), sides[side]![work]));
          if (round >= 0) seen[side].push(spread);
        }
      const [alone, among] = seen.map((spreads) => ({
        p50: spreadOf(spreads.map(({ p50 }) => p50)).p50,
        p95: spreadOf(spreads.map(({ p95 }) => p95)).p50,
      }));
      results.push({ work, alone: alone!, among: among!, ratio: among!.p50 / alone!.p50 });
    }
    const worst = results.reduce((a, b) => (b.ratio > a.ratio ? b : a));
    for (const { work, alone, among, ratio } of results)
      notes.push(
        `${work}: ${alone.p50.toFixed(2)} ms alone, ${among.p50.toFixed(2)} ms among many: ${ratio.toFixed(2)}`,
      );
    return {
      ours: worst.among,
      peer: { name: `${worst.work}, the practice alone`, ...worst.alone },
      ratio: worst.ratio,
      pass: worst.ratio <= 1.3 && notes.some((note) => note.startsWith(noFullScans)),
      notes,
    };
  },
};

const noFullScans = 'no full scan';

/** @returns what the work says, and by which indexes its statements were read, as PostgreSQL's log has their plans */
async function withPlans(ground: Ground, { url }: Book, work: (sql: Sql) => Promise<string>): Promise<string[]> {
  const name = new URL(url).pathname.slice(1);
  const log = join(ground.folder, 'postgres', 'server.log');
  const admin = connect(url, { max: 1 });
  await admin.sql.unsafe(`alter database ${name} set session_preload_libraries = 'auto_explain'`);
  await admin.sql.unsafe(`alter database ${name} set auto_explain.log_min_duration = 0`);
  const { sql, close } = connect(url, { max: 4 });
  const before = (await readFile(log, 'utf8')).length;
  const said = await work(sql);
  await close();
  await admin.sql.unsafe(`alter database ${name} reset all`);
  await admin.close();
  const plans = (await readFile(log, 'utf8')).slice(before);
  const scans = new Map<string, Set<string>>();
  for (const [, kind, index, table] of plans.matchAll(
    /(Index Scan|Index Only Scan|Bitmap Index Scan|Seq Scan)(?: using (\w+))? on (\w+)/g,
  )) {
    const used = scans.get(kind!) ?? new Set();
    scans.set(kind!, used.add(index ?? table!));
  }
  return [
    said,
    ...[...scans].map(([kind, used]) => `plans, ${kind}: ${[...used].sort().join(', ')}`),
    ...Object.entries(shown).map(([what, words]) => `plan of ${what}:\n${planOf(plans, words)}`),
  ];
}

/** What is shown in full, by words of the statement. */
const shown = {
  'the relay’s lease': 'update workflow_messages set attempts',
  'a page of the sweep': 'workflow_missing_since is not null as missing',
};

/** As the log has the statement's last plan: lines that begin with a tab, without what the statement was and what it cost. */
function planOf(log: string, words: string): string {
  const [block] = log
    .split(/\n(?!\t)/)
    .filter((lines) => lines.includes('Query Text') && lines.includes(words))
    .slice(-1);
  const lines = (block ?? '').split('\n');
  const top = lines.findIndex((line) => /^\t\S.*\(cost=/.test(line));
  return lines
    .slice(top)
    .map((line) => line.slice(1).replace(/ {2}\(cost=.*\)$/, ''))
    .join('\n');
}

/** Runs what the worker does by itself, with an engine that takes everything, and asks PostgreSQL which tables it read whole. */
async function fullScans(sql: Sql): Promise<string> {
  const running = await sql<{ id: string }[]>`select id from bookings where settled_at is null`;
  const scans = async () => {
    await sql`select pg_stat_force_next_flush()`;
    // What other connections counted is written when they have been idle for a moment.
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    return new Map(
      (
        await sql<{ name: string; scans: number }[]>`
          select relname as name, seq_scan::int as scans from pg_stat_user_tables where n_live_tup > 2000`
      ).map(({ name, scans }) => [name, scans]),
    );
  };
  const engine = {
    withDeadline: (_: number, work: () => Promise<unknown>) => work(),
    workflow: {
      list: () =>
        (async function* () {
          for (const { id } of running) yield { workflowId: workflowIdOf(id) };
        })(),
      start: async () => {},
      signalWithStart: async () => {},
    },
  } as unknown as Client;
  const before = await scans();
  const options = { sql, client: engine, taskQueue: 'none', log: pino({ level: 'silent' }) };
  const relay = await startRelay({ ...options, onHopeless: () => {} });
  await sql`
    insert into workflow_messages (practice_id, booking_id, name)
    select practice_id, id, 'departed' from bookings where settled_at is null order by id limit 500`;
  await until(async () => {
    const [row] = await sql`select exists (select from workflow_messages where sent_at is null) as waits`;
    return !row!.waits;
  });
  await relay.stop();
  if ((await sweep(options)) > 0) throw new Error('the sweep missed workflows');
  await writeMarkedDays(sql);
  const whole = new Map<string, string[]>();
  let earlier = await differing(before, scans, whole, 'relay and sweep');
  await letGo(sql);
  earlier = await differing(earlier, scans, whole, 'keeping');
  await readMeasures(sql);
  await differing(earlier, scans, whole, 'measures');
  const said = [...whole].map(([what, tables]) => `${what}: ${tables.join(', ')}`).join('; ');
  return whole.has('relay and sweep')
    ? `full scans by ${said}`
    : `${noFullScans} by relay and sweep${said ? `, but by ${said}` : ', keeping and measures'}`;
}

async function differing(
  before: Map<string, number>,
  scans: () => Promise<Map<string, number>>,
  whole: Map<string, string[]>,
  what: string,
): Promise<Map<string, number>> {
  const after = await scans();
  const tables = [...after].filter(([name, count]) => count > (before.get(name) ?? 0)).map(([name]) => name);
  if (tables.length > 0) whole.set(what, tables);
  return after;
}
