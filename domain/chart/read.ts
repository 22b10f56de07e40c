import type { Sql } from 'postgres';
import { expectedMinutes } from '../book/rules/expectedTime.ts';
import { standsInBook } from '../book/standing.ts';
import type { BookingState } from '../contract.ts';
import { patientName, providerName } from '../people/names.ts';
import { bookingIntervalOf } from '../practice/practice.ts';
import { Refusal } from '../refusal.ts';

/** A patient's treatment plans, the latest first. */
export interface Chart {
  patient: ChartPatient;
  plans: TreatmentPlan[];
}

export interface ChartPatient {
  id: string;
  number: number;
  name: string;
  birthDate: string;
  providerId: string | null;
}

export interface TreatmentPlan {
  id: string;
  name: string;
  createdAt: Date;
  /** In the plan's order. */
  appointments: PlannedAppointment[];
}

export interface PlannedAppointment {
  id: string;
  treatmentPlanId: string;
  description: string;
  note: string;
  providerId: string | null;
  providerName: string | null;
  /** None: the practice's. */
  intervalDays: number | null;
  toBeBooked: boolean;
  services: PlannedService[];
  /** Expected Time set by hand; none: the sum of the Estimated Times. Minutes. */
  overrideMinutes: number | null;
  sumMinutes: number;
  /** Expected Time; 0 means that none is known. */
  minutes: number;
  /** The appointment that stands in the book for it. */
  appointment: { startsAt: Date; status: string; madeBy: 'desk' | 'online' } | null;
  /** The effort under way to book it. */
  booking: { state: BookingState; linkSentAt: Date | null; linkExpiresAt: Date | null } | null;
}

export interface PlannedService {
  serviceId: string;
  code: string;
  nameEn: string;
  nameNl: string;
  tooth: string;
  /** As it was when it was planned. */
  estimatedMinutes: number;
}

/** @throws Refusal not_found, also for another practice's patient */
export async function readChart(sql: Sql, practiceId: string, patientId: string): Promise<Chart> {
  const patient = await readChartPatient(sql, practiceId, patientId);
  const [plans, appointments] = await Promise.all([
    sql<Omit<TreatmentPlan, 'appointments'>[]>`
      select id, name, created_at as "createdAt" from treatment_plans
      where practice_id = ${practiceId} and patient_id = ${patientId} and deleted_at is null order by created_at desc, id desc`,
    sql<PlannedRow[]>`
      select ${plannedColumns(sql)} from ${plannedTables(sql)}
      where a.practice_id = ${practiceId} and a.patient_id = ${patientId} and a.deleted_at is null order by a.position, a.id`,
  ]);
  const planned = appointments.map(plannedOf);
  return {
    patient,
    plans: plans.map((plan) => ({
      ...plan,
      appointments: planned.filter(({ treatmentPlanId }) => treatmentPlanId === plan.id),
    })),
  };
}

export interface OnePlanned {
  patient: ChartPatient;
  plan: { id: string; name: string };
  planned: PlannedAppointment;
}

/** @throws Refusal not_found, also for another practice's or a deleted one */
export async function readPlannedAppointment(sql: Sql, practiceId: string, id: string): Promise<OnePlanned> {
  const [row] = await sql<(PlannedRow & { patientId: string; planName: string })[]>`
    select ${plannedColumns(sql)}, a.patient_id as "patientId", t.name as "planName"
    from ${plannedTables(sql)} join treatment_plans t on t.id = a.treatment_plan_id
    where a.practice_id = ${practiceId} and a.id = ${id} and a.deleted_at is null`;
  if (!row) throw new Refusal('not_found');
  const { patientId, planName, ...planned } = row;
  return {
    patient: await readChartPatient(sql, practiceId, patientId),
    plan: { id: row.treatmentPlanId, name: planName },
    planned: plannedOf(planned),
  };
}

/** @throws Refusal not_found, also for another practice's or a deleted plan */
export async function readPlan(sql: Sql, practiceId: string, id: string): Promise<Omit<OnePlanned, 'planned'>> {
  const [row] = await sql<{ name: string; patientId: string }[]>`
    select name, patient_id as "patientId" from treatment_plans where practice_id = ${practiceId} and id = ${id} and deleted_at is null`;
  if (!row) throw new Refusal('not_found');
  return { patient: await readChartPatient(sql, practiceId, row.patientId), plan: { id, name: row.name } };
}

/** What a planned appointment may consist of, and who may treat: for the lists to choose from. */
export interface ChartChoices {
  services: { id: string; code: string; nameEn: string; nameNl: string; estimatedMinutes: number }[];
  providers: { id: string; name: string }[];
  /** The practice's booking interval. */
  defaultIntervalDays: number;
}

export async function readChartChoices(sql: Sql, practiceId: string): Promise<ChartChoices> {
  const [services, providers, defaultIntervalDays] = await Promise.all([
    sql<ChartChoices['services']>`
      select id, code, name_en as "nameEn", name_nl as "nameNl", estimated_minutes as "estimatedMinutes"
      from services where practice_id = ${practiceId} and active order by code`,
    sql<ChartChoices['providers']>`
      select id, ${sql.unsafe(providerName('providers'))} as name from providers where practice_id = ${practiceId} and active order by name`,
    bookingIntervalOf(sql, practiceId),
  ]);
  return { services, providers, defaultIntervalDays };
}

interface PlannedRow extends Omit<PlannedAppointment, 'sumMinutes' | 'minutes' | 'appointment' | 'booking'> {
  startsAt: Date | null;
  status: string;
  madeBy: 'desk' | 'online';
  state: BookingState | null;
  linkSentAt: Date | null;
  linkExpiresAt: Date | null;
}

function plannedOf({
  startsAt,
  status,
  madeBy,
  state,
  linkSentAt,
  linkExpiresAt,
  ...planned
}: PlannedRow): PlannedAppointment {
  const estimated = planned.services.map(({ estimatedMinutes }) => estimatedMinutes);
  return {
    ...planned,
    sumMinutes: expectedMinutes(estimated, null),
    minutes: expectedMinutes(estimated, planned.overrideMinutes),
    appointment: startsAt && { startsAt, status, madeBy },
    booking: state && { state, linkSentAt, linkExpiresAt },
  };
}

async function readChartPatient(sql: Sql, practiceId: string, id: string): Promise<ChartPatient> {
  const [patient] = await sql<ChartPatient[]>`
    select id, number, ${sql.unsafe(patientName('patients'))} as name, birth_date::text as "birthDate",
      provider_id as "providerId"
    from patients where practice_id = ${practiceId} and id = ${id}`;
  if (!patient) throw new Refusal('not_found');
  return patient;
}

const plannedColumns = (sql: Sql) => sql`
  a.id, a.treatment_plan_id as "treatmentPlanId", a.description, a.note, a.provider_id as "providerId",
  nullif(${sql.unsafe(providerName('v'))}, '') as "providerName", a.interval_days as "intervalDays", a.to_be_booked as "toBeBooked",
  a.expected_minutes_override as "overrideMinutes",
  (select coalesce(json_agg(json_build_object('serviceId', s.id, 'code', s.code, 'nameEn', s.name_en, 'nameNl', s.name_nl,
      'tooth', p.tooth, 'estimatedMinutes', p.estimated_minutes) order by p.position, p.id), '[]')
    from planned_services p join services s on s.id = p.service_id where p.planned_appointment_id = a.id) as services,
  e.starts_at as "startsAt", e.status, e.made_by as "madeBy", b.state, b.link_sent_at as "linkSentAt", b.link_expires_at as "linkExpiresAt"`;

const plannedTables = (sql: Sql) => sql`
  planned_appointments a
  left join providers v on v.id = a.provider_id
  left join book_entries e on e.planned_appointment_id = a.id and ${sql.unsafe(standsInBook('e'))}
  left join bookings b on b.planned_appointment_id = a.id and b.closed_at is null`;
