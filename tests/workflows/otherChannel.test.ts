import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import { takeReport } from '../../domain/messages/deliveryReports.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type Carrier, CarrierError } from '../../gateways/carrier.ts';
import { type BuiltPractice, buildPractice, inDays } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let worker: TestWorker;
const mailboxes = new Set<string>();
const mobiles = new Set<string>();

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  const only = (known: Set<string>): Carrier => ({
    async send({ id, to }) {
      if (!known.has(to)) throw new CarrierError('permanent', 'not_mobile', 21614);
      return { carrierId: `test-${id}` };
    },
  });
  worker = await startTestWorker(db, { carriers: { sms: only(mobiles), email: only(mailboxes) } });
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
  };
  await db.database.transaction((tx) => bookAtDesk(tx, built.staff, bookingId, time));
  await eventually(
    async () => (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, bookingId)))[0]!,
    ({ settledAt }) => settledAt !== null,
  );
  expect((await followUpOf(followUpId)).closedAt).not.toBeNull();
  expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
});

it('a confirmation that turns out not to have arrived, after the workflow’s end, goes out as an email by another run', async () => {
  const mobile = '+31600007777';
  mobiles.add(mobile);
  const { bookingId, patient, followUpId } = await buildSent(db, built, { patient: { mobile } }, ['sms']);
  mailboxes.add(patient.email!);
  const isSettled = () =>
    eventually(
      async () => (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, bookingId)))[0]!,
      ({ settledAt }) => settledAt !== null,
    );
  await eventually(
    () => messagesOf(bookingId),
    ([link]) => link?.state === 'sent',
  );
  await db.database.transaction((tx) => hold(tx, bookingId, inDays(built, 6, 600)));
  await db.database.transaction((tx) => confirm(tx, bookingId));
  await isSettled();
  await worker.client.workflow.getHandle(workflowIdOf(bookingId)).result();
  const { carrierId } = (await messagesOf(bookingId)).find(({ kind }) => kind === 'confirmation')!;
  const told = { carrierId: carrierId!, letterId: null, reason: 'blocked', code: '30007', at: new Date() } as const;
  await takeReport(db.database, { ...told, became: 'failed' });
  await isSettled();
  const sent = (await messagesOf(bookingId)).map(({ kind, channel, state }) => `${kind} ${channel} ${state}`);
  expect(sent).toEqual(['link sms sent', 'confirmation sms failed', 'confirmation email sent']);
  expect(await followUpOf(followUpId)).toMatchObject({ closedReason: 'booked_online' });
  expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
});
