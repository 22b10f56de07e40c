import { and, eq, gte, inArray, sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { databaseErrorIn } from '../../drizzle/faults.ts';
import { bookEntries } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { audit } from '../audit.ts';
import { notifyLive } from '../live.ts';
import { Refusal } from '../refusal.ts';
import { type Claimed, claim, lapseHolds, lockDays } from './claim.ts';
import { lockAppointment } from './entry.ts';
import type { BookEntry } from './holds.ts';
import { assertLocation, assertPatient, assertProvider, permittedChairs, timeZoneOf } from './places.ts';
import { canBeMoved } from './rules/appointmentStates.ts';
import { localDay } from './rules/localTime.ts';
import { chairsFor, patientElsewhere } from './standing.ts';

/** Where and when an appointment shall stand. */
export interface DeskWish {
  providerId: string;
  /** None: any chair of the location that is free. */
  chairId: string | null;
  startsAt: Date;
  minutes: number;
  description: string;
  note: string;
  /** Over what stands there, on purpose; it counts only where something does. */
  overlapAllowed: boolean;
  /** Although the patient has another appointment then, on purpose. */
  twiceAllowed: boolean;
}

/**
 * Makes an ordinary appointment at the desk. Safe to repeat: the very same one is not made twice.
 * @throws Refusal not_found (patient, location), invalid or provider_inactive at `provider`, invalid at `chair`, date_past
 * at `day`, patient_elsewhere at `start` where the patient has another appointment then: a warning, which a rival booking at
 * the same moment may escape
 */
export async function makeAppointment(
  tx: Tx,
  by: Staff,
  wish: DeskWish & { locationId: string; patientId: string },
): Promise<Claimed> {
  await assertLocation(tx, by, wish.locationId);
  await assertPatient(tx, by, wish.patientId);
  await assertProvider(tx, by, wish.providerId);
  const timeZone = await timeZoneOf(tx, by);
  const endsAt = endOf(wish);
  const days = daysOf({ startsAt: wish.startsAt, endsAt }, timeZone);
  assertNotPast(days, timeZone);
  const chairIds = await permittedChairs(tx, by, wish.locationId, wish.chairId);
  const full = { ...wish, ...by, endsAt, days, chairIds, kind: 'appointment' as const, madeBy: 'desk' as const };

  const isElsewhere = !wish.twiceAllowed && (await patientElsewhere(tx, full, null)).length > 0;
  let made: Claimed = isElsewhere ? { taken: true } : await claim(tx, { ...full, overlapAllowed: false });
  if (made.taken) {
    const twin = await sameAlready(tx, full);
    if (twin) return { taken: false, entryId: twin.id, chairId: twin.chairId! };
    if (isElsewhere) throw new Refusal('patient_elsewhere', 'start');
    if (!wish.overlapAllowed) return made;
    const { chairFree } = await chairsFor(tx, full, null);
    made = await claim(tx, { ...full, chairIds: [...chairFree, ...chairIds], overlapAllowed: true });
    if (made.taken) return made;
    await write(true, made.entryId);
  } else await write(false, made.entryId);
  return made;

  async function write(overlap: boolean, entryId: string) {
    const refs = { patientId: wish.patientId, entryId };
    await audit(tx, by, 'appointment.made', refs, {
      startsAt: wish.startsAt.toISOString(),
      minutes: wish.minutes,
      overlap,
    });
    await notifyLive(tx, by.practiceId, 'book');
  }
}

/**
 * Moves an appointment, makes it longer or shorter, or changes its words. Within its own time nothing new can stand in its
 * way. What is not given stays as it is; a chair that is not free gives way to another where `anyChair` says so.
 * @throws Refusal not_found, kept_for_patient, not_changeable, invalid or provider_inactive at `provider`, invalid at
 * `chair`, date_past at `day`, patient_elsewhere at `start` where the time is another and the patient has an appointment then
 */
export async function changeAppointment(
  tx: Tx,
  by: Staff,
  id: string,
  change: Partial<DeskWish> & { anyChair?: boolean },
): Promise<Claimed> {
  const before = await lockAppointment(tx, by, id);
  if (!canBeMoved(before.status)) throw new Refusal('not_changeable');
  const timeZone = await timeZoneOf(tx, by);
  const providerId = change.providerId ?? before.providerId!;
  if (providerId !== before.providerId) await assertProvider(tx, by, providerId);
  const startsAt = change.startsAt ?? before.startsAt;
  const endsAt = endOf({ startsAt, minutes: change.minutes ?? minutesOf(before) });
  const chairIds = await chairsOf(tx, by, before, change);
  const words = { description: change.description ?? before.description, note: change.note ?? before.note };
  const after = { locationId: before.locationId, providerId, chairIds, startsAt, endsAt };

  if (staysWithin(before, after)) {
    await tx
      .update(bookEntries)
      .set({ startsAt, endsAt, ...words })
      .where(eq(bookEntries.id, id));
    return written(before.chairId!, before.overlapAllowed);
  }
  const newDays = daysOf(after, timeZone);
  const oldDays = daysOf(before, timeZone);
  if (newDays[0] !== oldDays[0]) assertNotPast(newDays, timeZone);
  const isSameTime = +startsAt === +before.startsAt && +endsAt === +before.endsAt;
  const whose = { patientId: before.patientId!, startsAt, endsAt };
  if (!isSameTime && !change.twiceAllowed && (await patientElsewhere(tx, whose, id)).length > 0)
    throw new Refusal('patient_elsewhere', 'start');
  await lockDays(tx, by.practiceId, [...oldDays, ...newDays]);
  await lapseHolds(tx, after);
  const { fitting, chairFree } = await chairsFor(tx, after, id);
  const overlapAllowed = fitting.length === 0;
  if (overlapAllowed && !change.overlapAllowed) return { taken: true };
  const chairId = fitting[0] ?? chairFree[0] ?? chairIds[0]!;
  const stands = await updateUnlessTaken(tx, id, { providerId, chairId, startsAt, endsAt, overlapAllowed, ...words });
  return stands ? written(chairId, overlapAllowed) : { taken: true };

  async function written(chairId: string, overlap: boolean): Promise<Claimed> {
    const moved = {
      from: before.startsAt.toISOString(),
      startsAt: startsAt.toISOString(),
      minutes: minutesOf({ startsAt, endsAt }),
    };
    const refs = { patientId: before.patientId!, entryId: id };
    await audit(tx, by, 'appointment.moved', refs, { ...moved, providerId, chairId, overlap });
    await notifyLive(tx, by.practiceId, 'book', 'online');
    return { taken: false, entryId: id, chairId };
  }
}

/** How often the appointment that came of a booking was moved or changed at the desk. */
export async function changesOf(tx: Tx, bookingId: string): Promise<number> {
  const [row] = await tx.execute<{ changes: number }>(sql`
    select count(*)::int as changes from book_entries entry
    join audit_entries change on change.patient_id = entry.patient_id and change.entry_id = entry.id
    where entry.booking_id = ${bookingId} and entry.kind = 'appointment' and change.action = 'appointment.moved'`);
  return row!.changes;
}

/** The exclusion constraints are the last judge; a savepoint keeps the transaction alive when they refuse. */
async function updateUnlessTaken(tx: Tx, id: string, change: Partial<BookEntry>): Promise<boolean> {
  try {
    await tx.transaction((savepoint) => savepoint.update(bookEntries).set(change).where(eq(bookEntries.id, id)));
    return true;
  } catch (error) {
    if (databaseErrorIn(error)?.code === '23P01') return false;
    throw error;
  }
}

/** The chair asked for; else its own first, and the others after it where any will do. */
async function chairsOf(
  tx: Tx,
  by: Staff,
  entry: BookEntry,
  { chairId, anyChair }: { chairId?: string | null; anyChair?: boolean },
): Promise<string[]> {
  if (chairId && chairId !== entry.chairId) return permittedChairs(tx, by, entry.locationId, chairId);
  if (chairId || (chairId === undefined && !anyChair)) return [entry.chairId!];
  const others = await permittedChairs(tx, by, entry.locationId, null);
  return [entry.chairId!, ...others.filter((other) => other !== entry.chairId)];
}

const staysWithin = (
  before: BookEntry,
  after: { providerId: string; chairIds: string[]; startsAt: Date; endsAt: Date },
) =>
  after.providerId === before.providerId &&
  after.chairIds[0] === before.chairId &&
  after.startsAt >= before.startsAt &&
  after.endsAt <= before.endsAt;

async function sameAlready(
  tx: Tx,
  wish: { practiceId: string; patientId: string; providerId: string; chairIds: string[]; startsAt: Date; endsAt: Date },
) {
  const [twin] = await tx
    .select({ id: bookEntries.id, chairId: bookEntries.chairId })
    .from(bookEntries)
    .where(
      and(
        eq(bookEntries.practiceId, wish.practiceId),
        eq(bookEntries.patientId, wish.patientId),
        eq(bookEntries.providerId, wish.providerId),
        inArray(bookEntries.chairId, wish.chairIds),
        eq(bookEntries.startsAt, wish.startsAt),
        eq(bookEntries.endsAt, wish.endsAt),
        eq(bookEntries.kind, 'appointment'),
        eq(bookEntries.status, 'booked'),
        eq(bookEntries.madeBy, 'desk'),
        // Made a moment ago: a button pressed twice, not a second thought.
        gte(bookEntries.createdAt, sql`clock_timestamp() - interval '1 minute'`),
      ),
    )
    .limit(1);
  return twin;
}

/** The desk writes up what was done earlier today, nothing of a day before. @throws Refusal date_past at `day` */
export function assertNotPast(days: string[], timeZone: string): void {
  if (days[0]! < localDay(Date.now(), timeZone)) throw new Refusal('date_past', 'day');
}

const minutesOf = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }) =>
  (endsAt.getTime() - startsAt.getTime()) / 60_000;
const endOf = ({ startsAt, minutes }: { startsAt: Date; minutes: number }) =>
  new Date(startsAt.getTime() + minutes * 60_000);

/** The local days that a time touches, the first and the last. */
export const daysOf = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }, timeZone: string) => [
  localDay(startsAt.getTime(), timeZone),
  localDay(endsAt.getTime() - 1, timeZone),
];
