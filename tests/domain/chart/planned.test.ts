import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { changePlannedAppointment, type PlannedDetails } from '../../../domain/chart/planned.ts';
import { createPlan, deletePlannedAppointment, orderPlannedAppointment } from '../../../domain/chart/plans.ts';
import { readChart, readPlannedAppointment } from '../../../domain/chart/read.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildPatient, buildPlanned, buildPractice } from '../../builders.ts';
import {
  add,
  built,
  change,
  db,
  elsewhere,
  inTransaction,
  planOf,
  read,
  refusal,
  service,
  useCharts,
  versionOf,
} from './charts.ts';

useCharts();

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

  it('is added once when the button is pressed twice', async () => {
    const planId = await planOf((await buildPatient(db, built)).id);
    const wish = { services: [service(0, '36'), service(1)], note: 'The same' };
    const id = await add(planId, wish);
    expect(await add(planId, wish)).toBe(id);
    for (const other of [
      { ...wish, services: [service(1), service(0, '36')] },
      { ...wish, intervalDays: 7 },
    ])
      expect(await add(planId, other)).not.toBe(id);
    await db.sql`update planned_appointments set created_at = created_at - interval '11 seconds' where id = ${id}`;
    expect(await add(planId, wish)).not.toBe(id);
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
      refusal('length_too_long', 'expectedTime'),
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
