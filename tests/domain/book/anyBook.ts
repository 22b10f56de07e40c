import { and, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import type { GapWish } from '../../../domain/book/gaps.ts';
import { findGaps } from '../../../domain/book/rules/gaps.ts';
import { addDays, localDay, startOfDay } from '../../../domain/book/rules/localTime.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPlanned, buildPractice, inDays } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

export const { bookEntries } = tables;
type Entry = typeof bookEntries.$inferSelect;
type NewEntry = typeof bookEntries.$inferInsert;

export let db: FreshDatabase;
export let built: BuiltPractice;
let locationIds: string[];
/** By location. */
let chairIds: string[][];
export let patientId: string;
let bookingIds: string[];

/** A practice of two locations, its book empty before each test. */
export function useAnyBook(): void {
  beforeAll(async () => {
    db = await freshDatabase({ max: 12 });
    // Busy days are UTC's: midnight here lies an hour before theirs.
    built = await buildPractice(db, { timeZone: 'Africa/Lagos' });
    const { id: practiceId } = built.practice;
    const [second] = await db.database
      .insert(tables.locations)
      .values({ ...built.location, id: undefined, name: 'Mill' })
      .returning();
    const locationId = second!.id;
    const others = await db.database
      .insert(tables.chairs)
      .values([1, 2].map((position) => ({ practiceId, locationId, name: `Mill ${position}`, position })))
      .returning();
    const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
      practiceId,
      locationId,
      weekday,
      fromMinute: 0,
      untilMinute: 1440,
    }));
    await db.database.insert(tables.openingHours).values(week);
    for (const { id: providerId } of built.providers)
      await db.database.insert(tables.workingHours).values(week.map((hours) => ({ ...hours, providerId })));
    locationIds = [built.location.id, locationId];
    chairIds = [built.chairs.map(({ id }) => id), others.map(({ id }) => id)];
    patientId = (await buildPatient(db, built)).id;
    bookingIds = [];
    for (let number = 1; number <= 3; number++) bookingIds.push(await openBooking());
  });
  beforeEach(() => db.database.delete(bookEntries));
  afterEach(async () => {
    const broken = await findInconsistencies(db.sql, { atRest: false });
    expect(broken.filter(({ rule }) => rule.includes('busy days'))).toEqual([]);
  });
  afterAll(() => db?.drop());
}

async function openBooking(): Promise<string> {
  const planned = await buildPlanned(db, built, patientId);
  const [booking] = await db.database
    .insert(tables.bookings)
    .values({
      practiceId: built.practice.id,
      patientId,
      plannedAppointmentId: planned.id,
      locationId: built.location.id,
      number: 1,
      state: 'link_sent',
      visitDay: localDay(Date.now(), built.practice.timeZone),
      departureEndsAt: new Date(),
      requirementVersion: 1,
    })
    .returning();
  return booking!.id;
}

const firstDay = 20;
const days = 6;
const quarter = fc.integer({ min: 0, max: days * 96 - 1 });
const which = fc.nat({ max: 1 });
export const time = fc.record({ start: quarter, quarters: fc.integer({ min: 1, max: 20 }) });
export const place = fc.record({ location: which, provider: which, chair: which });
export const writes = fc.oneof(
  fc.record({ write: fc.constant('appointment' as const), time, place, overlap: fc.boolean() }),
  fc.record({ write: fc.constant('hold' as const), time, place, booking: fc.nat({ max: 2 }), ranOut: fc.boolean() }),
  fc.record({
    write: fc.constant('block' as const),
    time: fc.record({ start: quarter, quarters: fc.integer({ min: 1, max: 400 }) }),
    place: fc.record({
      location: which,
      provider: fc.option(which),
      chair: fc.option(which),
    }),
    overlap: fc.boolean(),
  }),
  fc.record({ write: fc.constant('move' as const), entry: fc.nat(), time, place }),
  fc.record({ write: fc.constant('end' as const), entry: fc.nat() }),
  fc.record({ write: fc.constant('hold on' as const), entry: fc.nat(), ranOut: fc.boolean() }),
  fc.record({ write: fc.constant('confirm' as const), entry: fc.nat() }),
  fc.record({ write: fc.constant('arrive' as const), entry: fc.nat() }),
  fc.record({ write: fc.constant('delete' as const), entry: fc.nat() }),
);
export type Write = typeof writes extends fc.Arbitrary<infer T> ? T : never;

export const timesOf = ({ start, quarters }: { start: number; quarters: number }) => {
  const startsAt = new Date(inDays(built, firstDay, 0).getTime() + start * 900_000);
  return { startsAt, endsAt: new Date(startsAt.getTime() + quarters * 900_000) };
};
export const at = ({
  location,
  provider,
  chair,
}: {
  location: number;
  provider: number | null;
  chair: number | null;
}) => ({
  locationId: locationIds[location]!,
  providerId: provider === null ? null : built.providers[provider]!.id,
  chairId: chair === null ? null : chairIds[location]![chair]!,
});
const heldUntil = (ranOut: boolean) => new Date(Date.now() + (ranOut ? -1 : 1) * 3_600_000);

/** Does what is asked for where the constraints let it, by itself or in a transaction. */
export async function does(tx: Tx, write: Write): Promise<void> {
  const practiceId = built.practice.id;
  const insert = (entry: Omit<NewEntry, 'practiceId'>) =>
    tx
      .insert(bookEntries)
      .values({ ...entry, practiceId })
      .onConflictDoNothing();
  if (write.write === 'appointment') {
    const { overlap: overlapAllowed } = write;
    await insert({
      ...at(write.place),
      ...timesOf(write.time),
      kind: 'appointment',
      status: 'booked',
      patientId,
      overlapAllowed,
    });
    return;
  }
  if (write.write === 'hold') {
    const hold = { kind: 'hold', status: 'held', patientId, heldUntil: heldUntil(write.ranOut) } as const;
    await insert({ ...at(write.place), ...timesOf(write.time), ...hold, bookingId: bookingIds[write.booking]! });
    return;
  }
  if (write.write === 'block') {
    const { overlap: overlapAllowed } = write;
    await insert({ ...at(write.place), ...timesOf(write.time), kind: 'block', status: 'booked', overlapAllowed });
    return;
  }
  const all = await tx.select().from(bookEntries).orderBy(bookEntries.id);
  const entry = all[write.entry % all.length];
  if (!entry) return;
  const set = (change: Partial<Entry>) => tx.update(bookEntries).set(change).where(eq(bookEntries.id, entry.id));
  if (write.write === 'move')
    await set({ ...(entry.kind === 'block' ? {} : at(write.place)), ...timesOf(write.time), overlapAllowed: true });
  else if (write.write === 'end') await set({ status: entry.kind === 'hold' ? 'lapsed' : 'cancelled' });
  else if (write.write === 'delete') await tx.delete(bookEntries).where(eq(bookEntries.id, entry.id));
  else if (entry.kind === 'hold' && entry.status === 'held' && write.write === 'hold on')
    await set({ heldUntil: heldUntil(write.ranOut) });
  else if (entry.kind === 'hold' && entry.status === 'held' && write.write === 'confirm')
    await set({ status: 'confirmed' });
  else if (entry.kind === 'appointment' && entry.status === 'booked' && write.write === 'arrive')
    await set({ status: 'arrived' });
}

export const wishes = fc.record({
  location: which,
  provider: which,
  chairs: fc.constantFrom([0], [1], [0, 1], [1, 0]),
  minutes: fc.constantFrom(15, 30, 120),
  from: fc.integer({ min: -1, max: days }),
  length: fc.integer({ min: 1, max: days }),
  booking: fc.option(fc.nat({ max: 2 })),
});

export function wishOf({
  location,
  provider,
  chairs,
  minutes,
  from,
  length,
  booking,
}: typeof wishes extends fc.Arbitrary<infer T> ? T : never): GapWish {
  const { timeZone } = built.practice;
  const fromDay = addDays(localDay(Date.now(), timeZone), firstDay + from);
  return {
    locationId: locationIds[location]!,
    providerId: built.providers[provider]!.id,
    chairIds: chairs.map((chair) => chairIds[location]![chair]!),
    minutes,
    timeZone,
    fromDay,
    untilDay: addDays(fromDay, length),
    notBefore: 0,
    bookingId: booking === null ? null : bookingIds[booking]!,
  };
}

/** A search that reads every entry there is and is open day and night. */
export async function plainly({
  locationId,
  providerId,
  chairIds: chairs,
  minutes,
  fromDay,
  untilDay,
  timeZone,
  bookingId,
}: GapWish) {
  const entries = await db.database
    .select()
    .from(bookEntries)
    .where(and(eq(bookEntries.living, true), eq(bookEntries.practiceId, built.practice.id)));
  const counts = entries.filter(
    (entry) => entry.status !== 'held' || (entry.heldUntil!.getTime() > Date.now() && entry.bookingId !== bookingId),
  );
  const busy = (takes: (entry: Entry) => boolean) =>
    counts.filter(takes).map(({ startsAt, endsAt }) => ({ from: startsAt.getTime(), until: endsAt.getTime() }));
  const whole = { from: startOfDay(fromDay, timeZone), until: startOfDay(untilDay, timeZone) };
  return findGaps({
    openings: [whole],
    providerBusy: busy(
      (entry) =>
        entry.providerId === providerId ||
        (entry.providerId === null && entry.chairId === null && entry.locationId === locationId),
    ),
    chairs: chairs.map((id) => ({ id, busy: busy(({ chairId }) => chairId === id) })),
    length: minutes * 60_000,
    ...whole,
  });
}

/** The constraints may refuse what was asked for. */
export const orRefused = (work: Promise<void>) =>
  work.catch((error: { cause?: { code?: string } }) => {
    if (error.cause?.code !== '23P01' && error.cause?.code !== '23505') throw error;
  });
