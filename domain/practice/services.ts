import { and, asc, eq, ne, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { services } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { Refusal } from '../refusal.ts';
import { changedFields } from './changes.ts';

export type Service = typeof services.$inferSelect;

export interface ServiceDetails {
  code: string;
  nameEn: string;
  nameNl: string;
  /** Minutes, 0 to 480. */
  estimatedMinutes: number;
  active: boolean;
}

/** By code. */
export async function listServices(tx: Tx, { practiceId }: Staff): Promise<Service[]> {
  return tx.select().from(services).where(eq(services.practiceId, practiceId)).orderBy(asc(services.code));
}

/** @throws Refusal not_found */
export async function readService(tx: Tx, by: Staff, serviceId: string): Promise<Service> {
  const [service] = await tx.select().from(services).where(own(by, serviceId));
  if (!service) throw new Refusal('not_found');
  return service;
}

/** @returns its id @throws Refusal invalid at `code` when another service has it */
export async function addService(tx: Tx, by: Staff, details: ServiceDetails): Promise<string> {
  await assertCode(tx, by, details.code, null);
  const [added] = await tx
    .insert(services)
    .values({ ...details, practiceId: by.practiceId })
    .returning({ id: services.id });
  await audit(tx, by, 'service.added', {}, { serviceId: added!.id });
  return added!.id;
}

/** What is planned already keeps the Estimated Time it was planned with. @throws Refusal not_found; invalid at `code` */
export async function changeService(tx: Tx, by: Staff, serviceId: string, details: ServiceDetails): Promise<void> {
  const [before] = await tx.select().from(services).where(own(by, serviceId)).for('no key update');
  if (!before) throw new Refusal('not_found');
  const changed = changedFields(before, details);
  if (changed.length === 0) return;
  if (changed.includes('code')) await assertCode(tx, by, details.code, serviceId);
  await tx.update(services).set(details).where(own(by, serviceId));
  await audit(tx, by, 'service.changed', {}, { serviceId, fields: changed.join(' ') });
}

const own = ({ practiceId }: Staff, id: string) => and(eq(services.practiceId, practiceId), eq(services.id, id));

/** Codes differ also when read without regard to capitals; one at a time, so that two colleagues can't add the same. */
async function assertCode(tx: Tx, { practiceId }: Staff, code: string, except: string | null): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('service codes of ' || ${practiceId}, 0))`);
  const [other] = await tx
    .select({ id: services.id })
    .from(services)
    .where(
      and(
        eq(services.practiceId, practiceId),
        sql`lower(${services.code}) = lower(${code})`,
        except === null ? undefined : ne(services.id, except),
      ),
    );
  if (other) throw new Refusal('invalid', 'code');
}
