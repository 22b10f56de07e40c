import { and, eq, gte, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import {
  plannedAppointments,
  plannedServices,
  providers,
  services,
  treatmentPlans,
} from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { expectedMinutes, longestMinutes } from '../book/rules/expectedTime.ts';
import { requirementChanged, withdrawPlannedAppointment } from '../bookings/withdraw.ts';
import { Refusal } from '../refusal.ts';
import { type WishedService, withEstimatedTimes } from './services.ts';

/** What is entered in Edit Appointment. */
export interface PlannedDetails {
  /** Book this Appointment. */
  toBeBooked: boolean;
  /** In order. */
  services: WishedService[];
  /** Expected Time set by hand, in minutes; null: the sum of the services' Estimated Times. */
  overrideMinutes: number | null;
  description: string;
  note: string;
  providerId: string | null;
  /** One of the booking intervals; null: the practice's. */
  intervalDays: number | null;
}

type Planned = typeof plannedAppointments.$inferSelect;

/**
 * Adds a planned appointment at the end of a plan; one that says just the same and was added a moment ago is this one.
 * @returns its id
 * @throws Refusal not_found; provider_inactive or invalid at `providerId`; invalid at `services`; length_too_long at `expectedTime`
 */
export async function addPlannedAppointment(
  tx: Tx,
  by: Staff,
  planId: string,
  details: PlannedDetails,
): Promise<string> {
  const plan = await lockPlan(tx, by, planId);
  const { services: wishes, ...columns } = details;
  const twin = await sameAlready(tx, planId, details);
  if (twin) return twin;
  await assertProvider(tx, by, details.providerId);
  const [planned] = await tx
    .insert(plannedAppointments)
    .values({
      ...columns,
      expectedMinutesOverride: details.overrideMinutes,
      practiceId: by.practiceId,
      patientId: plan.patientId,
      treatmentPlanId: planId,
      position: sql`(select coalesce(max(position), 0) + 1 from planned_appointments where treatment_plan_id = ${planId})`,
    })
    .returning();
  assertLength(await writeServices(tx, by, planned!.id, wishes), details.overrideMinutes);
  await audit(
    tx,
    by,
    'planned_appointment.added',
    { patientId: plan.patientId },
    { plannedAppointmentId: planned!.id, toBeBooked: details.toBeBooked },
  );
  return planned!.id;
}

/** Within ten seconds a button was pressed twice; whoever plans two alike takes longer to fill in the second. */
async function sameAlready(tx: Tx, planId: string, details: PlannedDetails): Promise<string | undefined> {
  const { services: wishes, overrideMinutes, ...columns } = details;
  const names = Object.keys(columns) as (keyof typeof columns)[];
  const [twin] = await tx
    .select({ id: plannedAppointments.id })
    .from(plannedAppointments)
    .where(
      and(
        eq(plannedAppointments.treatmentPlanId, planId),
        isNull(plannedAppointments.deletedAt),
        gte(plannedAppointments.createdAt, sql`clock_timestamp() - interval '10 seconds'`),
        sql`${plannedAppointments.expectedMinutesOverride} is not distinct from ${overrideMinutes}`,
        ...names.map((name) => sql`${plannedAppointments[name]} is not distinct from ${columns[name]}`),
        sql`(select coalesce(string_agg(service_id || ' ' || tooth, ',' order by position), '') from ${plannedServices}
          where ${plannedServices.plannedAppointmentId} = ${plannedAppointments.id})
          = ${wishes.map(({ serviceId, tooth }) => `${serviceId} ${tooth}`).join(',')}`,
      ),
    )
    .limit(1);
  return twin?.id;
}

/**
 * Changes what is given of a planned appointment. What it requires of the book (length, provider, interval) is counted: a
 * patient who is choosing under an older requirement is asked to choose again. Unticked, an effort to book it ends.
 * @throws Refusal not_found; of fields as `addPlannedAppointment`; already_booked when it is unticked after the patient confirmed
 */
export async function changePlannedAppointment(
  tx: Tx,
  by: Staff,
  id: string,
  change: Partial<PlannedDetails>,
): Promise<void> {
  await readOwn(tx, by, id);
  // The booking's row is locked before the plan's own, as everywhere.
  if (change.toBeBooked === false) await withdrawPlannedAppointment(tx, by, id);
  else await requirementChanged(tx, id);
  const planned = await lockPlanned(tx, by, id);

  const { services: wishes, overrideMinutes = planned.expectedMinutesOverride, ...columns } = change;
  if (columns.providerId && columns.providerId !== planned.providerId) await assertProvider(tx, by, columns.providerId);
  const before = await readEstimatedTimes(tx, id);
  const after = wishes ? await writeServices(tx, by, id, wishes) : before;
  assertLength(after, overrideMinutes);
  const requiresOther =
    expectedMinutes(after, overrideMinutes) !== expectedMinutes(before, planned.expectedMinutesOverride) ||
    (columns.providerId !== undefined && columns.providerId !== planned.providerId) ||
    (columns.intervalDays !== undefined && columns.intervalDays !== planned.intervalDays);
  const requirementVersion = planned.requirementVersion + (requiresOther ? 1 : 0);
  await tx
    .update(plannedAppointments)
    .set({ ...columns, expectedMinutesOverride: overrideMinutes, requirementVersion })
    .where(eq(plannedAppointments.id, id));
  const toBeBooked = change.toBeBooked ?? planned.toBeBooked;
  await audit(
    tx,
    by,
    'planned_appointment.changed',
    { patientId: planned.patientId },
    { plannedAppointmentId: id, toBeBooked, requirementVersion },
  );
}

/** Takes a treatment plan's lock. @throws Refusal not_found, also for another practice's or a deleted one */
export async function lockPlan(tx: Tx, by: Staff, planId: string): Promise<{ name: string; patientId: string }> {
  const [plan] = await tx
    .select({ name: treatmentPlans.name, patientId: treatmentPlans.patientId })
    .from(treatmentPlans)
    .where(
      and(
        eq(treatmentPlans.id, planId),
        eq(treatmentPlans.practiceId, by.practiceId),
        isNull(treatmentPlans.deletedAt),
      ),
    )
    .for('update');
  if (!plan) throw new Refusal('not_found');
  return plan;
}

/** @throws Refusal not_found, also for another practice's or a deleted one */
export async function readOwn(tx: Tx, by: Staff, id: string): Promise<Planned> {
  const [planned] = await tx.select().from(plannedAppointments).where(own(by, id));
  if (!planned) throw new Refusal('not_found');
  return planned;
}

/** Takes the plan's lock; the booking's comes before. @throws Refusal not_found when a colleague has deleted it meanwhile */
export async function lockPlanned(tx: Tx, by: Staff, id: string): Promise<Planned> {
  const [planned] = await tx.select().from(plannedAppointments).where(own(by, id)).for('update');
  if (!planned) throw new Refusal('not_found');
  return planned;
}

const own = (by: Staff, id: string) =>
  and(
    eq(plannedAppointments.id, id),
    eq(plannedAppointments.practiceId, by.practiceId),
    isNull(plannedAppointments.deletedAt),
  );

async function assertProvider(tx: Tx, by: Staff, providerId: string | null): Promise<void> {
  if (!providerId) return;
  const [provider] = await tx
    .select({ active: providers.active })
    .from(providers)
    .where(and(eq(providers.id, providerId), eq(providers.practiceId, by.practiceId)));
  if (!provider) throw new Refusal('invalid', 'providerId');
  if (!provider.active) throw new Refusal('provider_inactive', 'providerId');
}

function assertLength(estimatedMinutes: number[], overrideMinutes: number | null): void {
  if (expectedMinutes(estimatedMinutes, overrideMinutes) > longestMinutes)
    throw new Refusal('length_too_long', 'expectedTime');
}

/** Replaces the services of a planned appointment. @returns their Estimated Times */
async function writeServices(
  tx: Tx,
  by: Staff,
  plannedAppointmentId: string,
  wishes: WishedService[],
): Promise<number[]> {
  const ofPlanned = eq(plannedServices.plannedAppointmentId, plannedAppointmentId);
  const before = await tx
    .select()
    .from(plannedServices)
    .where(ofPlanned)
    .orderBy(plannedServices.position, plannedServices.id);
  const offered = await tx
    .select({ id: services.id, estimatedMinutes: services.estimatedMinutes })
    .from(services)
    .where(and(eq(services.practiceId, by.practiceId), services.active));
  const rows = withEstimatedTimes(wishes, before, offered).map(({ estimatedMinutes, ...wish }, position) => {
    if (estimatedMinutes === null) throw new Refusal('invalid', 'services');
    return { ...wish, estimatedMinutes, position, plannedAppointmentId, practiceId: by.practiceId };
  });
  await tx.delete(plannedServices).where(ofPlanned);
  if (rows.length > 0) await tx.insert(plannedServices).values(rows);
  return rows.map(({ estimatedMinutes }) => estimatedMinutes);
}

async function readEstimatedTimes(tx: Tx, plannedAppointmentId: string): Promise<number[]> {
  const rows = await tx
    .select({ estimatedMinutes: plannedServices.estimatedMinutes })
    .from(plannedServices)
    .where(eq(plannedServices.plannedAppointmentId, plannedAppointmentId));
  return rows.map(({ estimatedMinutes }) => estimatedMinutes);
}
