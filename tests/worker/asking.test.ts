import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Delivery, deliver } from '../../domain/messages/deliver.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { createCarriers } from '../../gateways/carriers.ts';
import { setDemoMood } from '../../gateways/demoInbox.ts';
import { startAsking } from '../../worker/asking.ts';
import { buildPractice, testKeys } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually } from '../engines/worker.ts';

let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db?.drop());

it('a worker asks what became of messages, several side by side, until it is known', async () => {
  const built = await buildPractice(db);
  const { bookingId } = await buildSent(db, built);
  const carriers = createCarriers({ twilio: null, resend: null }, db.sql);
  const delivery: Delivery = { database: db.database, carriers, keys: testKeys, publicUrl: 'http://localhost:3000' };
  const messages = () => db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
  const ids = (await messages()).map(({ id }) => id);
  await deliver(delivery, async () => ids);
  expect((await messages()).map(({ state }) => state)).toEqual(['sent', 'sent']);
  const workers = [1, 2].map(() => startAsking(delivery, pino({ level: 'silent' })));
  await eventually(messages, (rows) => rows.every(({ state }) => state === 'delivered'));
  expect((await messages()).every(({ askAt, deliveredAt }) => askAt === null && deliveredAt !== null)).toBe(true);
  await Promise.all(workers.map((worker) => worker.stop()));
});

it('a statement that fails is logged by its code, without the number, address and text among its parameters', async () => {
  const built = await buildPractice(db, { otherChannel: true });
  await setDemoMood(db.sql, 'sms', 'bouncing');
  const { bookingId, patient } = await buildSent(db, built, {}, ['sms']);
  const carriers = createCarriers({ twilio: null, resend: null }, db.sql);
  const delivery: Delivery = { database: db.database, carriers, keys: testKeys, publicUrl: 'http://localhost:3000' };
  const [sms] = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
  await deliver(delivery, async () => [sms!.id]);
  // The email that takes the place of the SMS can't be written.
  await db.sql.unsafe(`
    create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not %', new; end $$;
    create trigger refuse before insert on messages for each row execute function refuse()`);
  const lines: string[] = [];
  const asking = startAsking(delivery, pino({}, { write: (line) => lines.push(line) }));
  const [said] = await eventually(
    async () => lines,
    ({ length }) => length > 0,
  );
  await asking.stop();
  expect(JSON.parse(said!).err).toMatchObject({ type: 'PostgresError', code: 'P0001' });
  for (const secret of [patient.email!, patient.mobile!, patient.lastName, 'http://localhost'])
    expect(lines.join('')).not.toContain(secret);
});
