import { pino } from 'pino';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startKeeping } from '../../worker/keeping.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db?.drop());

const endSession = (id: string) =>
  db.sql`insert into sessions (id_hash, data, expires_at) values (${id}, '{}', now() - interval '1 minute')`;
const sessions = () => db.sql`select id_hash from sessions`;

it('a worker keeps house round by round, and goes on when a part of a round fails', async () => {
  const lines: string[] = [];
  await endSession('one');
  const keeping = startKeeping({ sql: db.sql, log: pino({}, { write: (line) => lines.push(line) }), everyMs: 50 });
  onTestFinished(() => keeping.stop());
  await expect.poll(sessions).toEqual([]);
  expect(lines).toEqual([]);

  await db.sql`alter table busy_days rename to busy_days_away`;
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  expect(JSON.parse(lines[0]!)).toMatchObject({ msg: expect.stringContaining('marked days'), err: { code: '42P01' } });
  await endSession('two');
  await expect.poll(sessions).toEqual([]);

  await db.sql`alter table busy_days_away rename to busy_days`;
});
