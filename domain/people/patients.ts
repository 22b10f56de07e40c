import { and, eq, gte, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { patients, providers } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { providerName } from './names.ts';

export type ContactOwner = 'patient' | 'parent' | 'carer';

/** What the desk writes on a Patient File. Contacts are checked before: see contacts.ts. */
export interface PatientDetails {
  firstName: string;
  lastNamePrefix: string;
  lastName: string;
  /** 'YYYY-MM-DD'. */
  birthDate: string;
  email: string | null;
  /** E.164. */
  mobile: string | null;
  contactOwner: ContactOwner;
  /** None: the practice's language. */
  language: 'en' | 'nl' | null;
  providerId: string | null;
  note: string;
}

export type Patient = typeof patients.$inferSelect;
/** With who treats them, or treated them once: somebody who has left stays until another is chosen. */
export type PatientToEdit = Patient & { providerName: string | null };

/**
 * Opens a file under the practice's next number. A button pressed twice opens one: who has the very same details, and was
 * written down a moment ago, is who is meant.
 * @throws Refusal invalid at `providerId`
 */
export async function createPatient(tx: Tx, staff: Staff, details: PatientDetails): Promise<Patient> {
  const { practiceId } = staff;
  await checkProvider(tx, practiceId, details.providerId);
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('patient numbers of ' || ${practiceId}, 0))`);
  const twin = await sameAlready(tx, practiceId, details);
  if (twin) return twin;
  const number = sql`(select greatest(coalesce(max(p.number), 0), 1000) + 1 from patients p where p.practice_id = ${practiceId})`;
  const [created] = await tx
    .insert(patients)
    .values({ ...details, practiceId, number: number as never })
    .returning();
  await audit(tx, staff, 'patient.created', { patientId: created!.id });
  return created!;
}

async function sameAlready(tx: Tx, practiceId: string, details: PatientDetails): Promise<Patient | undefined> {
  const columns = Object.keys(details) as (keyof PatientDetails)[];
  const [twin] = await tx
    .select()
    .from(patients)
    .where(
      and(
        eq(patients.practiceId, practiceId),
        gte(patients.createdAt, sql`clock_timestamp() - interval '1 minute'`),
        ...columns.map((column) => sql`${patients[column]} is not distinct from ${details[column]}`),
      ),
    )
    .limit(1);
  return twin;
}

/**
 * Writes what changed; the audit trail keeps which fields, not their contents.
 * @throws Refusal not_found; invalid at `providerId`
 */
export async function changePatient(
  tx: Tx,
  staff: Staff,
  patientId: string,
  details: Partial<PatientDetails>,
): Promise<Patient> {
  const { practiceId } = staff;
  const theirs = and(eq(patients.practiceId, practiceId), eq(patients.id, patientId));
  const [before] = await tx.select().from(patients).where(theirs).for('update');
  if (!before) throw new Refusal('not_found');
  const changed = (Object.keys(details) as (keyof PatientDetails)[]).filter(
    (field) => details[field] !== undefined && details[field] !== before[field],
  );
  if (changed.length === 0) return before;
  if (changed.includes('providerId')) await checkProvider(tx, practiceId, details.providerId ?? null);
  const [after] = await tx.update(patients).set(details).where(theirs).returning();
  await audit(tx, staff, 'patient.changed', { patientId }, { fields: changed.join(' ') });
  // Names and contacts stand on these screens.
  await notifyLive(tx, practiceId, 'book', 'tasks', 'followUp');
  return after!;
}

async function checkProvider(tx: Tx, practiceId: string, providerId: string | null): Promise<void> {
  if (providerId === null) return;
  const [provider] = await tx
    .select({ id: providers.id })
    .from(providers)
    .where(and(eq(providers.practiceId, practiceId), eq(providers.id, providerId)));
  if (!provider) throw new Refusal('invalid', 'providerId');
}

/** @throws Refusal not_found */
export async function readPatient(tx: Tx, { practiceId }: Staff, patientId: string): Promise<PatientToEdit> {
  const [found] = await tx
    .select({
      patient: patients,
      providerName: sql<string | null>`nullif(${sql.raw(providerName('providers'))}, '')`,
    })
    .from(patients)
    .leftJoin(providers, eq(providers.id, patients.providerId))
    .where(and(eq(patients.practiceId, practiceId), eq(patients.id, patientId)));
  if (!found) throw new Refusal('not_found');
  return { ...found.patient, providerName: found.providerName };
}
