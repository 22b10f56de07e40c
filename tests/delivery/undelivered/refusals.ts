import { and, eq, isNull } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { type Delivery, deliver } from '../../../domain/messages/deliver.ts';
import type { Channel } from '../../../domain/messages/freeze.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { CarrierError, type Letter } from '../../../gateways/carrier.ts';
import { type BuiltPractice, buildPractice, testKeys } from '../../builders.ts';
import { buildTestApp } from '../../desk.ts';
import { buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
export let app: FastifyInstance;

/** A practice whose carriers can be made to refuse. */
export function useRefusals(): void {
  beforeAll(async () => {
    db = await freshDatabase({ max: 20 });
    built = await buildPractice(db);
    app = await buildTestApp(db);
  });
  afterEach(async () => {
    expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
  });
  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });
}

const { followUps, messages, patients, workflowMessages } = tables;
export const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
const refusals: Record<Channel, () => Promise<void>> = { sms: async () => {}, email: async () => {} };

/** Carriers that refuse for good where they are told to, and take everything else. */
export function carriers(
  refuse: Partial<Record<Channel, CarrierError>>,
  meanwhile: () => Promise<unknown> = refusals.sms,
) {
  const letters: (Letter & { channel: Channel })[] = [];
  const carrier = (channel: Channel) => ({
    async send(letter: Letter) {
      await meanwhile();
      const failure = refuse[channel];
      if (failure) throw failure;
      letters.push({ ...letter, channel });
      return { carrierId: `test-${letter.id}` };
    },
  });
  const delivery: Delivery = {
    database: db.database,
    carriers: { sms: carrier('sms'), email: carrier('email') },
    keys: testKeys,
    publicUrl: 'https://v.example',
  };
  return { delivery, letters };
}
export const noMobile = () => new CarrierError('permanent', 'not_mobile', 21614);
export const noMailbox = () => new CarrierError('permanent', 'invalid_recipient', 'validation_error');

export const messagesOf = (bookingId: string) =>
  db.database.select().from(messages).where(eq(messages.bookingId, bookingId)).orderBy(messages.id);
export const states = async (bookingId: string) =>
  (await messagesOf(bookingId)).map(({ channel, kind, number, state }) => `${kind} ${channel} ${number} ${state}`);
export const signals = async (bookingId: string) =>
  (await db.database.select().from(workflowMessages).where(eq(workflowMessages.bookingId, bookingId))).filter(
    ({ name }) => name === 'sendOtherwise',
  ).length;
export const openRow = async (plannedId: string) =>
  (
    await db.database
      .select()
      .from(followUps)
      .where(and(eq(followUps.plannedAppointmentId, plannedId), isNull(followUps.closedAt)))
  )[0];
/** Sends whatever waits, as the workflow does. */
export const deliverAll = async (delivery: Delivery, bookingId: string) => {
  const waiting = (await messagesOf(bookingId)).filter(({ state }) => state === 'waiting' || state === 'sending');
  return deliver(delivery, async () => waiting.map(({ id }) => id));
};
export const sent = (channels: Channel[], patient: Partial<typeof patients.$inferInsert> = {}) =>
  buildSent(db, built, { patient }, channels);
