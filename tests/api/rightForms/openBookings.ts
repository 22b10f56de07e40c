import { eq } from 'drizzle-orm';
import { confirmationMessages } from '../../../domain/messages/automatic.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, testKeys } from '../../builders.ts';
import { buildBookedOnline, buildSent } from '../../efforts.ts';
import type { FreshDatabase } from '../../engines/database.ts';
import { below, form, freeHour, nextNumber, type RightForms } from './form.ts';

const sent = async (db: FreshDatabase, built: BuiltPractice) => `/bookings/${(await buildSent(db, built)).bookingId}`;
const sentBySms = async (db: FreshDatabase, built: BuiltPractice) =>
  `/bookings/${(await buildSent(db, built, {}, ['sms'])).bookingId}`;

/** Booked, and nobody knows whether the confirmation left. */
async function uncertain(db: FreshDatabase, built: BuiltPractice): Promise<string> {
  const { bookingId } = await buildBookedOnline(db, built, { startsAt: freeHour(built).startsAt });
  await db.database.transaction((tx) => confirmationMessages(tx, testKeys, bookingId));
  await db.database
    .update(tables.messages)
    .set({ state: 'uncertain', reason: 'lookup_failed' })
    .where(eq(tables.messages.bookingId, bookingId));
  return `/bookings/${bookingId}`;
}

export const openBookingForms: RightForms = {
  '/bookings/patient': async (db, built) => {
    const lastName = `Wanted${nextNumber()}`;
    await buildPatient(db, built, { lastName });
    return { url: '/bookings/patient', fields: { name: lastName } };
  },
  '/bookings/:id/attempt': form(below('/attempt', sent)),
  '/bookings/:id/link': form(below('/link', sentBySms), () => ({ channels: ['email'] })),
  '/bookings/:id/contacts': form(below('/contacts', sent), () => ({
    mobile: '+31600000002',
    email: 'other@example.com',
    contactOwner: 'parent',
  })),
  '/bookings/:id/confirmation': form(below('/confirmation', uncertain)),
  '/bookings/:id/desk': form(below('/desk', sent), () => ({ note: 'Please telephone' })),
  '/bookings/:id/closing': form(below('/closing', sent), () => ({ reason: 'Moved away' })),
};
