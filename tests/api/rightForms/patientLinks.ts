import { confirm } from '../../../domain/bookings/confirm.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { writeAppointment } from '../../../domain/bookings/steps.ts';
import { confirmationMessages } from '../../../domain/messages/automatic.ts';
import { unsubscribeToken } from '../../../domain/messages/unsubscribe.ts';
import { type BuiltPractice, testKeys } from '../../builders.ts';
import { buildSent, tokenFor } from '../../efforts.ts';
import type { FreshDatabase } from '../../engines/database.ts';
import { form, freeHour, type RightForms } from './form.ts';

export async function held(db: FreshDatabase, built: BuiltPractice) {
  const sent = await buildSent(db, built);
  await db.database.transaction((tx) => hold(tx, sent.bookingId, freeHour(built).startsAt));
  return sent;
}

export async function bookedOnline(db: FreshDatabase, built: BuiltPractice) {
  const sent = await held(db, built);
  await db.database.transaction((tx) => confirm(tx, sent.bookingId));
  await db.database.transaction((tx) => writeAppointment(tx, sent.bookingId));
  await db.database.transaction((tx) => confirmationMessages(tx, testKeys, sent.bookingId));
  return sent;
}

/** The token of an appointment's own link. */
async function appointmentToken(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  return tokenFor(db, (await bookedOnline(db, built)).bookingId, 'appointment');
}

/** The page behind *unsubscribe* in an email. */
async function subscription(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const { bookingId } = await buildSent(db, built, {}, ['email']);
  const [message] = await db.sql<{ id: string }[]>`select id from messages where booking_id = ${bookingId}`;
  return `/u/${unsubscribeToken(testKeys, message!.id)}`;
}

async function demoText(db: FreshDatabase): Promise<string> {
  const [message] = await db.sql<{ id: string }[]>`
    insert into demo_inbox (id, channel, recipient, sender, body) values (uuidv7(), 'sms', '+31600000009', 'x', 'x') returning id`;
  return message!.id;
}

export const patientLinkForms: RightForms = {
  '/inbox/carriers': form(
    async () => '/inbox/carriers',
    () => ({ channel: 'sms', mood: 'late' }),
  ),
  '/inbox/:id/reply': form(
    async (db) => `/inbox/${await demoText(db)}/reply`,
    () => ({ body: 'Could it be later?' }),
  ),
  '/u/:token/opting-out': form(async (db, built) => `${await subscription(db, built)}/opting-out`),
  '/u/:token/opting-in': form(async (db, built) => `${await subscription(db, built)}/opting-in`),
  '/u/:token/language': form(
    async (db, built) => `${await subscription(db, built)}/language`,
    () => ({ language: 'nl' }),
  ),
  '/a/:token/language': form(
    async (db, built) => `/a/${await appointmentToken(db, built)}/language`,
    () => ({ language: 'nl' }),
  ),
  '/b/:token/language': form(
    async (db, built) => `/b/${(await buildSent(db, built)).token}/language`,
    () => ({ language: 'nl' }),
  ),
  '/b/:token/answer': form(
    async (db, built) => `/b/${(await buildSent(db, built)).token}/answer`,
    () => ({ answer: 'call_me' }),
  ),
  '/b/:token/hold': form(
    async (db, built) => `/b/${(await buildSent(db, built)).token}/hold`,
    (built) => ({ startsAt: String(freeHour(built).startsAt.getTime()), from: '' }),
  ),
  '/b/:token/hold/extension': form(async (db, built) => `/b/${(await held(db, built)).token}/hold/extension`),
  '/b/:token/confirmation': form(async (db, built) => `/b/${(await held(db, built)).token}/confirmation`),
};
