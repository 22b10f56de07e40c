import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { instantAt, localDay, minuteOfDay } from '../../domain/book/rules/localTime.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { offeredTimes } from '../../domain/bookings/offer.ts';
import { readRequirement } from '../../domain/bookings/requirement.ts';
import { expireLink, moveOffFollowUp, recordUsage, writeAppointment } from '../../domain/bookings/steps.ts';
import { confirmationMessages, reminderMessages } from '../../domain/messages/automatic.ts';
import type { Tx } from '../../drizzle/database.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { buildPractice, testKeys } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { expectConsistent } from './consistent.ts';

let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
});
afterEach(() => void vi.useRealTimers());
afterAll(() => db?.drop());

const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
/** The clock of these processes; the database keeps its own. */
const goTo = (instant: string | number) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(instant) });
const justBefore = (instant: string) => Date.parse(instant) - 1;

const nights = [
  {
    zone: 'Europe/Amsterdam',
    change: 'skips an hour',
    sent: ['2027-03-26', '2027-03-26T11:00:00.000Z'],
    // When the doors open on the day before, the day of the change, and the day after.
    opens: ['2027-03-27T07:00:00.000Z', '2027-03-28T06:00:00.000Z', '2027-03-29T06:00:00.000Z'],
    reminder: '2027-03-28T08:00:00.000Z',
    expires: '2027-03-29T22:00:00.000Z',
  },
  {
    zone: 'Europe/Amsterdam',
    change: 'has an hour twice',
    sent: ['2027-10-29', '2027-10-29T10:00:00.000Z'],
    opens: ['2027-10-30T06:00:00.000Z', '2027-10-31T07:00:00.000Z', '2027-11-01T07:00:00.000Z'],
    reminder: '2027-10-31T09:00:00.000Z',
    expires: '2027-11-01T23:00:00.000Z',
  },
  {
    zone: 'Europe/London',
    change: 'skips an hour',
    sent: ['2027-03-26', '2027-03-26T12:00:00.000Z'],
    opens: ['2027-03-27T08:00:00.000Z', '2027-03-28T07:00:00.000Z', '2027-03-29T07:00:00.000Z'],
    reminder: '2027-03-28T09:00:00.000Z',
    expires: '2027-03-29T23:00:00.000Z',
  },
  {
    zone: 'Europe/London',
    change: 'has an hour twice',
    sent: ['2027-10-29', '2027-10-29T11:00:00.000Z'],
    opens: ['2027-10-30T07:00:00.000Z', '2027-10-31T08:00:00.000Z', '2027-11-01T08:00:00.000Z'],
    reminder: '2027-10-31T10:00:00.000Z',
    expires: '2027-11-02T00:00:00.000Z',
  },
] as const;

describe.each(nights)('fault 13: a link whose life goes over the night that $change in $zone', (night) => {
  const { zone, sent, opens, reminder, expires } = night;

  /** Links are good for three days, and reminded of after two, at ten. */
  async function linkBefore() {
    const [day, instant] = sent;
    expect(instantAt(day, 12 * 60, zone)).toBe(Date.parse(instant));
    goTo(instant);
    const built = await buildPractice(db, {
      timeZone: zone,
      linkValidityDays: 3,
      reminderDays: [2],
      reminderMinute: 600,
    });
    const hours = { fromMinute: 480, untilMinute: 1080 };
    for (const table of [tables.workingHours, tables.openingHours])
      await db.database.update(table).set(hours).where(eq(table.practiceId, built.practice.id));
    const link = await buildSent(db, built, { planned: { intervalDays: 1 } });
    const [booking] = await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, link.bookingId));
    return { ...link, booking: booking! };
  }
  const messagesOf = async (bookingId: string, kind: 'reminder' | 'confirmation') =>
    (await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId))).filter(
      (message) => message.kind === kind,
    );

  it('is reminded of at ten, and ends with its last day, by the clock on the wall', async () => {
    const { bookingId, booking } = await linkBefore();
    expect(booking.reminderTimes).toEqual([new Date(reminder)]);
    expect(booking.linkExpiresAt).toEqual(new Date(expires));
    goTo(justBefore(reminder));
    await inTx((tx) => reminderMessages(tx, testKeys, bookingId));
    expect(await messagesOf(bookingId, 'reminder')).toHaveLength(0);
    goTo(reminder);
    await inTx((tx) => reminderMessages(tx, testKeys, bookingId));
    expect(await messagesOf(bookingId, 'reminder')).toHaveLength(2);
    goTo(justBefore(expires));
    expect((await inTx((tx) => expireLink(tx, bookingId))).state).toBe('link_sent');
    goTo(expires);
    expect((await inTx((tx) => expireLink(tx, bookingId))).state).toBe('expired');
    await expectConsistent(db.sql);
  });

  it('offers the practice’s hours on the days around it, and what is chosen stands where it was shown', async () => {
    const { bookingId, booking } = await linkBefore();
    const requirement = await readRequirement(db.database, booking);
    const days = opens.map((open) => localDay(Date.parse(open), zone));
    const starts = await offeredTimes(db.sql, booking, requirement, { fromDay: days[0]!, untilDay: '2027-11-02' });
    for (const [i, day] of days.entries()) {
      const there = starts.filter((start) => localDay(start, zone) === day);
      expect(new Date(there[0]!)).toEqual(new Date(opens[i]!));
      for (const start of there) {
        expect(minuteOfDay(start, zone)).toBeGreaterThanOrEqual(480);
        expect(minuteOfDay(start, zone)).toBeLessThanOrEqual(1050);
      }
    }

    // Chosen after the change, for the day after it.
    goTo(reminder);
    const startsAt = new Date(opens[2]);
    expect(await inTx((tx) => hold(tx, bookingId, startsAt))).toMatchObject({ taken: false });
    expect(await inTx((tx) => confirm(tx, bookingId))).toMatchObject({ taken: false, startsAt });
    await writeAppointment(db.database, bookingId);
    await moveOffFollowUp(db.database, bookingId);
    await recordUsage(db.database, bookingId);
    await inTx((tx) => confirmationMessages(tx, testKeys, bookingId));
    for (const { body } of await messagesOf(bookingId, 'confirmation')) expect(body).toMatch(/\b0?8:00/);
    const [entry] = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.bookingId, bookingId));
    expect([entry!.startsAt, entry!.endsAt]).toEqual([startsAt, new Date(startsAt.getTime() + 1_800_000)]);
    await expectConsistent(db.sql);
  });
});
