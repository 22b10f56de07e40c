import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { deletePlannedAppointment } from '../../../domain/chart/plans.ts';
import { readChart } from '../../../domain/chart/read.ts';
import { depart } from '../../../domain/departures/depart.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildAppointment, buildPatient, buildPlanned } from '../../builders.ts';
import { built, change, db, inTransaction, read, refusal, useCharts, versionOf } from './charts.ts';

useCharts();

describe('what an effort to book learns', () => {
  async function departed() {
    const patient = await buildPatient(db, built);
    const planned = await buildPlanned(db, built, patient.id);
    const appointment = await buildAppointment(db, built, patient.id, departed.minute, 1);
    departed.minute += 30;
    const { bookingIds } = await inTransaction((tx) => depart(tx, built.staff, appointment.id));
    return { planned, bookingId: bookingIds[0]!, patient };
  }
  departed.minute = 0;

  const booking = async (id: string) =>
    (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, id)))[0]!;
  const taskOf = async (id: string) =>
    (await db.database.select().from(tables.departureTasks).where(eq(tables.departureTasks.bookingId, id)))[0]!;

  it('ends when the planned appointment is unticked', async () => {
    const { planned, bookingId } = await departed();
    await change(planned.id, { toBeBooked: false });
    expect(await booking(bookingId)).toMatchObject({ state: 'withdrawn' });
    expect(await taskOf(bookingId)).toMatchObject({ outcome: 'withdrawn' });
    expect(await read(planned.id)).toMatchObject({ toBeBooked: false, booking: null });
  });

  it('ends when the planned appointment is deleted', async () => {
    const { planned, bookingId, patient } = await departed();
    await inTransaction((tx) => deletePlannedAppointment(tx, built.staff, planned.id));
    expect(await booking(bookingId)).toMatchObject({ state: 'withdrawn' });
    expect((await readChart(db.sql, built.practice.id, patient.id)).plans[0]!.appointments).toEqual([]);
    await expect(change(planned.id, { note: 'late' })).rejects.toEqual(refusal('not_found'));
  });

  it('goes on when only what it requires changes', async () => {
    const { planned, bookingId } = await departed();
    await change(planned.id, { overrideMinutes: 45 });
    expect(await booking(bookingId)).toMatchObject({ state: 'departing' });
    expect(await versionOf(planned.id)).toBe(2);
  });

  it('keeps a planned appointment that the patient has confirmed from being unticked or deleted', async () => {
    const { planned, bookingId } = await departed();
    await db.database.update(tables.bookings).set({ state: 'confirmed' }).where(eq(tables.bookings.id, bookingId));
    await expect(change(planned.id, { toBeBooked: false })).rejects.toEqual(refusal('already_booked'));
    await expect(inTransaction((tx) => deletePlannedAppointment(tx, built.staff, planned.id))).rejects.toEqual(
      refusal('already_booked'),
    );
    expect(await read(planned.id)).toMatchObject({ toBeBooked: true });
  });

  it('keeps a planned appointment in its plan while the appointment stands in the book', async () => {
    const { planned, patient } = await departed();
    const startsAt = new Date(Date.now() + 5 * 86_400_000);
    const [entry] = await db.database
      .insert(tables.bookEntries)
      .values({
        practiceId: built.practice.id,
        locationId: built.location.id,
        kind: 'appointment',
        status: 'booked',
        patientId: patient.id,
        providerId: built.providers[0]!.id,
        chairId: built.chairs[0]!.id,
        startsAt,
        endsAt: new Date(startsAt.getTime() + 1_800_000),
        plannedAppointmentId: planned.id,
      })
      .returning();
    const remove = () => inTransaction((tx) => deletePlannedAppointment(tx, built.staff, planned.id));
    await expect(remove()).rejects.toEqual(refusal('already_booked'));
    await db.database
      .update(tables.bookEntries)
      .set({ status: 'cancelled' })
      .where(eq(tables.bookEntries.id, entry!.id));
    await expect(remove()).resolves.toBeUndefined();
  });

  it('writes who changed what', async () => {
    const { planned, patient } = await departed();
    await change(planned.id, { intervalDays: 7 });
    const entries = await db.database
      .select()
      .from(tables.auditEntries)
      .where(eq(tables.auditEntries.patientId, patient.id));
    expect(entries.at(-1)).toMatchObject({
      action: 'planned_appointment.changed',
      userId: built.staff.userId,
      details: { plannedAppointmentId: planned.id, toBeBooked: true, requirementVersion: 2 },
    });
  });
});
