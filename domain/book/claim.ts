import { type SQL, sql } from 'drizzle-orm';
import { inOneGo, type Tx } from '../../drizzle/database.ts';
import { tally } from '../tally.ts';

/** A time in the book that somebody wants, with what shall stand there. */
export interface Wish {
  practiceId: string;
  locationId: string;
  providerId: string;
  /** Permitted chairs, the preferred one first. */
  chairIds: string[];
  startsAt: Date;
  endsAt: Date;
  /** The local days that it touches, as 'YYYY-MM-DD'. */
  days: string[];
  patientId: string;
  kind: 'appointment' | 'hold';
  madeBy: 'desk' | 'online';
  bookingId?: string | null;
  plannedAppointmentId?: string | null;
  description?: string;
  note?: string;
  heldUntil?: Date | null;
  requirementVersion?: number | null;
  /** Staff book over something on purpose. */
  overlapAllowed?: boolean;
}

export type Claimed = { taken: true } | { taken: false; entryId: string; chairId: string };

/**
 * The one way into the book: takes a time for a provider and one of the permitted chairs, or says that it is taken.
 *
 * Locks the practice's local days in order, so that rivals queue instead of colliding in the exclusion constraints; the
 * caller has locked the booking's row before, never after. Holds that ran out give way. A rival who has already
 * committed is seen before any lock is asked for.
 */
export async function claim(tx: Tx, wish: Wish): Promise<Claimed> {
  if (!wish.overlapAllowed && (await standsThere(tx, wish))) return lost();
  // Three statements, not one: each must see what the one before it has changed. Sent at once, so that rivals queue for as
  // short as can be.
  const [, , inserted] = await inOneGo(
    tx,
    daysLocked(wish.practiceId, wish.days),
    holdsLapsed(wish),
    wishInserted(wish),
  );
  const row = inserted?.[0] as { id: string; chair_id: string } | undefined;
  if (!row) return lost();
  tally('claims_won');
  return { taken: false, entryId: row.id, chairId: row.chair_id };
}

function lost(): Claimed {
  tally('claims_lost');
  return { taken: true };
}

/** Runs work that claims a time; when the race is lost, what it had changed before is undone. */
export async function undoneIfTaken<T extends { taken: boolean }>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T> {
  let result: T | undefined;
  try {
    return await tx.transaction(async (savepoint) => {
      result = await work(savepoint);
      if (result.taken) savepoint.rollback();
      return result;
    });
  } catch (error) {
    if (result?.taken) return result;
    throw error;
  }
}

/** Serialises all that writes into the practice's days. */
export async function lockDays(tx: Tx, practiceId: string, days: string[]): Promise<void> {
  await tx.execute(daysLocked(practiceId, days));
}

/** Sorted, so that two writers of several days never wait in a ring. */
function daysLocked(practiceId: string, days: string[]): SQL {
  const keys = [...new Set(days)].sort().map((day) => `${practiceId} ${day}`);
  return sql`select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(${`{${keys.map((key) => `"${key}"`).join(',')}}`}::text[]) as key`;
}

/** Ends the holds whose minutes are over and which stand in the way. Under the days' lock only. */
export async function lapseHolds(tx: Tx, time: Stretch): Promise<void> {
  await tx.execute(holdsLapsed(time));
}

interface Stretch {
  providerId: string | null;
  chairIds: string[];
  startsAt: Date;
  endsAt: Date;
}

const holdsLapsed = (time: Stretch): SQL => sql`
  update book_entries set status = 'lapsed'
  where kind = 'hold' and status = 'held' and held_until <= clock_timestamp()
    and (provider_id = ${time.providerId}::uuid or chair_id = any(${uuids(time.chairIds)}))
    and ${standsDuring('book_entries', time)}`;

/** One statement tries each chair in turn: after the first success the provider's own constraint refuses the rest. */
const wishInserted = (wish: Wish): SQL => sql`
  insert into book_entries (practice_id, location_id, kind, status, provider_id, chair_id, starts_at, ends_at, patient_id,
    booking_id, planned_appointment_id, made_by, description, note, held_until, requirement_version, overlap_allowed)
  select ${wish.practiceId}, ${wish.locationId}, ${wish.kind}::entry_kind,
    ${wish.kind === 'hold' ? 'held' : 'booked'}::entry_status, ${wish.providerId}, wanted.chair_id,
    ${wish.startsAt.toISOString()}::timestamptz, ${wish.endsAt.toISOString()}::timestamptz, ${wish.patientId},
    ${wish.bookingId ?? null}, ${wish.plannedAppointmentId ?? null}, ${wish.madeBy}::made_by, ${wish.description ?? ''},
    ${wish.note ?? ''}, ${wish.heldUntil?.toISOString() ?? null}::timestamptz, ${wish.requirementVersion ?? null}::int,
    ${wish.overlapAllowed ?? false}
  from unnest(${uuids(wish.overlapAllowed ? wish.chairIds.slice(0, 1) : wish.chairIds)}) with ordinality as wanted(chair_id, preference)
  where ${wish.overlapAllowed ?? false} or not exists (
    select from book_entries other
    where ${standsDuring('other', wish)}
      and (other.provider_id = ${wish.providerId} or other.chair_id = wanted.chair_id
        or (other.location_id = ${wish.locationId} and other.provider_id is null and other.chair_id is null)))
  order by wanted.preference
  on conflict do nothing
  returning id, chair_id`;

async function standsThere(tx: Tx, wish: Wish): Promise<boolean> {
  const rows = await tx.execute(sql`
    select 1 from book_entries
    where provider_id = ${wish.providerId} and not overlap_allowed and ${standsDuring('book_entries', wish)}
      and not (status = 'held' and (held_until <= clock_timestamp() or booking_id is not distinct from ${wish.bookingId ?? null}::uuid))
    limit 1`);
  return rows.length > 0;
}

/**
 * That an entry lives and meets a time. Said twice: behind the wall between practices the index of times serves the function
 * alone, which finds the entries; what they are is read from their rows.
 */
export function standsDuring(entry: 'book_entries' | 'other' | 'e', time: { startsAt: Date; endsAt: Date }): SQL {
  const range = sql`tstzrange(${time.startsAt.toISOString()}::timestamptz, ${time.endsAt.toISOString()}::timestamptz)`;
  const of = sql.identifier(entry);
  return sql`${of}.id = any((select entries_during(${range}))::uuid[]) and ${of}.living and ${of}.during && ${range}`;
}

export const uuids = (ids: string[]) => sql`${`{${ids.join(',')}}`}::uuid[]`;
