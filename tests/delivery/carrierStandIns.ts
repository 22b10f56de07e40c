import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { sendLink } from '../../domain/bookings/sendLink.ts';
import { depart } from '../../domain/departures/depart.ts';
import { type Delivery, deliver } from '../../domain/messages/deliver.ts';
import type { Channel } from '../../domain/messages/freeze.ts';
import * as tables from '../../drizzle/schema/index.ts';
import type { CarrierError } from '../../gateways/carrier.ts';
import { createCarriers } from '../../gateways/carriers.ts';
import {
  type BuiltPractice,
  buildAppointment,
  buildPatient,
  buildPlanned,
  buildPractice,
  testKeys,
} from '../builders.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { type ResendStandIn, startResendStandIn } from '../gateways/resendStandIn.ts';
import { startTwilioStandIn, type TwilioStandIn } from '../gateways/twilioStandIn.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
export let twilio: TwilioStandIn;
export let resend: ResendStandIn;
export let delivery: Delivery;
let minute = 0;

/** A practice whose carriers are stand-ins that speak as Twilio and Resend do, new ones for each test. */
export function useStandIns(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    built = await buildPractice(db);
  });
  afterAll(() => db?.drop());
  beforeEach(async () => {
    [twilio, resend] = await Promise.all([startTwilioStandIn(), startResendStandIn()]);
    const carriers = createCarriers({ twilio: twilio.settings, resend: resend.settings }, db.sql);
    delivery = { database: db.database, carriers, keys: testKeys, publicUrl: 'https://v.example' };
  });
  afterEach(() => Promise.all([twilio.stop(), resend.stop()]));
}

/** A message of a link that was just sent; its id. */
export async function waiting(channel: Channel, patientChanges: Partial<typeof tables.patients.$inferInsert> = {}) {
  const patient = await buildPatient(db, built, patientChanges);
  await buildPlanned(db, built, patient.id);
  minute += 30;
  const appointment = await buildAppointment(db, built, patient.id, minute);
  const [bookingId] = (await db.database.transaction((tx) => depart(tx, built.staff, appointment.id))).bookingIds;
  const { departureTasks } = tables;
  const [task] = await db.database.select().from(departureTasks).where(eq(departureTasks.bookingId, bookingId!));
  await db.database.transaction((tx) => sendLink(tx, testKeys, built.staff, task!.id, [channel]));
  const [message] = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId!));
  return message!.id;
}

export const row = async (id: string) =>
  (await db.database.select().from(tables.messages).where(eq(tables.messages.id, id)))[0]!;
export const change = (id: string, changes: object) =>
  db.database.update(tables.messages).set(changes).where(eq(tables.messages.id, id));
/** As if the last attempt had begun long enough ago to be over. */
export const later = (id: string) => change(id, { attemptStartedAt: sql`clock_timestamp() - interval '31 seconds'` });
export const failureOf = (id: string) =>
  deliver(delivery, async () => [id]).then(
    () => expect.fail('no other attempt is wanted'),
    (error) => error as CarrierError,
  );
