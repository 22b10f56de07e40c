import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { readChart, readChartChoices, readPlan, readPlannedAppointment } from '../../../domain/chart/read.ts';
import { depart } from '../../../domain/departures/depart.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildAppointment, buildPatient, buildPlanned, buildPractice } from '../../builders.ts';
import { add, built, db, elsewhere, inTransaction, planOf, read, refusal, service, useCharts } from './charts.ts';

useCharts();

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
