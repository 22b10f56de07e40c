import { and, asc, eq, gte, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { patients, plannedAppointments, treatmentPlans } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { standsInBook } from '../book/standing.ts';
import { withdrawPlannedAppointment } from '../bookings/withdraw.ts';
import { Refusal } from '../refusal.ts';
import { lockPlan, lockPlanned, readOwn } from './planned.ts';

/** Begins a treatment plan; one of the same name that was begun a moment ago is this one. @returns its id @throws Refusal not_found */
export async function createPlan(tx: Tx, by: Staff, patientId: string, name: string): Promise<string> {
  const [patient] = await tx
    .select({ id: patients.id })
    .from(patients)
    .where(and(eq(patients.id, patientId), eq(patients.practiceId, by.practiceId)))
    .for('update');
  if (!patient) throw new Refusal('not_found');
  const [twin] = await tx
    .select({ id: treatmentPlans.id })
    .from(treatmentPlans)
    .where(
      and(
        eq(treatmentPlans.patientId, patientId),
        eq(treatmentPlans.name, name),
        isNull(treatmentPlans.deletedAt),
        gte(treatmentPlans.createdAt, sql`clock_timestamp() - interval '1 minute'`),
      ),
    );
  if (twin) return twin.id;
  const [plan] = await tx.insert(treatmentPlans).values({ practiceId: by.practiceId, patientId, name }).returning();
  await audit(tx, by, 'plan.created', { patientId });
  return plan!.id;
}

/** @throws Refusal not_found, also for another practice's or a deleted one */
export async function renamePlan(tx: Tx, by: Staff, planId: string, name: string): Promise<void> {
  const plan = await lockPlan(tx, by, planId);
  if (plan.name === name) return;
  await tx.update(treatmentPlans).set({ name }).where(eq(treatmentPlans.id, planId));
  await audit(tx, by, 'plan.renamed', { patientId: plan.patientId });
}

/**
 * Takes a treatment plan off the Chart with all that is planned in it; efforts to book any of it end.
 * @throws Refusal not_found; already_booked while an appointment of it stands in the book, or is on its way there
 */
export async function deletePlan(tx: Tx, by: Staff, planId: string): Promise<void> {
  // The plan's lock comes before those of bookings: nobody adds to it meanwhile.
  const plan = await lockPlan(tx, by, planId);
  for (const id of await orderOf(tx, planId)) {
    await deletePlannedAppointment(tx, by, id).catch((error: unknown) => {
      // A colleague deleted it meanwhile.
      if (!(error instanceof Refusal && error.code === 'not_found')) throw error;
    });
  }
  await tx.update(treatmentPlans).set({ deletedAt: new Date() }).where(eq(treatmentPlans.id, planId));
  await audit(tx, by, 'plan.deleted', { patientId: plan.patientId });
}

/**
 * Puts a planned appointment at a place of its plan's order, from 1; what is beyond the ends means the ends.
 * @throws Refusal not_found
 */
export async function orderPlannedAppointment(tx: Tx, by: Staff, id: string, place: number): Promise<void> {
  const { treatmentPlanId } = await readOwn(tx, by, id);
  await lockPlan(tx, by, treatmentPlanId);
  const order = (await orderOf(tx, treatmentPlanId)).filter((one) => one !== id);
  order.splice(Math.max(0, place - 1), 0, id);
  await renumber(tx, order);
}

/**
 * Takes a planned appointment out of its plan; an effort to book it ends.
 * @throws Refusal not_found; already_booked while its appointment stands in the book, or is on its way there
 */
export async function deletePlannedAppointment(tx: Tx, by: Staff, id: string): Promise<void> {
  await readOwn(tx, by, id);
  await withdrawPlannedAppointment(tx, by, id);
  const planned = await lockPlanned(tx, by, id);
  const [standing] = await tx.execute(sql`
    select 1 from book_entries where planned_appointment_id = ${id} and ${sql.raw(standsInBook('book_entries'))}`);
  if (standing) throw new Refusal('already_booked');
  await tx
    .update(plannedAppointments)
    .set({ deletedAt: new Date(), toBeBooked: false })
    .where(eq(plannedAppointments.id, id));
  await audit(tx, by, 'planned_appointment.deleted', { patientId: planned.patientId }, { plannedAppointmentId: id });
}

async function orderOf(tx: Tx, planId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: plannedAppointments.id })
    .from(plannedAppointments)
    .where(and(eq(plannedAppointments.treatmentPlanId, planId), isNull(plannedAppointments.deletedAt)))
    .orderBy(asc(plannedAppointments.position), asc(plannedAppointments.id));
  return rows.map(({ id }) => id);
}

async function renumber(tx: Tx, order: string[]): Promise<void> {
  if (order.length === 0) return;
  await tx.execute(sql`
    update planned_appointments set position = wanted.position
    from unnest(${`{${order.join(',')}}`}::uuid[]) with ordinality as wanted(id, position)
    where planned_appointments.id = wanted.id and planned_appointments.position <> wanted.position`);
}
