import { and, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { providers } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { changedFields } from './changes.ts';

export interface ProviderDetails {
  title: string;
  name: string;
  /** 1 to 8. */
  colour: number;
  active: boolean;
}

export interface ListedProvider extends ProviderDetails {
  id: string;
  hasPicture: boolean;
  /** Ticked in the online configuration. */
  bookable: boolean;
  /** Chairs in use that an online booking may take. */
  onlineChairs: number;
  hasHours: boolean;
  /** Appointments still to come, and times that patients hold. */
  upcoming: number;
}

/** Those who treat first, by name. */
export async function listProviders(sql: Sql, { practiceId }: Staff): Promise<ListedProvider[]> {
  return sql<ListedProvider[]>`
    select v.id, v.title, v.name, v.colour, v.active, v.picture is not null as "hasPicture",
      coalesce((select o.bookable from provider_online_booking o where o.provider_id = v.id), false) as bookable,
      (select count(*)::int from provider_online_chairs p join chairs c on c.id = p.chair_id and c.active
        where p.provider_id = v.id) as "onlineChairs",
      exists (select from working_hours w where w.provider_id = v.id) as "hasHours",
      (select count(*)::int from book_entries e where e.provider_id = v.id and e.kind <> 'block' and e.starts_at > now()
        and e.status not in ('cancelled', 'released', 'lapsed') and not (e.status = 'held' and e.held_until <= now())) as upcoming
    from providers v where v.practice_id = ${practiceId} order by v.active desc, v.name, v.id`;
}

/** @throws Refusal not_found */
export async function readProvider(sql: Sql, by: Staff, providerId: string): Promise<ListedProvider> {
  const provider = (await listProviders(sql, by)).find(({ id }) => id === providerId);
  if (!provider) throw new Refusal('not_found');
  return provider;
}

/** @returns its id */
export async function addProvider(tx: Tx, by: Staff, details: ProviderDetails): Promise<string> {
  const [added] = await tx
    .insert(providers)
    .values({ ...details, practiceId: by.practiceId })
    .returning({ id: providers.id });
  await audit(tx, by, 'provider.added', {}, { providerId: added!.id });
  await notifyLive(tx, by.practiceId, 'book');
  return added!.id;
}

/** A provider who no longer treats is offered nowhere; appointments that stand stay. @throws Refusal not_found */
export async function changeProvider(tx: Tx, by: Staff, providerId: string, details: ProviderDetails): Promise<void> {
  const before = await lockProvider(tx, by, providerId);
  const changed = changedFields<ProviderDetails>(before, details);
  if (changed.length === 0) return;
  await tx.update(providers).set(details).where(eq(providers.id, providerId));
  await audit(tx, by, 'provider.changed', {}, { providerId, fields: changed.join(' ') });
  await notifyLive(tx, by.practiceId, 'book', 'tasks', 'followUp');
}

/** @throws Refusal not_found */
export async function lockProvider(tx: Tx, { practiceId }: Staff, providerId: string): Promise<ProviderDetails> {
  const { title, name, colour, active } = providers;
  const [provider] = await tx
    .select({ title, name, colour, active })
    .from(providers)
    .where(and(eq(providers.practiceId, practiceId), eq(providers.id, providerId)))
    .for('no key update');
  if (!provider) throw new Refusal('not_found');
  return provider;
}
