import { type BuiltPractice, buildPatient, buildPlanned } from '../../builders.ts';
import type { FreshDatabase } from '../../engines/database.ts';
import { below, form, type RightForms } from './form.ts';

export async function plannedForm(db: FreshDatabase, built: BuiltPractice) {
  const patient = await buildPatient(db, built);
  const planned = await buildPlanned(db, built, patient.id);
  const fields = {
    toBeBooked: 'on',
    service: [built.services[0]!.id],
    tooth: [''],
    expectedTime: '0:45',
    description: 'Filling',
    note: 'Note',
    providerId: built.providers[1]!.id,
    intervalDays: '7',
  };
  return { patient, planned, fields };
}

const plan = async (db: FreshDatabase, built: BuiltPractice) =>
  `/treatment-plans/${(await plannedForm(db, built)).planned.treatmentPlanId}`;

export const chartForms: RightForms = {
  '/patients/:id/treatment-plans': form(
    async (db, built) => `/patients/${(await buildPatient(db, built)).id}/treatment-plans`,
    () => ({ name: 'Second plan' }),
  ),
  '/treatment-plans/:id': form(plan, () => ({ name: 'Renamed plan' })),
  '/treatment-plans/:id/deletion': form(below('/deletion', plan)),
  '/treatment-plans/:id/planned-appointments': async (db, built) => {
    const { planned, fields } = await plannedForm(db, built);
    return { url: `/treatment-plans/${planned.treatmentPlanId}/planned-appointments`, fields };
  },
  '/planned-appointments/:id': async (db, built) => {
    const { planned, fields } = await plannedForm(db, built);
    return { url: `/planned-appointments/${planned.id}`, fields };
  },
  '/planned-appointments/:id/position': form(
    async (db, built) => `/planned-appointments/${(await plannedForm(db, built)).planned.id}/position`,
    () => ({ place: '0' }),
  ),
  '/planned-appointments/:id/deletion': form(
    async (db, built) => `/planned-appointments/${(await plannedForm(db, built)).planned.id}/deletion`,
  ),
};
