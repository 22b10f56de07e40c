import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { chairs, providerOnlineBooking, providerOnlineChairs } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { changedFields } from './changes.ts';
import { lockProvider } from './providers.ts';

/** How patients may book a provider online. */
export interface OnlineConfiguration {
  bookable: boolean;
  daysAhead: number;
  earliestNoticeMinutes: number;
  /** The preferred one first. */
  chairIds: string[];
}

/** What a provider begins with, as the tables' defaults have it. */
const unconfigured: OnlineConfiguration = { bookable: false, daysAhead: 90, earliestNoticeMinutes: 240, chairIds: [] };

export async function readOnlineConfiguration(
  tx: Tx,
  { practiceId }: Staff,
  providerId: string,
): Promise<OnlineConfiguration> {
  const [row] = await tx
    .select()
    .from(providerOnlineBooking)
    .where(and(eq(providerOnlineBooking.practiceId, practiceId), eq(providerOnlineBooking.providerId, providerId)));
  const permitted = await tx
    .select({ chairId: providerOnlineChairs.chairId })
    .from(providerOnlineChairs)
    .where(and(eq(providerOnlineChairs.practiceId, practiceId), eq(providerOnlineChairs.providerId, providerId)))
    .orderBy(asc(providerOnlineChairs.position));
  const { bookable, daysAhead, earliestNoticeMinutes } = row ?? unconfigured;
  return { bookable, daysAhead, earliestNoticeMinutes, chairIds: permitted.map(({ chairId }) => chairId) };
}

/**
 * Changes how a provider is booked online, from the next look of a patient on.
 * @throws Refusal not_found; invalid at `chair` when a chair is not the practice's
 */
export async function configureOnlineBooking(
  tx: Tx,
  by: Staff,
  providerId: string,
  wish: OnlineConfiguration,
): Promise<void> {
  const { practiceId } = by;
  await lockProvider(tx, by, providerId);
  const changed = changedFields(await readOnlineConfiguration(tx, by, providerId), wish);
  if (changed.length === 0) return;
  const { chairIds, ...columns } = wish;
  await assertChairs(tx, by, chairIds);
  await tx
    .insert(providerOnlineBooking)
    .values({ ...columns, practiceId, providerId })
    .onConflictDoUpdate({ target: providerOnlineBooking.providerId, set: columns });
  await tx.delete(providerOnlineChairs).where(eq(providerOnlineChairs.providerId, providerId));
  if (chairIds.length > 0) {
    await tx
      .insert(providerOnlineChairs)
      .values(chairIds.map((chairId, position) => ({ practiceId, providerId, chairId, position })));
  }
  await audit(tx, by, 'provider.online_booking_changed', {}, { providerId, fields: changed.join(' ') });
  // The online button comes and goes with it.
  await notifyLive(tx, practiceId, 'tasks', 'followUp');
}

async function assertChairs(tx: Tx, { practiceId }: Staff, chairIds: string[]): Promise<void> {
  if (chairIds.length === 0) return;
  const known = await tx
    .select({ id: chairs.id })
    .from(chairs)
    .where(and(eq(chairs.practiceId, practiceId), inArray(chairs.id, chairIds)));
  if (known.length !== chairIds.length) throw new Refusal('invalid', 'chair');
}
