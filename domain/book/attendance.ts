import { eq, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { forgetUnbooked, lockBookedFrom, rememberUnbooked } from '../followUp/unbooked.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { lockAppointment } from './entry.ts';
import type { BookEntry } from './holds.ts';
import { timeZoneOf } from './places.ts';
import { type AppointmentState, canBeCancelled, nextStates } from './rules/appointmentStates.ts';
import { localDay } from './rules/localTime.ts';
import { standsInBook } from './standing.ts';

/**
 * Takes an appointment out of the book. The planned appointment it stood for can be booked again, and its patient stands on
 * Follow Up as Unbooked. Safe to repeat.
 * @throws Refusal not_found, kept_for_patient, not_changeable once the patient sits, has left or did not come
 */
export async function cancelAppointment(tx: Tx, by: Staff, id: string): Promise<void> {
  // The booking's lock comes first, as everywhere: its workflow may just be writing this appointment.
  const bookedFrom = await lockBookedFrom(tx, by, id);
  const entry = await lockAppointment(tx, by, id);
  if (entry.status === 'cancelled') return;
  if (!canBeCancelled(entry.status)) throw new Refusal('not_changeable');
  await tx.update(bookEntries).set({ status: 'cancelled' }).where(eq(bookEntries.id, id));
  const refs = { patientId: entry.patientId!, entryId: id, ...(entry.bookingId ? { bookingId: entry.bookingId } : {}) };
  await audit(tx, by, 'appointment.cancelled', refs, { startsAt: entry.startsAt.toISOString() });
  if (bookedFrom) await rememberUnbooked(tx, by, bookedFrom);
  await notifyLive(tx, by.practiceId, 'book', 'online', 'followUp');
}

/**
 * Notes that the patient came, sits, or did not come; who did not come to what was planned stands on Follow Up as Unbooked,
 * until it turns out that they came. Setting what is set already changes nothing.
 * @throws Refusal not_found, kept_for_patient, already_departed, not_changeable (cancelled), state_not_possible
 */
export async function setState(tx: Tx, by: Staff, id: string, state: AppointmentState): Promise<void> {
  const bookedFrom = await lockBookedFrom(tx, by, id);
  const entry = await lockAppointment(tx, by, id);
  if (entry.status === state) return;
  if (entry.status === 'departed') throw new Refusal('already_departed');
  if (entry.status === 'cancelled') throw new Refusal('not_changeable');
  const timeZone = await timeZoneOf(tx, by);
  const hasCome = localDay(entry.startsAt.getTime(), timeZone) <= localDay(Date.now(), timeZone);
  if (!nextStates(entry.status, hasCome).includes(state)) throw new Refusal('state_not_possible');
  const cameAfterAll = entry.status === 'did_not_attend';
  if (cameAfterAll && (bookedFrom?.otherUnderWay || (await bookedAgain(tx, entry)))) {
    throw new Refusal('state_not_possible');
  }
  await tx.update(bookEntries).set({ status: state }).where(eq(bookEntries.id, id));
  if (bookedFrom && state === 'did_not_attend') await rememberUnbooked(tx, by, bookedFrom);
  if (bookedFrom && cameAfterAll) await forgetUnbooked(tx, by, bookedFrom);
  await audit(
    tx,
    by,
    'appointment.state',
    { patientId: entry.patientId!, entryId: id },
    { from: entry.status, to: state },
  );
  await notifyLive(tx, by.practiceId, 'book', ...(bookedFrom ? (['online', 'followUp'] as const) : []));
}

/** Whether another appointment stands in the book for the same planned one. */
async function bookedAgain(tx: Tx, { id, plannedAppointmentId }: BookEntry): Promise<boolean> {
  if (!plannedAppointmentId) return false;
  const rows = await tx.execute(sql`
    select 1 from book_entries where planned_appointment_id = ${plannedAppointmentId} and id <> ${id} and ${sql.raw(standsInBook('book_entries'))}`);
  return rows.length > 0;
}
