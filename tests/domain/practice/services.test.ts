import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { addService, changeService, listServices } from '../../../domain/practice/services.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildPatient } from '../../builders.ts';
import { built, db, inTransaction, manager, refusal, useManager } from './managing.ts';

useManager();

describe('services', () => {
  const crown = { code: 'C9', nameEn: 'Crown', nameNl: 'Kroon', estimatedMinutes: 60, active: true };

  it('have a code of their own, in capitals or not', async () => {
    const id = await inTransaction((tx) => addService(tx, manager, crown));
    for (const code of ['C9', 'c9', 'f1']) {
      await expect(inTransaction((tx) => addService(tx, manager, { ...crown, code }))).rejects.toEqual(
        refusal('invalid', 'code'),
      );
    }
    await expect(inTransaction((tx) => changeService(tx, manager, id, { ...crown, code: 'x1' }))).rejects.toEqual(
      refusal('invalid', 'code'),
    );
    await inTransaction((tx) => changeService(tx, manager, id, { ...crown, code: 'c9', estimatedMinutes: 0 }));
    expect((await listServices(db.database, manager)).map(({ code }) => code)).toContain('c9');
  });

  it('of two colleagues who add the same code at once, one is added', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => inTransaction((tx) => addService(tx, manager, { ...crown, code: 'R1' }))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal('invalid', 'code'));
  });

  it('keep the time of what is planned already', async () => {
    const [service] = built.services;
    const patient = await buildPatient(db, built);
    const practiceId = built.practice.id;
    const [plan] = await db.database
      .insert(tables.treatmentPlans)
      .values({ practiceId, patientId: patient.id, name: 'Plan' })
      .returning();
    const [planned] = await db.database
      .insert(tables.plannedAppointments)
      .values({ practiceId, patientId: patient.id, treatmentPlanId: plan!.id, position: 1 })
      .returning();
    const ofPlanned = { practiceId, plannedAppointmentId: planned!.id, serviceId: service!.id, estimatedMinutes: 30 };
    await db.database.insert(tables.plannedServices).values(ofPlanned);
    const { id, practiceId: _practice, createdAt: _at, ...details } = service!;
    await inTransaction((tx) => changeService(tx, manager, id, { ...details, estimatedMinutes: 50 }));
    const [row] = await db.database
      .select()
      .from(tables.plannedServices)
      .where(eq(tables.plannedServices.plannedAppointmentId, planned!.id));
    expect(row!.estimatedMinutes).toBe(30);
  });
});
