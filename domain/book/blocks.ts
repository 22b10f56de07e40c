import { and, eq, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { lapseHolds, lockDays, standsDuring } from './claim.ts';
import { assertLocation, assertProvider, permittedChairs, timeZoneOf } from './places.ts';
import { addDays, daysBetween, localDay } from './rules/localTime.ts';

/** Time that nobody may book: a provider's, a chair's, or the whole location's where neither is given. */
export interface BlockWish {
  locationId: string;
  providerId: string | null;
  chairId: string | null;
  reason: 'closure' | 'absence' | 'emergency' | 'other';
  note: string;
  startsAt: Date;
  /** At most 31 days later; by the clock on the wall, which may have gone back an hour meanwhile. */
  endsAt: Date;
  /** Also where appointments or held times stand; they keep their places. */
  overlapAllowed: boolean;
}

export type Blocked = { taken: true; standing: number } | { taken: false; entryId: string };

const longestMs = 31 * 86_400_000 + 3_600_000;

/**
 * Blocks time, unless appointments or patients' held times stand there; then it says how many, and only blocks on purpose.
 * Safe to repeat: the very same block is made once.
 * @throws Refusal not_found (location), invalid or provider_inactive at `provider`, invalid at `chair`, date_past at `untilDay`
 */
export async function makeBlock(tx: Tx, by: Staff, wish: BlockWish): Promise<Blocked> {
  await assertLocation(tx, by, wish.locationId);
  if (wish.providerId) await assertProvider(tx, by, wish.providerId);
  if (wish.chairId) await permittedChairs(tx, by, wish.locationId, wish.chairId);
  if (wish.endsAt <= wish.startsAt || wish.endsAt.getTime() - wish.startsAt.getTime() > longestMs)
    throw new Refusal('invalid', 'untilDay');
  const timeZone = await timeZoneOf(tx, by);
  const lastDay = localDay(wish.endsAt.getTime() - 1, timeZone);
  if (lastDay < localDay(Date.now(), timeZone)) throw new Refusal('date_past', 'untilDay');
  await lockDays(tx, by.practiceId, daysBetween(localDay(wish.startsAt.getTime(), timeZone), addDays(lastDay, 1)));
  await lapseHolds(tx, { ...wish, chairIds: wish.chairId ? [wish.chairId] : [] });

  const stands = await standingUnder(tx, by, wish);
  if (stands.twin) return { taken: false, entryId: stands.twin };
  if (stands.booked > 0 && !wish.overlapAllowed) return { taken: true, standing: stands.booked };
  const [block] = await tx
    .insert(bookEntries)
    .values({
      practiceId: by.practiceId,
      locationId: wish.locationId,
      kind: 'block',
      status: 'booked',
      providerId: wish.providerId,
      chairId: wish.chairId,
      startsAt: wish.startsAt,
      endsAt: wish.endsAt,
      blockReason: wish.reason,
      note: wish.note,
      overlapAllowed: stands.excluded,
    })
    .returning({ id: bookEntries.id });
  const times = { startsAt: wish.startsAt.toISOString(), endsAt: wish.endsAt.toISOString() };
  await audit(tx, by, 'block.made', { entryId: block!.id }, { ...times, reason: wish.reason, standing: stands.booked });
  await notifyLive(tx, by.practiceId, 'book');
  return { taken: false, entryId: block!.id };
}

/** Gives blocked time back. Safe to repeat. @throws Refusal not_found */
export async function cancelBlock(tx: Tx, by: Staff, id: string): Promise<void> {
  const [block] = await tx
    .select({ status: bookEntries.status })
    .from(bookEntries)
    .where(and(eq(bookEntries.id, id), eq(bookEntries.practiceId, by.practiceId), eq(bookEntries.kind, 'block')))
    .for('update');
  if (!block) throw new Refusal('not_found');
  if (block.status === 'cancelled') return;
  await tx.update(bookEntries).set({ status: 'cancelled' }).where(eq(bookEntries.id, id));
  await audit(tx, by, 'block.cancelled', { entryId: id });
  await notifyLive(tx, by.practiceId, 'book');
}

/**
 * Under the days' lock: how many appointments and held times stand in a block's time, whether the exclusion constraints
 * would refuse it (another block counts there too), and the id of the very same block.
 */
async function standingUnder(
  tx: Tx,
  { practiceId }: Staff,
  wish: BlockWish,
): Promise<{ booked: number; excluded: boolean; twin: string | null }> {
  const whole = wish.providerId === null && wish.chairId === null;
  const [row] = await tx.execute(sql`
    select
      count(*) filter (where kind <> 'block' and (${whole}::boolean and location_id = ${wish.locationId} or provider_id = ${wish.providerId}::uuid or chair_id = ${wish.chairId}::uuid))::int as booked,
      coalesce(bool_or(not overlap_allowed and (provider_id = ${wish.providerId}::uuid or chair_id = ${wish.chairId}::uuid)), false) as excluded,
      min(id::text) filter (where kind = 'block' and location_id = ${wish.locationId} and provider_id is not distinct from ${wish.providerId}::uuid
        and chair_id is not distinct from ${wish.chairId}::uuid and starts_at = ${wish.startsAt.toISOString()}::timestamptz
        and ends_at = ${wish.endsAt.toISOString()}::timestamptz and block_reason = ${wish.reason}::block_reason) as twin
    from book_entries
    where practice_id = ${practiceId} and ${standsDuring('book_entries', wish)}
      and not (status = 'held' and held_until <= clock_timestamp())`);
  return row as unknown as { booked: number; excluded: boolean; twin: string | null };
}
