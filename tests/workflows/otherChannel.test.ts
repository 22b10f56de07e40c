import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { CarrierError } from '../../gateways/carrier.ts';
import { type BuiltPractice, buildPractice, inDays } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let worker: TestWorker;
const mailboxes = new Set<string>();

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  const refuse = async () => {
    throw new CarrierError('permanent', 'not_mobile', 21614);
  };
  worker = await startTestWorker(db, {
    carriers: {
      sms: { send: refuse },
      email: {
        send: async ({ id, to }) => (mailboxes.has(to) ? { carrierId: `test-${id}` } : refuse()),
      },
    },
  });
});
afterAll(async () => {
  await worker?.stop();
  await db?.drop();
});

const messagesOf = (bookingId: string) =>
  db.database
    .select()
    .from(tables.messages)
    .where(eq(tables.messages.bookingId, bookingId))
    .orderBy(tables.messages.id);
const followUpOf = async (id: string) =>
  (await db.database.select().from(tables.followUps).where(eq(tables.followUps.id, id)))[0]!;

it('a link that the SMS carrier refuses goes out as an email, by the same workflow', async () => {
  const { bookingId, patient, followUpId } = await buildSent(db, built, {}, ['sms']);
  mailboxes.add(patient.email!);
  const messages = await eventually(
    () => messagesOf(bookingId),
    (all) => all.at(-1)?.state === 'sent',
  );
  expect(messages.map(({ channel, state }) => `${channel} ${state}`)).toEqual(['sms failed', 'email sent']);
  expect((await followUpOf(followUpId)).category).toBe('olb_link_sent');
});

it('one that nobody takes stands under Not delivered, and the workflow goes on to the booking at the desk', async () => {
  const { bookingId, followUpId } = await buildSent(db, built, {}, ['sms']);
  await eventually(
    () => followUpOf(followUpId),
    ({ category }) => category === 'not_delivered',
  );
  expect((await messagesOf(bookingId)).map(({ channel, state }) => `${channel} ${state}`)).toEqual([
    'sms failed',
    'email failed',
  ]);
  const time = {
    providerId: built.providers[0]!.id,
    chairIds: [built.chairs[0]!.id],
    startsAt: inDays(built, 4, 600),
    minutes: 30,
  };
  await db.database.transaction((tx) => bookAtDesk(tx, built.staff, bookingId, time));
  await eventually(
    async () => (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, bookingId)))[0]!,
    ({ settledAt }) => settledAt !== null,
  );
  expect((await followUpOf(followUpId)).closedAt).not.toBeNull();
  expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
});
