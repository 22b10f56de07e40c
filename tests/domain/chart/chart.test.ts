import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPlannedAppointment, changePlannedAppointment, type PlannedDetails } from '../../../domain/chart/planned.ts';
import { createPlan, deletePlannedAppointment, orderPlannedAppointment } from '../../../domain/chart/plans.ts';
import { readChart, readChartChoices, readPlan, readPlannedAppointment } from '../../../domain/chart/read.ts';
import { depart } from '../../../domain/departures/depart.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildAppointment, buildPatient, buildPlanned, buildPractice } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let elsewhere: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  elsewhere = await buildPractice(db);
});
afterAll(() => db.drop());

const details = (more: Partial<PlannedDetails> = {}): PlannedDetails => ({
  toBeBooked: false,
  services: [],
  overrideMinutes: null,
  description: 'Filling 36',
  note: '',
  providerId: null,
  intervalDays: null,
  ...more,
});

const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.database.transaction(work);
const service = (index: number, tooth = '') => ({ serviceId: built.services[index]!.id, tooth });
const change = (id: string, changes: Partial<PlannedDetails>) =>
  inTransaction((tx) => changePlannedAppointment(tx, built.staff, id, changes));
const read = async (id: string) => (await readPlannedAppointment(db.sql, built.practice.id, id)).planned;
const versionOf = async (id: string) => {
  const [row] = await db.database
    .select()
    .from(tables.plannedAppointments)
    .where(eq(tables.plannedAppointments.id, id));
  return row!.requirementVersion;
};
const refusal = (code: string, field?: string) => expect.objectContaining({ name: 'Refusal', code, field });

async function planOf(patientId: string): Promise<string> {
  return inTransaction((tx) => createPlan(tx, built.staff, patientId, 'Crown 36'));
}
const add = (planId: string, more: Partial<PlannedDetails> = {}) =>
  inTransaction((tx) => addPlannedAppointment(tx, built.staff, planId, details(more)));

describe('the Chart', () => {
  it('shows the plans of a patient with their planned appointments in order', async () => {
    const patient = await buildPatient(db, built, { firstName: 'Sara', lastNamePrefix: 'van', lastName: 'Dam' });
    const planId = await planOf(patient.id);
    await add(planId, {
      description: 'First',
      services: [service(0, '36'), service(1)],
      providerId: built.providers[0]!.id,
      intervalDays: 14,
      toBeBooked: true,
    });
    await add(planId, { description: 'Second', overrideMinutes: 75, services: [service(0)] });
    await add(planId, { description: 'Third' });

    const chart = await readChart(db.sql, built.practice.id, patient.id);
    expect(chart.patient).toMatchObject({ name: 'Sara van Dam', number: patient.number });
    expect(chart.plans).toMatchObject([{ id: planId, name: 'Crown 36' }]);
    expect(chart.plans[0]!.appointments).toMatchObject([
      {
        description: 'First',
        minutes: 40,
        sumMinutes: 40,
        overrideMinutes: null,
        intervalDays: 14,
        toBeBooked: true,
        providerName: 'Dr Noor Beekman',
        appointment: null,
        booking: null,
      },
      {
        description: 'Second',
        minutes: 75,
        sumMinutes: 30,
        overrideMinutes: 75,
        toBeBooked: false,
        providerName: null,
      },
      { description: 'Third', minutes: 0, services: [] },
    ]);
    expect(chart.plans[0]!.appointments[0]!.services).toMatchObject([
      { code: 'F1', tooth: '36', estimatedMinutes: 30, nameNl: 'Vulling' },
      { code: 'X1', tooth: '', estimatedMinutes: 10 },
    ]);
  });

  it('knows the appointment in the book and the effort under way', async () => {
    const patient = await buildPatient(db, built);
    const planned = await buildPlanned(db, built, patient.id);
    const visit = await buildAppointment(db, built, patient.id, 600);
    await inTransaction((tx) => depart(tx, built.staff, visit.id));
    expect(await read(planned.id)).toMatchObject({
      booking: { state: 'departing', linkSentAt: null },
      appointment: null,
    });

    const startsAt = new Date(Date.now() + 86_400_000);
    await db.database.insert(tables.bookEntries).values({
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
    });
    expect((await read(planned.id)).appointment).toEqual({ startsAt, status: 'booked', madeBy: 'desk' });
  });

  it('offers active services and providers only', async () => {
    const own = await buildPractice(db);
    await db.database.update(tables.services).set({ active: false }).where(eq(tables.services.id, own.services[1]!.id));
    await db.database
      .update(tables.providers)
      .set({ active: false })
      .where(eq(tables.providers.id, own.providers[1]!.id));
    const choices = await readChartChoices(db.sql, own.practice.id);
    expect(choices.services.map(({ code }) => code)).toEqual(['F1']);
    expect(choices.providers.map(({ name }) => name)).toEqual(['Dr Noor Beekman']);
    expect(choices.defaultIntervalDays).toBe(1);
  });

  it('shows nothing of another practice', async () => {
    const stranger = await buildPatient(db, elsewhere);
    const planned = await buildPlanned(db, elsewhere, stranger.id);
    await expect(readChart(db.sql, built.practice.id, stranger.id)).rejects.toEqual(refusal('not_found'));
    await expect(readPlannedAppointment(db.sql, built.practice.id, planned.id)).rejects.toEqual(refusal('not_found'));
    await expect(readPlan(db.sql, built.practice.id, planned.treatmentPlanId)).rejects.toEqual(refusal('not_found'));
  });
});

describe('a planned appointment', () => {
  it('counts every change of length, provider and interval, and no other', async () => {
    const planId = await planOf((await buildPatient(db, built)).id);
    const id = await add(planId, { services: [service(0)] });
    const steps: [Partial<PlannedDetails>, number][] = [
      [{ note: 'Shade A2', description: 'Other words' }, 1],
      [{ services: [service(1), service(0)] }, 2],
      [{ overrideMinutes: 60 }, 3],
      [{ services: [service(0)] }, 3],
      [{ overrideMinutes: null }, 4],
      [{ overrideMinutes: 30 }, 4],
      [{ providerId: built.providers[1]!.id }, 5],
      [{ providerId: built.providers[1]!.id, toBeBooked: true }, 5],
      [{ intervalDays: 14 }, 6],
      [{ intervalDays: null, providerId: null }, 7],
    ];
    for (const [changes, version] of steps) {
      await change(id, changes);
      expect([changes, await versionOf(id)]).toEqual([changes, version]);
    }
  });

  it('keeps the Estimated Time a service had when it was planned', async () => {
    const own = await buildPractice(db);
    const patient = await buildPatient(db, own);
    const planned = await buildPlanned(db, own, patient.id);
    const [filling] = own.services;
    await db.database
      .update(tables.services)
      .set({ estimatedMinutes: 50, active: false })
      .where(eq(tables.services.id, filling!.id));
    await inTransaction((tx) =>
      changePlannedAppointment(tx, own.staff, planned.id, { services: [{ serviceId: filling!.id, tooth: '11' }] }),
    );
    const { planned: after } = await readPlannedAppointment(db.sql, own.practice.id, planned.id);
    expect(after).toMatchObject({ minutes: 30, services: [{ tooth: '11' }] });
  });

  it('takes no service, provider or plan of another practice, and nothing longer than eight hours', async () => {
    const planId = await planOf((await buildPatient(db, built)).id);
    const id = await add(planId);
    const strange = { serviceId: elsewhere.services[0]!.id, tooth: '' };
    await expect(change(id, { services: [service(0), strange] })).rejects.toEqual(refusal('invalid', 'services'));
    await expect(change(id, { providerId: elsewhere.providers[0]!.id })).rejects.toEqual(
      refusal('invalid', 'providerId'),
    );
    await expect(change(id, { services: Array.from({ length: 17 }, () => service(0)) })).rejects.toEqual(
      refusal('invalid', 'expectedTime'),
    );
    expect((await read(id)).services).toEqual([]);
    const theirs = await buildPlanned(db, elsewhere, (await buildPatient(db, elsewhere)).id);
    await expect(change(theirs.id, { note: 'x' })).rejects.toEqual(refusal('not_found'));
    await expect(add(theirs.treatmentPlanId)).rejects.toEqual(refusal('not_found'));
    await expect(inTransaction((tx) => deletePlannedAppointment(tx, built.staff, theirs.id))).rejects.toEqual(
      refusal('not_found'),
    );
    await expect(inTransaction((tx) => orderPlannedAppointment(tx, built.staff, theirs.id, 1))).rejects.toEqual(
      refusal('not_found'),
    );
    await expect(inTransaction((tx) => createPlan(tx, built.staff, theirs.patientId, 'Plan'))).rejects.toEqual(
      refusal('not_found'),
    );
  });

  it('moves to any place of its plan', async () => {
    const patient = await buildPatient(db, built);
    const planId = await planOf(patient.id);
    const ids = [await add(planId), await add(planId), await add(planId)];
    const [a, b, c] = ids as [string, string, string];
    const order = async () =>
      (await readChart(db.sql, built.practice.id, patient.id)).plans[0]!.appointments.map(({ id }) => id);
    const move = (id: string, place: number) =>
      inTransaction((tx) => orderPlannedAppointment(tx, built.staff, id, place));
    await move(c, 2);
    expect(await order()).toEqual([a, c, b]);
    await move(a, 99);
    expect(await order()).toEqual([c, b, a]);
    await move(a, 0);
    expect(await order()).toEqual([a, c, b]);
    await inTransaction((tx) => deletePlannedAppointment(tx, built.staff, c));
    const d = await add(planId);
    expect(await order()).toEqual([a, b, d]);
  });

  it('keeps one order when two colleagues move at once', async () => {
    const patient = await buildPatient(db, built);
    const planId = await planOf(patient.id);
    const ids = [await add(planId), await add(planId), await add(planId), await add(planId)];
    await Promise.all(
      ids.map((id, index) => inTransaction((tx) => orderPlannedAppointment(tx, built.staff, id, 4 - index))),
    );
    const rows = await db.database
      .select()
      .from(tables.plannedAppointments)
      .where(eq(tables.plannedAppointments.treatmentPlanId, planId));
    expect(rows.map(({ position }) => position).sort()).toEqual([1, 2, 3, 4]);
  });
});

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
