import { eq } from 'drizzle-orm';
import { instantAt, localDay } from '../domain/book/rules/localTime.ts';
import { hold } from '../domain/bookings/hold.ts';
import { tokenOf } from '../domain/bookings/links.ts';
import { sendLink } from '../domain/bookings/sendLink.ts';
import { depart } from '../domain/departures/depart.ts';
import type { Channel } from '../domain/messages/templates.ts';
import * as tables from '../drizzle/schema/index.ts';
import { Browser, expectStatus } from './browser.ts';
import { atOnce } from './figure.ts';
import type { Book } from './ground.ts';
import { password, zone } from './practice.ts';
import { linkKeys } from './processes.ts';

/** A patient in the chair, with one planned appointment of half an hour, To Be Booked. */
export interface InTheChair {
  patientId: string;
  plannedId: string;
  appointmentId: string;
}

/** Patients from the `first` on; each figure takes others. Their appointments overlap, since today has too few chairs. */
export async function inTheChair({ database, practice }: Book, count: number): Promise<InTheChair[]> {
  const practiceId = practice.id;
  const patients = await database
    .select({ id: tables.patients.id })
    .from(tables.patients)
    .orderBy(tables.patients.number)
    .limit(count);
  const provider = (i: number) => practice.providerIds[i % 4]!;
  const plans = await database
    .insert(tables.treatmentPlans)
    .values(patients.map(({ id: patientId }) => ({ practiceId, patientId, name: 'Plan' })))
    .returning();
  const planned = await database
    .insert(tables.plannedAppointments)
    .values(
      plans.map(({ id, patientId }, i) => ({
        practiceId,
        patientId,
        treatmentPlanId: id,
        position: 1,
        providerId: provider(i),
        description: 'Filling',
        toBeBooked: true,
      })),
    )
    .returning();
  await database.insert(tables.plannedServices).values(
    planned.map(({ id }) => ({
      practiceId,
      plannedAppointmentId: id,
      serviceId: practice.serviceId,
      estimatedMinutes: 30,
    })),
  );
  const startsAt = new Date(instantAt(localDay(Date.now(), zone), 600, zone));
  const endsAt = new Date(startsAt.getTime() + 1_800_000);
  const appointments = await database
    .insert(tables.bookEntries)
    .values(
      planned.map(({ patientId }, i) => ({
        practiceId,
        locationId: practice.locationId,
        kind: 'appointment' as const,
        status: 'in_chair' as const,
        patientId,
        startsAt,
        endsAt,
        providerId: provider(i),
        chairId: practice.chairIds[i % 4]!,
        overlapAllowed: true,
      })),
    )
    .returning({ id: tables.bookEntries.id });
  return planned.map(({ id, patientId }, i) => ({ patientId, plannedId: id, appointmentId: appointments[i]!.id }));
}

/** A booking whose link is out, by every channel on file. */
export interface LinkSent extends InTheChair {
  bookingId: string;
  token: string;
}

export async function linksSent(
  book: Book,
  count: number,
  channels: Channel[] = ['sms', 'email'],
): Promise<LinkSent[]> {
  const { database, practice } = book;
  const sent: LinkSent[] = [];
  await atOnce(await inTheChair(book, count), 8, async (patient, i) => {
    const bookingId = await database.transaction(
      async (tx) => (await depart(tx, practice.staff, patient.appointmentId)).bookingIds[0]!,
    );
    const [task] = await database
      .select()
      .from(tables.departureTasks)
      .where(eq(tables.departureTasks.bookingId, bookingId));
    await database.transaction((tx) => sendLink(tx, linkKeys, practice.staff, task!.id, channels));
    const [link] = await database
      .select()
      .from(tables.bookingLinks)
      .where(eq(tables.bookingLinks.bookingId, bookingId));
    sent[i] = { ...patient, bookingId, token: tokenOf(linkKeys, link!) };
  });
  return sent;
}

/** Waits until the workflows have delivered all links and wait for their patients. */
export const allDelivered = ({ sql }: Book, seconds = 60) =>
  patiently(seconds, async () => {
    const [row] = await sql`
      select (select count(*) from messages where kind = 'link' and sent_at is null)
        + (select count(*) from workflow_messages where sent_at is null) as waiting`;
    return Number(row!.waiting) === 0;
  });

async function patiently(seconds: number, holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 0.1) {
    if (waited > seconds) throw new Error(`the workflows did not come to rest in ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Sets a time aside for the i-th patient: each has a half hour of their own, beyond the days that are full. */
export async function holdTime({ database, practice }: Book, { bookingId }: LinkSent, i: number): Promise<void> {
  const day = practice.workingDays[60 + Math.floor(i / 80)]!;
  const startsAt = new Date(instantAt(day, 480 + 30 * (Math.floor(i / 4) % 20), zone));
  const held = await database.transaction((tx) => hold(tx, bookingId, startsAt));
  if (held.taken) throw new Error('a time that nobody else wants is taken');
}

/** The patients' browser: their forms' token, and an address for each, as they come from many. */
export async function patientsBrowser(url: string, token: string) {
  const browser = new Browser(url);
  expectStatus(await browser.get(`/b/${token}?choose=1`), 200);
  return {
    confirm: async ({ token: theirs }: LinkSent, i: number) =>
      expectStatus(await browser.post(`/b/${theirs}/confirmation`, {}, `10.0.${i >> 8}.${i & 255}`), 303),
  };
}

export async function receptionistsBrowser(url: string, { practice }: Book): Promise<Browser> {
  const browser = new Browser(url);
  await browser.get('/sign-in');
  expectStatus(await browser.post('/sign-in', { email: practice.email, password }), 303);
  expectStatus(await browser.get('/book'), 200);
  return browser;
}
