import { sql as query } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOfToken } from '../../domain/bookings/links.ts';
import { everyAccess } from '../../domain/reports/access.ts';
import { type Connection, connect } from '../../drizzle/database.ts';
import { assertWall, type Inside, inside } from '../../drizzle/wall.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let ours: BuiltPractice;
let theirs: BuiltPractice;
let here: Inside;
let there: Inside;
let token: string;
/** Those that hold something of a practice. */
let tables: string[];

/** They belong to no practice, and are not there behind the wall. */
const outside = ['carrier_events', 'demo_carriers', 'workers'];
const refused = /row-level security/;

beforeAll(async () => {
  db = await freshDatabase({ max: 3 });
  ours = await buildPractice(db);
  theirs = await buildPractice(db);
  here = { practiceId: ours.practice.id };
  there = { practiceId: theirs.practice.id };
  ({ token } = await buildSent(db, ours));
  await buildSent(db, theirs);
  for (const { practiceId, userId } of [ours.staff, theirs.staff])
    await db.sql`insert into sessions (id_hash, user_id, data, expires_at) values (${practiceId}, ${userId}, '{}', now() + interval '1 hour')`;
  await db.sql`
    insert into demo_inbox (id, channel, recipient, sender, body) select id, channel, 'to', 'from', 'body' from messages`;
  const found = await db.sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`;
  tables = found.map(({ name }) => name).filter((name) => !outside.includes(name));
});
afterAll(() => db?.drop());

/** How a row tells whose it is, where no column says so. */
const practiceOf = (table: string) =>
  ({
    practices: 'id',
    sessions: '(select practice_id from users where users.id = user_id)',
    demo_inbox: '(select practice_id from messages where messages.id = demo_inbox.id)',
  })[table] ?? 'practice_id';

const practicesIn = async ({ sql }: Pick<Connection, 'sql'>, table: string) => {
  const rows = await sql.unsafe(`select ${practiceOf(table)} as practice from "${table}"`);
  return rows.map(({ practice }) => practice);
};

describe('behind the wall', () => {
  it('stands every table, but those that belong to no practice', async () => {
    for (const table of outside)
      await expect(db.walled.sql.unsafe(`select from "${table}"`), table).rejects.toThrow(/permission denied/);
    const unwalled = await db.sql`
      select relname from pg_class c where relname = any(${tables}) and relnamespace = 'public'::regnamespace
        and not (relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid and not p.polpermissive))`;
    expect(unwalled).toHaveLength(0);
  });

  it('nobody owns anything, and may do more than others', async () => {
    const more = await db.sql`
      select relname from pg_class where relowner = 'nextvisit_practice'::regrole
      union all
      select rolname from pg_roles where rolname = 'nextvisit_practice' and (rolsuper or rolbypassrls or rolcreaterole or rolcanlogin)`;
    expect(more).toHaveLength(0);
  });

  it('a statement that forgets its practice sees the rows of the one at hand, and without one none', async () => {
    let compared = 0;
    for (const table of tables) {
      const all = await practicesIn(db, table);
      const seen = await inside(here, () => practicesIn(db.walled, table));
      expect(seen, table).toEqual(all.filter((practice) => practice === ours.practice.id));
      expect(await practicesIn(db.walled, table), table).toEqual([]);
      expect(await inside(null, () => practicesIn(db.walled, table)), table).toEqual([]);
      if (seen.length > 0 && all.length > seen.length) compared++;
    }
    expect(compared).toBeGreaterThan(15);
  });

  it('a statement changes and deletes nothing of another practice, and writes nothing into it', async () => {
    const touchedBy = async (statement: string) => {
      const { count } = await db.walled.sql.unsafe(statement);
      return count;
    };
    const [{ id: theirMessage }] = (await db.sql`
      select id from messages where practice_id = ${theirs.practice.id} limit 1`) as [{ id: string }];
    const before = await Promise.all(tables.map((table) => practicesIn(db, table)));
    for (const table of tables) {
      const practice = practiceOf(table);
      const [{ column }] = (await db.sql`
        select column_name as column from information_schema.columns
        where table_schema = 'public' and table_name = ${table} order by ordinal_position limit 1`) as [
        { column: string },
      ];
      const foreign = `"${table}" where ${practice} = '${theirs.practice.id}'`;
      for (const place of [here, null]) {
        const locked = `select from ${foreign} for update`;
        const changed = `update "${table}" set "${column}" = "${column}" where ${practice} = '${theirs.practice.id}'`;
        for (const statement of [locked, changed, `delete from ${foreign}`])
          expect(await inside(place, () => touchedBy(statement)), statement).toBe(0);
        const added =
          {
            sessions: `insert into sessions (user_id) values ('${theirs.staff.userId}')`,
            demo_inbox: `insert into demo_inbox (id) values ('${theirMessage}')`,
          }[table] ?? `insert into "${table}" (${practice}) values ('${theirs.practice.id}')`;
        await expect(
          inside(place, () => touchedBy(added)),
          added,
        ).rejects.toThrow(refused);
      }
    }
    expect(await Promise.all(tables.map((table) => practicesIn(db, table)))).toEqual(before);
    const moved = inside(here, () => touchedBy(`update patients set practice_id = '${theirs.practice.id}'`));
    await expect(moved).rejects.toThrow(refused);
  });

  it('a patient’s link leads to its practice, and one that is none nowhere', async () => {
    const links = (linkHash: string) => inside({ linkHash }, () => practicesIn(db.walled, 'booking_links'));
    expect(new Set(await links(hashOfToken(token)))).toEqual(new Set([ours.practice.id]));
    expect(await links(hashOfToken('no-such-link'))).toEqual([]);
    expect(await links(`' || practice_of_link('${hashOfToken(token)}') || '`)).toEqual([]);
  });

  it('a file that is read on later holds all lines of its practice', async () => {
    const { practiceId, userId } = ours.staff;
    await db.sql`
      insert into access_entries (practice_id, user_id, role, patient_id, what, act, address)
      select ${practiceId}, ${userId}, 'receptionist', (select id from patients where practice_id = ${practiceId} limit 1), 'file', 'seen', '::1'
      from generate_series(1, 700)`;
    const always = { timeZone: 'UTC', fromDay: '2020-01-01', untilDay: '2100-01-01', patientId: null, userId: null };
    let lines = 0;
    for await (const rows of everyAccess(db.walled.sql, ours.staff, always)) lines += rows.length;
    expect(lines).toBe(700);
  });

  it('connections never take a practice along, whoever uses them next and however many at once', async () => {
    const places = [here, there, null];
    const wanted = [ours.practice.id, theirs.practice.id, null];
    const asked = Array.from({ length: 600 }, (_, i) => i);
    const seen = await Promise.all(
      asked.map((i) =>
        inside(places[i % 3]!, async () => {
          if (i % 5 === 0)
            await db.walled.database
              .transaction(async (tx) => {
                await tx.execute(query`select 1 / ${i % 2}::int`);
              })
              .catch(() => {});
          if (i % 4 === 0) await db.walled.sql`select 1 / ${i % 8}::int`.catch(() => {});
          const bySql = (await db.walled.sql`select id from practices`).map(({ id }) => id);
          const alone = (await db.walled.database.execute(query`select id from practices`)).map(({ id }) => id);
          const together = await db.walled.database.transaction(async (tx) =>
            (await tx.execute(query`select id from practices where ${i}::int >= 0`)).map(({ id }) => id),
          );
          return { bySql, alone, together };
        }),
      ),
    );
    for (const i of asked) {
      const only = wanted[i % 3] ? [wanted[i % 3]] : [];
      expect(seen[i]).toEqual({ bySql: only, alone: only, together: only });
    }
  });

  it('a value that cannot be written down fails its own statement, and the pool goes on', async () => {
    for (let i = 0; i < 10; i++) {
      const day = (at: unknown) =>
        inside(here, async () =>
          (await db.walled.sql`select id, ${at as Date}::timestamptz as at from practices`).map(({ id }) => id),
        );
      const answers = await Promise.allSettled([
        day(new Date()),
        day(new Date(Number.NaN)),
        day(undefined),
        day(new Date()),
      ]);
      const [first, ...others] = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : 'failed'));
      expect([first, ...others].filter((answer) => answer !== 'failed')).toEqual([
        [ours.practice.id],
        [ours.practice.id],
      ]);
    }
  });

  it('connections that are lost fail what they carried, and others take their place', async () => {
    for (let i = 0; i < 20; i++) {
      const lost = Promise.allSettled(
        [here, there, here, there].map((place) =>
          inside(place, async () =>
            (await db.walled.sql`select id, pg_sleep(0.02) from practices`).map(({ id }) => id),
          ),
        ),
      );
      await db.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
      const answers = await lost;
      for (const [index, answer] of answers.entries())
        if (answer.status === 'fulfilled') expect(answer.value).toEqual([[ours, theirs][index % 2]!.practice.id]);
    }
    expect(await inside(there, () => practicesIn(db.walled, 'practices'))).toEqual([theirs.practice.id]);
  });

  it('a client that is not says what to do', async () => {
    await expect(assertWall(db.walled.sql)).resolves.toBeUndefined();
    await expect(assertWall(db.sql)).rejects.toThrow(/cannot act as nextvisit_practice/);
    await db.sql`drop role if exists visitor_of_the_wall`;
    await db.sql`create role visitor_of_the_wall login password 'visitor'`;
    const url = Object.assign(new URL(db.url), { username: 'visitor_of_the_wall', password: 'visitor' });
    const visitor = connect(String(url), { max: 1, wall: true });
    await expect(assertWall(visitor.sql)).rejects.toThrow(/grant nextvisit_practice to/);
    await visitor.close();
    await db.sql`drop role visitor_of_the_wall`;
  });
});
