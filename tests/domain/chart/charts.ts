import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect } from 'vitest';
import { addPlannedAppointment, changePlannedAppointment, type PlannedDetails } from '../../../domain/chart/planned.ts';
import { createPlan } from '../../../domain/chart/plans.ts';
import { readPlannedAppointment } from '../../../domain/chart/read.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
export let elsewhere: BuiltPractice;

/** A practice whose patients have plans, and another one. */
export function useCharts(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    built = await buildPractice(db);
    elsewhere = await buildPractice(db);
  });
  afterAll(() => db.drop());
}

let added = 0;
/** No two alike: just the same twice would be a button pressed twice. */
const details = (more: Partial<PlannedDetails> = {}): PlannedDetails => ({
  toBeBooked: false,
  services: [],
  overrideMinutes: null,
  description: 'Filling 36',
  note: `The ${++added}th`,
  providerId: null,
  intervalDays: null,
  ...more,
});

export const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.database.transaction(work);
export const service = (index: number, tooth = '') => ({ serviceId: built.services[index]!.id, tooth });
export const change = (id: string, changes: Partial<PlannedDetails>) =>
  inTransaction((tx) => changePlannedAppointment(tx, built.staff, id, changes));
export const read = async (id: string) => (await readPlannedAppointment(db.sql, built.practice.id, id)).planned;
export const versionOf = async (id: string) => {
  const [row] = await db.database
    .select()
    .from(tables.plannedAppointments)
    .where(eq(tables.plannedAppointments.id, id));
  return row!.requirementVersion;
};
export const refusal = (code: string, field?: string) => expect.objectContaining({ name: 'Refusal', code, field });

export async function planOf(patientId: string): Promise<string> {
  return inTransaction((tx) => createPlan(tx, built.staff, patientId, 'Crown 36'));
}
export const add = (planId: string, more: Partial<PlannedDetails> = {}) =>
  inTransaction((tx) => addPlannedAppointment(tx, built.staff, planId, details(more)));
