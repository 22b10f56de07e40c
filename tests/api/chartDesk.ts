import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { readChart } from '../../domain/chart/read.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPlanned, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
export let elsewhere: BuiltPractice;
export let app: FastifyInstance;
export let provider: Browser;
export let receptionist: Browser;
export let manager: Browser;
export let patient: Awaited<ReturnType<typeof buildPatient>>;
export let planned: Awaited<ReturnType<typeof buildPlanned>>;

/** A practice with its desk, and for each test a patient with a planned appointment. */
export function useChart(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    built = await buildPractice(db);
    elsewhere = await buildPractice(db);
    app = await buildTestApp(db);
    provider = await signIn(app, built.users.provider);
    receptionist = await signIn(app, built.users.receptionist);
    manager = await signIn(app, built.users.manager);
  });
  beforeEach(async () => {
    patient = await buildPatient(db, built);
    planned = await buildPlanned(db, built, patient.id);
  });
  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });
}

/** What a browser sends for an untouched Edit Appointment. */
export const filled = (more: Record<string, unknown> = {}) =>
  ({
    toBeBooked: true,
    service: [built.services[0]!.id],
    tooth: [''],
    expectedTime: '',
    description: 'Filling',
    note: '',
    providerId: built.providers[0]!.id,
    intervalDays: '',
    ...more,
  }) as Record<string, string | boolean | string[]>;

export const url = () => `/planned-appointments/${planned.id}`;
export const plansOf = async () => (await readChart(db.sql, built.practice.id, patient.id)).plans;
export const now = async () => (await plansOf())[0]!.appointments[0]!;
export const rows = async () =>
  (
    await db.database.select().from(tables.plannedAppointments).where(eq(tables.plannedAppointments.id, planned.id))
  )[0]!;
