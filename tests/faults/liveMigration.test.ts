import { mkdtempSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import { type Connection, connect } from '../../drizzle/database.ts';
import { migrate } from '../../drizzle/migrate.ts';
import { inDays } from '../builders.ts';
import { eventually } from '../engines/worker.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, type Person, peopleAt } from './people.ts';

let ground: Ground;
let people: People;
let before: Connection & { url: string };
/** How many of the newest migrations the new version brings. */
const newest = 3;

beforeAll(async () => {
  ground = await openGround();
  before = await databaseOfTheVersionBefore();
}, 120_000);
afterAll(async () => {
  const name = before && new URL(before.url).pathname.slice(1);
  await before?.close();
  if (name) await ground.sql.unsafe(`drop database ${name} with (force)`).catch(() => {});
  await ground?.end();
});

it('22: migrations on a live system fail none of the previous version’s statements and keep none waiting for long', async () => {
  const [confirming] = await practiceAtWork();
  await copyRows(ground.sql, before.sql);
  Object.assign(ground, before);

  const statements = await statementsOfTheVersionBefore(before.sql);
  const waits: number[] = [];
  let over = false;
  const round = async (first: number) => {
    for (let i = 0; i < statements.length; i++) {
      const began = performance.now();
      await statements[(first + i) % statements.length]!();
      waits.push(performance.now() - began);
    }
  };
  const writers = [0, 1, 2].map(async (writer) => {
    while (!over) await round(writer);
    await round(writer);
  });
  await migrate(before.url);
  over = true;
  await Promise.all(writers);
  expect(Math.max(...waits)).toBeLessThan(2_000);

  // The new version's processes go on with the old one's bookings.
  const env = { DATABASE_URL: before.url };
  const api = await ground.startApi({ env });
  await ground.startWorker({ env });
  people.moveTo(api.url);
  await people.confirm(confirming!);
  await eventually(
    () => findInconsistencies(before.sql, { atRest: true }),
    (found) => found.length === 0,
    60_000,
  );
  await people.whatWasAnsweredHolds();
});

it('22: a next version’s migrations fail no request of this version’s processes, which go on with its tables', async () => {
  const live = await openGround();
  onTestFinished(() => live.end());
  const [api] = await Promise.all([live.startApi(), live.startWorker()]);
  const crowd = peopleAt(live, api.url);
  await crowd.signIn();
  let over = false;
  let played = 0;
  const load = (async () => {
    while (!over)
      await crowd.atRate(5, await crowd.arrive(5), async (person) => {
        await crowd.depart(person);
        await crowd.send(person);
        await crowd.choose(person);
        await crowd.confirm(person);
        played++;
      });
  })();
  // Each connection has prepared its statements.
  await eventually(
    async () => played,
    (count) => count >= 10,
    60_000,
  );
  await withMigrations(async (folder) => {
    await comesNext(folder);
    await migrate(live.url, folder);
  });
  const before = played;
  await eventually(
    async () => played,
    (count) => count >= before + 10,
    60_000,
  );
  over = true;
  await load;
  expect(crowd.failures()).toEqual([]);
  await live.findsNothing();
  await crowd.whatWasAnsweredHolds();
  expect(await live.sql`select why from postponements`).toEqual([]);
});

/** Bookings in several states, 10,000 patients, and nobody at work any more. @returns who has set a time aside */
async function practiceAtWork(): Promise<Person[]> {
  const [api, worker] = await Promise.all([ground.startApi(), ground.startWorker()]);
  people = peopleAt(ground, api.url);
  await people.signIn();
  const crowd = await people.arrive(6);
  for (const person of crowd.slice(0, 5)) await people.depart(person);
  for (const person of crowd.slice(0, 4)) await people.send(person);
  for (const person of crowd.slice(0, 3)) await people.choose(person);
  for (const person of crowd.slice(1, 3)) await people.confirm(person);
  await ground.findsNothing();
  await Promise.all([api.stop(), worker.stop()]);
  await ground.sql`
    insert into patients (practice_id, number, first_name, last_name, birth_date)
    select ${ground.built.practice.id}, 1000 + n, 'Robin', 'Ziegler', date '1990-01-01' from generate_series(1, 10000) n`;
  return crowd;
}

async function databaseOfTheVersionBefore(): Promise<Connection & { url: string }> {
  const name = `before_${process.pid}_${Date.now()}`;
  await ground.sql.unsafe(`create database ${name}`);
  const url = inject('postgresUrl').replace(/\/[^/]*$/, `/${name}`);
  await withMigrations(async (folder) => {
    await inJournal(folder, (entries) => entries.slice(0, -newest));
    await migrate(url, folder);
  });
  return { ...connect(url), url };
}

/** In a copy of the migrations, which goes when the work is done. */
async function withMigrations(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'nextvisit-migrations-'));
  try {
    await cp('drizzle/migrations', folder, { recursive: true });
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function inJournal(folder: string, change: (entries: Entry[]) => Entry[]): Promise<void> {
  const path = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(path, 'utf8')) as { entries: Entry[] };
  await writeFile(path, JSON.stringify({ ...journal, entries: change(journal.entries) }));
}

interface Entry {
  idx: number;
  version: string;
  when: number;
  tag: string;
  breakpoints: boolean;
}

/** What a version may bring while the one before is at work (CONTRIBUTING.md): columns, an index, a rule, a table behind the wall. */
async function comesNext(folder: string): Promise<void> {
  const statements = [
    "SET LOCAL lock_timeout = '500ms'",
    "ALTER TABLE bookings ADD COLUMN came_from text DEFAULT 'departure' NOT NULL",
    'ALTER TABLE book_entries ADD COLUMN colour text',
    'ALTER TABLE messages ADD COLUMN weight integer',
    'CREATE INDEX messages_weight ON messages (practice_id, weight)',
    'ALTER TABLE departure_tasks ADD CONSTRAINT tasks_of_this_century CHECK (opened_at > timestamptz $$2000-01-01$$) NOT VALID',
    'CREATE TABLE postponements (practice_id uuid NOT NULL REFERENCES practices (id), why text NOT NULL)',
    "CALL put_behind_wall('postponements')",
  ];
  await writeFile(join(folder, '9999_next.sql'), statements.join(';\n--> statement-breakpoint\n'));
  await inJournal(folder, (entries) => {
    const last = entries.at(-1)!;
    return [...entries, { ...last, idx: last.idx + 1, when: last.when + 1, tag: '9999_next' }];
  });
}

/** The tables that the database knows, with the columns that can be written. */
const tablesOf = (sql: Sql) => sql<{ table: string; columns: string[] }[]>`
  select table_name as table, array_agg(column_name::text order by ordinal_position) as columns
  from information_schema.columns join information_schema.tables using (table_schema, table_name)
  where table_schema = 'public' and table_type = 'BASE TABLE' and is_generated = 'NEVER' group by 1`;

const listOf = (columns: string[]) => columns.map((column) => `"${column}"`).join(', ');

async function copyRows(from: Sql, to: Sql): Promise<void> {
  await to.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    for (const { table, columns } of await tablesOf(to)) {
      const [row] = await from.unsafe(`select coalesce(json_agg(t), '[]')::text as rows from "${table}" t`);
      await tx.unsafe(
        `insert into "${table}" (${listOf(columns)}) overriding system value select ${listOf(columns)} from json_populate_recordset(null::"${table}", $1::text::json)`,
        [row!.rows],
      );
      for (const column of columns)
        await tx.unsafe(
          `select setval(sequence, 1000000) from pg_get_serial_sequence('"${table}"', '${column}') as sequence where sequence is not null`,
        );
    }
  });
}

/** Reading and writing every column that the version before knows, and making and cancelling appointments. */
async function statementsOfTheVersionBefore(sql: Sql): Promise<(() => Promise<unknown>)[]> {
  const { built } = ground;
  const [patient] = await sql`select id from patients limit 1`;
  let minute = 0;
  const appoint = async () => {
    const startsAt = inDays(built, 30, minute++);
    const [entry] = await sql`
      insert into book_entries (practice_id, location_id, kind, status, provider_id, chair_id, starts_at, ends_at, patient_id, overlap_allowed)
      values (${built.practice.id}, ${built.location.id}, 'appointment', 'booked', ${built.providers[0]!.id}, ${built.chairs[0]!.id},
        ${startsAt}, ${new Date(startsAt.getTime() + 1_800_000)}, ${patient!.id}, true) returning id`;
    if (minute % 2 === 0) await sql`update book_entries set status = 'cancelled' where id = ${entry!.id}`;
  };
  return (await tablesOf(sql)).flatMap(({ table, columns }) => [
    () => sql.unsafe(`select ${listOf(columns)} from "${table}" limit 20`),
    () =>
      sql.unsafe(
        `update "${table}" set ${columns.map((column) => `"${column}" = "${column}"`).join(', ')} where false`,
      ),
    appoint,
  ]);
}
