import { and, eq, gte, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import {
  bookEntries,
  bookings,
  departures,
  departureTasks,
  plannedAppointments,
  practices,
} from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { addDays, localDay, startOfDay } from '../book/rules/localTime.ts';
import { endOfDepartureDay } from '../book/rules/reminders.ts';
import { standsInBook } from '../book/standing.ts';
import { lockBooking, lockOpenBookingOf, moveTo, tellWorkflow } from '../bookings/bookings.ts';
import { toBooking } from '../contract.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { closeTaskOf } from './tasks.ts';

export interface Departed {
  departureId: string;
  /** The bookings that were opened, one for each planned appointment To Be Booked. */
  bookingIds: string[];
}

/**
 * Checks a patient out of today's appointments: one departure however many they are, and one booking, with its task and its
 * workflow's start, for each planned appointment that is To Be Booked and not in the book. Safe to repeat.
 * @throws Refusal not_found, no_appointment_today
 */
export async function depart(tx: Tx, by: Staff, appointmentId: string): Promise<Departed> {
  const appointment = await todaysAppointment(tx, by, appointmentId);
  const { day } = appointment;
  const departure = await writeDeparture(tx, by, appointment);
  await tx
    .update(bookEntries)
    .set({ status: 'departed', statusBeforeDeparture: sql`${bookEntries.status}`, departureId: departure.id })
    .where(and(ofPatientsDay(appointment), inArray(bookEntries.status, ['booked', 'arrived', 'in_chair'])));

  const bookingIds: string[] = [];
  if (appointment.appointmentWorkflow) {
    for (const planned of await toBeBooked(tx, appointment.patientId)) {
      const id = await openBooking(
        tx,
        appointment,
        departure.id,
        planned,
        endOfDepartureDay(day, appointment.timeZone),
      );
      if (id) bookingIds.push(id);
    }
  }
  await audit(
    tx,
    by,
    'departure.written',
    { patientId: appointment.patientId, entryId: appointment.id },
    { bookings: bookingIds.length },
  );
  await notifyLive(tx, by.practiceId, 'book', 'tasks');
  return { departureId: departure.id, bookingIds };
}

/**
 * Takes a wrong departure back: its appointments are again what they were, its bookings come to nothing. A booking whose
 * planned appointment was withdrawn meanwhile, before any link was sent, has come to nothing already.
 * @throws Refusal not_found, already_closed (undone before), departure_dealt_with once one of its tasks was done
 */
export async function undoDeparture(tx: Tx, by: Staff, departureId: string): Promise<{ locationId: string }> {
  const [departure] = await tx
    .select()
    .from(departures)
    .where(and(eq(departures.id, departureId), eq(departures.practiceId, by.practiceId)));
  if (!departure) throw new Refusal('not_found');
  const opened = await tx
    .select({ id: bookings.id })
    .from(bookings)
    .where(eq(bookings.departureId, departureId))
    .orderBy(bookings.id);
  for (const { id } of opened) {
    const booking = await lockBooking(tx, id);
    if (booking.state === 'undone' || (booking.state === 'withdrawn' && !booking.linkSentAt)) continue;
    if (booking.state !== 'departing') throw new Refusal('departure_dealt_with');
    await moveTo(tx, booking, 'undone');
    await closeTaskOf(tx, id, 'undone');
    await tellWorkflow(tx, booking, toBooking.departureUndone);
  }
  const undone = await tx
    .update(departures)
    .set({ undoneAt: new Date() })
    .where(and(eq(departures.id, departureId), isNull(departures.undoneAt)))
    .returning({ id: departures.id });
  if (undone.length === 0) throw new Refusal('already_closed');
  await tx
    .update(bookEntries)
    .set({
      status: sql`coalesce(${bookEntries.statusBeforeDeparture}, 'in_chair')`,
      statusBeforeDeparture: null,
      departureId: null,
    })
    .where(and(eq(bookEntries.departureId, departureId), eq(bookEntries.status, 'departed')));
  await audit(tx, by, 'departure.undone', { patientId: departure.patientId });
  await notifyLive(tx, by.practiceId, 'book', 'tasks');
  return { locationId: departure.locationId };
}

export interface TodaysAppointment {
  id: string;
  practiceId: string;
  patientId: string;
  locationId: string;
  timeZone: string;
  appointmentWorkflow: boolean;
  /** Today in the practice's zone. */
  day: string;
}

/** An appointment of the practice's today. @throws Refusal not_found, no_appointment_today */
export async function todaysAppointment(tx: Tx, by: Staff, appointmentId: string): Promise<TodaysAppointment> {
  const [row] = await tx
    .select({ entry: bookEntries, timeZone: practices.timeZone, appointmentWorkflow: practices.appointmentWorkflow })
    .from(bookEntries)
    .innerJoin(practices, eq(practices.id, bookEntries.practiceId))
    .where(
      and(
        eq(bookEntries.id, appointmentId),
        eq(bookEntries.practiceId, by.practiceId),
        eq(bookEntries.kind, 'appointment'),
      ),
    );
  if (!row) throw new Refusal('not_found');
  const { entry, timeZone, appointmentWorkflow } = row;
  const day = localDay(Date.now(), timeZone);
  const canDepart = ['booked', 'arrived', 'in_chair', 'departed'].includes(entry.status);
  if (!canDepart || localDay(entry.startsAt.getTime(), timeZone) !== day) throw new Refusal('no_appointment_today');
  const { id, practiceId, locationId } = entry;
  return { id, practiceId, patientId: entry.patientId!, locationId, timeZone, appointmentWorkflow, day };
}

async function writeDeparture(tx: Tx, by: Staff, { patientId, practiceId, locationId, day }: TodaysAppointment) {
  await tx
    .insert(departures)
    .values({ practiceId, patientId, locationId, day, departedBy: by.userId })
    .onConflictDoNothing();
  const [departure] = await tx
    .select({ id: departures.id })
    .from(departures)
    .where(and(eq(departures.patientId, patientId), eq(departures.day, day), isNull(departures.undoneAt)))
    .for('update');
  return departure!;
}

/** Planned appointments To Be Booked that have no living appointment in the book. */
async function toBeBooked(tx: Tx, patientId: string) {
  return tx
    .select({ id: plannedAppointments.id, version: plannedAppointments.requirementVersion })
    .from(plannedAppointments)
    .where(
      and(
        eq(plannedAppointments.patientId, patientId),
        plannedAppointments.toBeBooked,
        isNull(plannedAppointments.deletedAt),
        sql`not exists (select from ${bookEntries} where ${bookEntries.plannedAppointmentId} = ${plannedAppointments.id}
          and ${sql.raw(standsInBook('book_entries'))})`,
      ),
    )
    .orderBy(plannedAppointments.position);
}

/** Asked under the planned appointment's lock: a provider may have unticked it a moment ago. */
async function isStillToBeBooked(tx: Tx, id: string): Promise<boolean> {
  const [planned] = await tx
    .select({ toBeBooked: plannedAppointments.toBeBooked })
    .from(plannedAppointments)
    .where(and(eq(plannedAppointments.id, id), isNull(plannedAppointments.deletedAt)));
  return planned?.toBeBooked ?? false;
}

/** Opens the next booking of a planned appointment; null where an effort is under way already (a link that was sent). */
async function openBooking(
  tx: Tx,
  { practiceId, patientId, locationId, day }: TodaysAppointment,
  departureId: string,
  planned: { id: string; version: number },
  departureEndsAt: number,
): Promise<string | null> {
  if (await lockOpenBookingOf(tx, planned.id)) return null;
  if (!(await isStillToBeBooked(tx, planned.id))) return null;
  const [booking] = await tx
    .insert(bookings)
    .values({
      practiceId,
      patientId,
      locationId,
      departureId,
      plannedAppointmentId: planned.id,
      number: sql`(select coalesce(max(earlier.number), 0) + 1 from ${bookings} earlier where earlier.planned_appointment_id = ${planned.id})`,
      state: 'departing',
      visitDay: day,
      departureEndsAt: new Date(departureEndsAt),
      requirementVersion: planned.version,
    })
    .onConflictDoNothing()
    .returning({ id: bookings.id });
  if (!booking) return null;
  await tx.insert(departureTasks).values({ practiceId, locationId, departureId, bookingId: booking.id });
  await tellWorkflow(tx, { id: booking.id, practiceId }, toBooking.departed);
  return booking.id;
}

const ofPatientsDay = ({ patientId, day, timeZone }: TodaysAppointment) =>
  and(
    eq(bookEntries.patientId, patientId),
    eq(bookEntries.kind, 'appointment'),
    gte(bookEntries.startsAt, new Date(startOfDay(day, timeZone))),
    lt(bookEntries.startsAt, new Date(startOfDay(addDays(day, 1), timeZone))),
  );
