import { and, eq } from 'drizzle-orm';
import { localDay } from '../domain/book/rules/localTime.ts';
import { confirm } from '../domain/bookings/confirm.ts';
import { hold } from '../domain/bookings/hold.ts';
import { tokenOf } from '../domain/bookings/links.ts';
import { sendLink } from '../domain/bookings/sendLink.ts';
import { moveOffFollowUp, recordUsage, writeAppointment } from '../domain/bookings/steps.ts';
import { depart } from '../domain/departures/depart.ts';
import type { Channel } from '../domain/messages/freeze.ts';
import type { Connection } from '../drizzle/database.ts';
import * as tables from '../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPatients, buildPlanned, inDays, testKeys } from './builders.ts';

type Db = Pick<Connection, 'database'>;
interface Overrides {
  patient?: Parameters<typeof buildPatient>[2];
  planned?: Parameters<typeof buildPlanned>[3];
}

let minute = 0;

/** Ever another half hour of last night, when nobody books anything. Any number of them fit into it: they may overlap. */
export async function buildVisit({ database }: Db, built: BuiltPractice, patientId: string) {
  minute = (minute + 30) % 360;
  const startsAt = inDays(built, 0, minute);
  const [entry] = await database
    .insert(tables.bookEntries)
    .values({
      practiceId: built.practice.id,
      locationId: built.location.id,
      kind: 'appointment',
      status: 'in_chair',
      patientId,
      providerId: built.providers[0]!.id,
      chairId: built.chairs[0]!.id,
      startsAt,
      endsAt: new Date(startsAt.getTime() + 30 * 60_000),
      overlapAllowed: true,
    })
    .returning();
  return entry!;
}

/** A patient who has just left, with one planned appointment To Be Booked and its task. */
export async function buildDeparting(db: Db, built: BuiltPractice, { patient: more, planned: other }: Overrides = {}) {
  const patient = await buildPatient(db, built, more);
  const planned = await buildPlanned(db, built, patient.id, other);
  const appointment = await buildVisit(db, built, patient.id);
  const { bookingIds, departureId } = await db.database.transaction((tx) => depart(tx, built.staff, appointment.id));
  const bookingId = bookingIds[0]!;
  const [task] = await db.database
    .select()
    .from(tables.departureTasks)
    .where(eq(tables.departureTasks.bookingId, bookingId));
  return { patient, planned, appointment, departureId, bookingId, taskId: task!.id };
}

/** The same patient, to whom the link was sent: its token is what the message carries. */
export async function buildSent(
  db: Db,
  built: BuiltPractice,
  more: Overrides = {},
  channels: Channel[] = ['sms', 'email'],
) {
  const departing = await buildDeparting(db, built, more);
  await db.database.transaction((tx) => sendLink(tx, testKeys, built.staff, departing.taskId, channels));
  const [followUp] = await db.database
    .select()
    .from(tables.followUps)
    .where(eq(tables.followUps.bookingId, departing.bookingId));
  return { ...departing, followUpId: followUp!.id, token: await tokenFor(db, departing.bookingId) };
}

/** All messages of a booking have left, long enough ago to be sent once more. */
export const leftLongAgo = ({ database }: Db, bookingId: string) =>
  database
    .update(tables.messages)
    .set({ state: 'sent', createdAt: new Date(Date.now() - 300_000), sentAt: new Date(Date.now() - 299_000) })
    .where(eq(tables.messages.bookingId, bookingId));

/** So many patients whose links are out, by their rows alone: without departure, messages and link. */
export async function buildLinksOut(db: Db, built: BuiltPractice, many: number) {
  const { practice, location, providers, services } = built;
  const practiceId = practice.id;
  const patients = await buildPatients(db, built, many);
  const plans = await db.database
    .insert(tables.treatmentPlans)
    .values(patients.map(({ id }) => ({ practiceId, patientId: id, name: 'Plan' })))
    .returning();
  const planned = await db.database
    .insert(tables.plannedAppointments)
    .values(
      plans.map(({ id, patientId }) => ({
        practiceId,
        patientId,
        treatmentPlanId: id,
        position: 1,
        providerId: providers[0]!.id,
        description: 'Filling',
        toBeBooked: true,
      })),
    )
    .returning();
  await db.database.insert(tables.plannedServices).values(
    planned.map(({ id }) => ({
      practiceId,
      plannedAppointmentId: id,
      serviceId: services[0]!.id,
      estimatedMinutes: 30,
    })),
  );
  const bookings = await db.database
    .insert(tables.bookings)
    .values(
      planned.map(({ id, patientId, requirementVersion }) => ({
        practiceId,
        patientId,
        plannedAppointmentId: id,
        requirementVersion,
        locationId: location.id,
        number: 1,
        state: 'link_sent' as const,
        visitDay: localDay(Date.now(), practice.timeZone),
        departureEndsAt: inDays(built, 1, 0),
        linkSentAt: new Date(),
        linkExpiresAt: inDays(built, 15, 0),
      })),
    )
    .returning();
  const followUps = await db.database
    .insert(tables.followUps)
    .values(
      bookings.map(({ id, patientId, plannedAppointmentId }) => ({
        practiceId,
        patientId,
        plannedAppointmentId,
        bookingId: id,
        category: 'olb_link_sent' as const,
      })),
    )
    .returning();
  return bookings.map(({ id }, index) => ({
    bookingId: id,
    planned: planned[index]!,
    followUpId: followUps[index]!.id,
  }));
}

/** The token of a booking's newest link for a purpose. */
export async function tokenFor(
  { database }: Db,
  bookingId: string,
  purpose: 'choose' | 'appointment' = 'choose',
): Promise<string> {
  const links = await database.select().from(tables.bookingLinks).where(eq(tables.bookingLinks.bookingId, bookingId));
  const link = links.filter((one) => one.purpose === purpose).sort((a, b) => b.version - a.version)[0]!;
  return tokenOf(testKeys, link);
}

/** The same patient after they booked online: the time chosen, confirmed and written, and counted in the report. */
export async function buildBookedOnline(
  db: Db,
  built: BuiltPractice,
  { startsAt, provider = 0, confirmedAt }: { startsAt: Date; provider?: number; confirmedAt?: Date },
) {
  const sent = await buildSent(db, built, { planned: { providerId: built.providers[provider]!.id } });
  const { bookingId } = sent;
  await db.database.transaction(async (tx) => {
    await hold(tx, bookingId, startsAt);
    await confirm(tx, bookingId);
    if (confirmedAt) await tx.update(tables.bookings).set({ confirmedAt }).where(eq(tables.bookings.id, bookingId));
    await writeAppointment(tx, bookingId);
    await moveOffFollowUp(tx, bookingId);
    await recordUsage(tx, bookingId);
  });
  const [entry] = await db.database
    .select()
    .from(tables.bookEntries)
    .where(and(eq(tables.bookEntries.bookingId, bookingId), eq(tables.bookEntries.kind, 'appointment')));
  return { ...sent, startsAt, entryId: entry!.id };
}
