import { sql } from 'drizzle-orm';
import { boolean, check, foreignKey, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { createdAt, id, instant } from './columns.ts';
import { patients, providers } from './people.ts';
import { services } from './practice.ts';

export const treatmentPlans = pgTable(
  'treatment_plans',
  {
    id: id(),
    practiceId: uuid().notNull(),
    patientId: uuid().notNull(),
    name: text().notNull(),
    deletedAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    index().on(t.patientId),
  ],
);

/** An entry of the plan. What it requires of the book (length, provider, interval) is counted by `requirementVersion`. */
export const plannedAppointments = pgTable(
  'planned_appointments',
  {
    id: id(),
    practiceId: uuid().notNull(),
    patientId: uuid().notNull(),
    treatmentPlanId: uuid().notNull(),
    position: integer().notNull(),
    providerId: uuid(),
    description: text().notNull().default(''),
    note: text().notNull().default(''),
    /** Least days after the visit; none: the practice's. */
    intervalDays: integer(),
    /** Book this Appointment: ticked means To Be Booked. */
    toBeBooked: boolean().notNull().default(false),
    /** Expected Time set by hand; none: the sum of the services' Estimated Times. */
    expectedMinutesOverride: integer(),
    requirementVersion: integer().notNull().default(1),
    deletedAt: instant(),
    createdAt: createdAt(),
  },
  (t) => [
    unique().on(t.practiceId, t.id),
    foreignKey({ columns: [t.practiceId, t.patientId], foreignColumns: [patients.practiceId, patients.id] }),
    foreignKey({
      columns: [t.practiceId, t.treatmentPlanId],
      foreignColumns: [treatmentPlans.practiceId, treatmentPlans.id],
    }),
    foreignKey({ columns: [t.practiceId, t.providerId], foreignColumns: [providers.practiceId, providers.id] }),
    index().on(t.treatmentPlanId, t.position),
    index().on(t.patientId),
    check('planned_appointments_interval', sql`${t.intervalDays} in (1, 2, 3, 4, 5, 6, 7, 14, 21, 28)`),
    check('planned_appointments_expected_time', sql`${t.expectedMinutesOverride} between 0 and 480`),
  ],
);

/** A service of a planned appointment, with the Estimated Time it had when it was planned. */
export const plannedServices = pgTable(
  'planned_services',
  {
    id: id(),
    practiceId: uuid().notNull(),
    plannedAppointmentId: uuid().notNull(),
    serviceId: uuid().notNull(),
    /** The tooth in FDI notation, or empty. */
    tooth: text().notNull().default(''),
    estimatedMinutes: integer().notNull(),
    position: integer().notNull().default(0),
  },
  (t) => [
    foreignKey({
      columns: [t.practiceId, t.plannedAppointmentId],
      foreignColumns: [plannedAppointments.practiceId, plannedAppointments.id],
    }),
    foreignKey({ columns: [t.practiceId, t.serviceId], foreignColumns: [services.practiceId, services.id] }),
    index().on(t.plannedAppointmentId),
    check('planned_services_estimated_time', sql`${t.estimatedMinutes} between 0 and 480`),
  ],
);
