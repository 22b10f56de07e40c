import { eq } from 'drizzle-orm';
import { expect } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { buildPatient, buildPlanned } from '../builders.ts';
import { buildVisit } from '../efforts.ts';
import { built, db, desk } from './reception.ts';

/** A patient in the chair, with one planned appointment. */
export async function inTheChair(
  planned: Parameters<typeof buildPlanned>[3] = {},
  patient: Parameters<typeof buildPatient>[2] = {},
) {
  const person = await buildPatient(db, built, patient);
  const plan = await buildPlanned(db, built, person.id, planned);
  const appointment = await buildVisit(db, built, person.id);
  return { person, plan, appointment, url: `/book/appointments/${appointment.id}/departure` };
}

/** The window's fields as they stand. */
export const asItStands = (id: string, more: Record<string, string | undefined> = {}) => ({
  [`book.${id}`]: 'on',
  [`length.${id}`]: '',
  [`description.${id}`]: 'Filling',
  [`note.${id}`]: '',
  [`provider.${id}`]: built.providers[0]!.id,
  [`interval.${id}`]: '',
  ...more,
});

/** The same after their departure, and where their task's actions are. */
export async function departed(
  planned?: Parameters<typeof buildPlanned>[3],
  patient?: Parameters<typeof buildPatient>[2],
) {
  const leaving = await inTheChair(planned, patient);
  expect((await desk.post(leaving.url, asItStands(leaving.plan.id))).statusCode).toBe(303);
  const [booking] = await db.database
    .select()
    .from(tables.bookings)
    .where(eq(tables.bookings.patientId, leaving.person.id));
  const [task] = await db.database
    .select()
    .from(tables.departureTasks)
    .where(eq(tables.departureTasks.bookingId, booking!.id));
  return { ...leaving, booking: booking!, task: task!, taskUrl: `/departure-tasks/${task!.id}` };
}

/** Where the form in an entry's card leads that undoes its departure. */
export async function departureInBook(entryId: string): Promise<string | null> {
  const [, card] = (await desk.get('/book')).body.split(`id="entry-${entryId}"`);
  return /^(?:(?!<li).)*? action="(\/departures\/[^"]+\/undo)"/s.exec(card!)?.[1] ?? null;
}
export const entryNow = async (id: string) =>
  (await db.database.select().from(tables.bookEntries).where(eq(tables.bookEntries.id, id)))[0]!;
export const taskNow = async (id: string) =>
  (await db.database.select().from(tables.departureTasks).where(eq(tables.departureTasks.id, id)))[0]!;

export const settings = {
  workflow: (appointmentWorkflow: boolean) =>
    db.database.update(tables.practices).set({ appointmentWorkflow }).where(eq(tables.practices.id, built.practice.id)),
  chairs: (active: boolean) =>
    db.database.update(tables.chairs).set({ active }).where(eq(tables.chairs.practiceId, built.practice.id)),
};
export type Settings = typeof settings;
