import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerLink } from '../../domain/bookings/answer.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { sendLink } from '../../domain/bookings/sendLink.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import { depart, undoDeparture } from '../../domain/departures/depart.ts';
import { postpone } from '../../domain/departures/postpone.ts';
import * as tables from '../../drizzle/schema/index.ts';
import {
  type BuiltPractice,
  buildAppointment,
  buildPatient,
  buildPlanned,
  buildPractice,
  inDays,
  testKeys,
} from '../builders.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let worker: TestWorker;
let minute = 0;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  worker = await startTestWorker(db);
});

afterAll(async () => {
  await worker?.stop();
  await db?.drop();
});

/** A patient who has just left, with one planned appointment To Be Booked. */
async function departing() {
  const patient = await buildPatient(db, built);
  const planned = await buildPlanned(db, built, patient.id);
  minute += 30;
  const appointment = await buildAppointment(db, built, patient.id, minute);
  const { bookingIds, departureId } = await db.database.transaction((tx) => depart(tx, built.staff, appointment.id));
  const [task] = await eventually(
    () => db.database.select().from(tables.departureTasks).where(eq(tables.departureTasks.bookingId, bookingIds[0]!)),
    ([found]) => found?.guardedAt !== null,
  );
  return { patient, planned, departureId, bookingId: bookingIds[0]!, taskId: task!.id };
}

const booking = async (id: string) =>
  (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, id)))[0]!;
const settled = (id: string) =>
  eventually(
    () => booking(id),
    ({ settledAt }) => settledAt !== null,
  );
const followUpOf = async (plannedId: string) =>
  (await db.database.select().from(tables.followUps).where(eq(tables.followUps.plannedAppointmentId, plannedId))).at(
    -1,
  );

describe('a booking', () => {
  it('goes from departure to an appointment that the patient chose online', async () => {
    const { bookingId, taskId, planned } = await departing();
    await db.database.transaction((tx) => sendLink(tx, testKeys, built.staff, taskId, ['sms', 'email']));
    expect((await followUpOf(planned.id))?.category).toBe('olb_link_sent');
    await eventually(
      () => db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId)),
      (messages) => messages.length === 2 && messages.every(({ state }) => state === 'sent'),
    );

    const startsAt = inDays(built, 3, 600);
    expect(await db.database.transaction((tx) => hold(tx, bookingId, startsAt))).toMatchObject({ taken: false });
    expect(await db.database.transaction((tx) => confirm(tx, bookingId))).toMatchObject({ taken: false, startsAt });

    expect(await settled(bookingId)).toMatchObject({ state: 'booked_online' });
    const [appointment] = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.bookingId, bookingId));
    expect(appointment).toMatchObject({ kind: 'appointment', status: 'booked', madeBy: 'online', startsAt });
    expect(await followUpOf(planned.id)).toMatchObject({ closedReason: 'booked_online' });
    const usage = await db.database
      .select()
      .from(tables.usageEvents)
      .where(eq(tables.usageEvents.appointmentId, appointment!.id));
    expect(usage).toHaveLength(1);
    const inbox = await db.database.select().from(tables.demoInbox);
    expect(inbox).toHaveLength(4);
    const handle = worker.client.workflow.getHandle(workflowIdOf(bookingId));
    expect(await handle.result()).toBe('booked_online');
    const history = await handle.fetchHistory();
    expect(history.events!.length).toBeLessThanOrEqual(60);
  });

  it('ends when it is booked at the desk', async () => {
    const { bookingId, planned } = await departing();
    const time = {
      providerId: built.providers[0]!.id,
      chairIds: [built.chairs[0]!.id],
      startsAt: inDays(built, 4, 600),
    };
    expect(await db.database.transaction((tx) => bookAtDesk(tx, built.staff, bookingId, time))).toMatchObject({
      taken: false,
    });
    expect(await settled(bookingId)).toMatchObject({ state: 'booked_at_desk' });
    expect(await followUpOf(planned.id)).toBeUndefined();
  });

  it('is put off to Follow Up, with the reason', async () => {
    const { bookingId, taskId, planned } = await departing();
    await db.database.transaction((tx) =>
      postpone(tx, built.staff, taskId, { reason: 'Calls back in spring', dueOn: null }),
    );
    expect(await settled(bookingId)).toMatchObject({ state: 'postponed' });
    expect(await followUpOf(planned.id)).toMatchObject({
      category: 'postponed',
      note: 'Calls back in spring',
      closedAt: null,
    });
  });

  it('comes to nothing when the departure is undone', async () => {
    const { bookingId, departureId } = await departing();
    await db.database.transaction((tx) => undoDeparture(tx, built.staff, departureId));
    expect(await settled(bookingId)).toMatchObject({ state: 'undone' });
  });

  it('goes to Follow Up as Unbooked when the day ends', async () => {
    const { bookingId, planned } = await departing();
    await db.database
      .update(tables.bookings)
      .set({ departureEndsAt: new Date() })
      .where(eq(tables.bookings.id, bookingId));
    await worker.client.workflow.getHandle(workflowIdOf(bookingId)).signal('postponed', '0');
    expect(await settled(bookingId)).toMatchObject({ state: 'unbooked' });
    expect(await followUpOf(planned.id)).toMatchObject({ category: 'unbooked' });
  });

  it('reminds once, and expires when the patient does not choose', async () => {
    const { bookingId, taskId, planned } = await departing();
    await db.database.transaction((tx) => sendLink(tx, testKeys, built.staff, taskId, ['email']));
    await db.database
      .update(tables.bookings)
      .set({ reminderTimes: [new Date(Date.now() + 200)] })
      .where(eq(tables.bookings.id, bookingId));
    const wake = () => worker.client.workflow.getHandle(workflowIdOf(bookingId)).signal('sendLink', '0');
    await wake();
    await eventually(
      () => db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId)),
      (sent) => sent.length === 2,
    );
    await db.database
      .update(tables.bookings)
      .set({ linkExpiresAt: new Date() })
      .where(eq(tables.bookings.id, bookingId));
    await wake();
    expect(await settled(bookingId)).toMatchObject({ state: 'expired' });
    const messages = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
    expect(messages.map(({ kind }) => kind).sort()).toEqual(['link', 'reminder']);
    expect(await followUpOf(planned.id)).toMatchObject({ category: 'olb_link_expired' });
  });

  it('reminds nobody who answered instead of choosing, and leaves them to reception when the link ends', async () => {
    const { bookingId, taskId, planned } = await departing();
    await db.database.transaction((tx) => sendLink(tx, testKeys, built.staff, taskId, ['email']));
    await db.database.transaction(async (tx) => {
      await tx
        .update(tables.bookings)
        .set({ reminderTimes: [new Date(Date.now() + 800)], linkExpiresAt: new Date(Date.now() + 2_000) })
        .where(eq(tables.bookings.id, bookingId));
      await answerLink(tx, bookingId, 'call_me');
    });
    expect(await settled(bookingId)).toMatchObject({ state: 'expired', answer: 'call_me' });
    const messages = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
    expect(messages.map(({ kind }) => kind)).toEqual(['link']);
    expect(await followUpOf(planned.id)).toMatchObject({ category: 'call_requested', closedAt: null });
  });
});
