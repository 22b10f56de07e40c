import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { instantAt, localDay, minuteOfDay } from '../../../domain/book/rules/localTime.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { deskTimes } from '../../../domain/bookings/deskTimes.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { offeredTimes, windowOf } from '../../../domain/bookings/offer.ts';
import { readRequirement } from '../../../domain/bookings/requirement.ts';
import { sendLink } from '../../../domain/bookings/sendLink.ts';
import { endDeparture, expireLink, writeAppointment } from '../../../domain/bookings/steps.ts';
import { depart } from '../../../domain/departures/depart.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import {
  type BuiltPractice,
  buildAppointment,
  buildPatient,
  buildPlanned,
  buildPractice,
  testKeys,
} from '../../builders.ts';
import { buildDeparting } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;

beforeAll(async () => {
  db = await freshDatabase();
});
afterEach(async () => {
  vi.useRealTimers();
  expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
});
afterAll(() => db?.drop());

const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
const bookingNow = async (id: string) =>
  (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, id)))[0]!;
const iso = (instant: Date | number | null) => instant && new Date(instant).toISOString();
const stateAt = async (instant: Date, step: (tx: Tx) => Promise<{ state: string }>) => {
  goTo(instant);
  return (await inTx(step)).state;
};

/** Only the clock of these processes: the database keeps its own, which is earlier. */
function goTo(instant: Date | number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: instant });
}

interface Leaving {
  zone: string;
  /** When the patient leaves, on the practice's clock. */
  day: string;
  hour: number;
  practice?: Parameters<typeof buildPractice>[1];
  intervalDays?: number;
}

async function leaving({ zone, day, hour, practice, intervalDays = 1 }: Leaving) {
  goTo(instantAt(day, hour * 60, zone));
  const built = await buildPractice(db, { timeZone: zone, ...practice });
  return { built, ...(await departing(built, intervalDays)) };
}

const departing = (built: BuiltPractice, intervalDays = 1) => buildDeparting(db, built, { planned: { intervalDays } });

async function sent(built: BuiltPractice, { taskId, bookingId }: { taskId: string; bookingId: string }) {
  await inTx((tx) => sendLink(tx, testKeys, built.staff, taskId, ['email']));
  return bookingNow(bookingId);
}

/** Every quarter hour of a day that the desk may book, as the practice's clock shows it. */
async function deskStarts({ id, ...booking }: Awaited<ReturnType<typeof bookingNow>>, day: string, zone: string) {
  const { days } = await deskTimes(db.database, db.sql, { ...booking, bookingId: id }, day);
  const times = days.find((one) => one.day === day)?.times ?? [];
  return times.map(({ startsAt }) => {
    const minute = minuteOfDay(startsAt, zone);
    return { startsAt, shown: `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}` };
  });
}

const amsterdam = 'Europe/Amsterdam';

describe.each([
  {
    what: 'across New Year',
    leaves: { zone: amsterdam, day: '2026-12-31', hour: 18 },
    departureEnds: '2026-12-31T23:00:00.000Z',
    firstDay: '2027-01-01',
    expires: '2027-01-14T23:00:00.000Z',
    reminders: ['2027-01-03T09:00:00.000Z', '2027-01-08T09:00:00.000Z'],
  },
  {
    what: 'to a leap day',
    leaves: { zone: amsterdam, day: '2028-02-28', hour: 9 },
    departureEnds: '2028-02-28T23:00:00.000Z',
    firstDay: '2028-02-29',
    expires: '2028-03-13T23:00:00.000Z',
    reminders: ['2028-03-02T09:00:00.000Z', '2028-03-07T09:00:00.000Z'],
  },
  {
    what: 'four weeks over a leap day',
    leaves: { zone: amsterdam, day: '2028-02-15', hour: 9, intervalDays: 28 },
    departureEnds: '2028-02-15T23:00:00.000Z',
    firstDay: '2028-03-14',
    expires: '2028-02-29T23:00:00.000Z',
    reminders: ['2028-02-18T09:00:00.000Z', '2028-02-23T09:00:00.000Z'],
  },
  {
    what: 'from the eve of summer time',
    leaves: { zone: amsterdam, day: '2027-03-27', hour: 16 },
    departureEnds: '2027-03-27T23:00:00.000Z',
    firstDay: '2027-03-28',
    expires: '2027-04-10T22:00:00.000Z',
    reminders: ['2027-03-30T08:00:00.000Z', '2027-04-04T08:00:00.000Z'],
  },
  {
    what: 'on the day of 25 hours',
    leaves: { zone: amsterdam, day: '2027-10-31', hour: 10 },
    departureEnds: '2027-10-31T23:00:00.000Z',
    firstDay: '2027-11-01',
    expires: '2027-11-14T23:00:00.000Z',
    reminders: ['2027-11-03T09:00:00.000Z', '2027-11-08T09:00:00.000Z'],
  },
  {
    what: 'where the server’s day is still the one before, before a change of half an hour',
    leaves: { zone: 'Australia/Lord_Howe', day: '2027-04-03', hour: 8 },
    departureEnds: '2027-04-03T13:00:00.000Z',
    firstDay: '2027-04-04',
    expires: '2027-04-17T13:30:00.000Z',
    reminders: ['2027-04-05T23:30:00.000Z', '2027-04-10T23:30:00.000Z'],
  },
  {
    what: 'where the server’s day is already the next, on the eve of summer time',
    leaves: { zone: 'America/New_York', day: '2027-03-13', hour: 21 },
    departureEnds: '2027-03-14T05:00:00.000Z',
    firstDay: '2027-03-14',
    expires: '2027-03-28T04:00:00.000Z',
    reminders: ['2027-03-16T14:00:00.000Z', '2027-03-21T14:00:00.000Z'],
  },
])('a booking $what', ({ leaves, departureEnds, firstDay, expires, reminders }) => {
  it('has its visit’s day, end, first allowed day, expiry and reminders on the practice’s clock', async () => {
    const { built, bookingId, taskId } = await leaving(leaves);
    const departed = await bookingNow(bookingId);
    expect([departed.visitDay, iso(departed.departureEndsAt)]).toEqual([leaves.day, departureEnds]);
    const requirement = await readRequirement(db.database, departed);
    expect(windowOf(departed, requirement).fromDay).toBe(firstDay);

    const booking = await sent(built, { bookingId, taskId });
    expect([iso(booking.linkExpiresAt), booking.reminderTimes.map(iso)]).toEqual([expires, reminders]);
    const [first] = await offeredTimes(db.sql, booking, requirement, { fromDay: leaves.day, untilDay: '2029-01-01' });
    expect(localDay(first!, leaves.zone)).toBe(firstDay);
  });

  it('goes to Follow Up at the end of the visit’s day, and its link ends with its last day, not a moment before', async () => {
    const { built, bookingId: left } = await leaving(leaves);
    const { bookingId, taskId } = await departing(built);
    await sent(built, { bookingId, taskId });
    const ends = new Date(departureEnds);
    expect(await stateAt(new Date(ends.getTime() - 1), (tx) => endDeparture(tx, left))).toBe('departing');
    expect(await stateAt(ends, (tx) => endDeparture(tx, left))).toBe('unbooked');
    const end = new Date(expires);
    expect(await stateAt(new Date(end.getTime() - 1), (tx) => expireLink(tx, bookingId))).toBe('link_sent');
    expect(await stateAt(end, (tx) => expireLink(tx, bookingId))).toBe('expired');
  });
});

describe('the night that', () => {
  it.each([
    ['skips an hour', amsterdam, '2027-03-27', '2027-03-28', 92, ['1:45', '3:00']],
    ['skips an hour in New York', 'America/New_York', '2027-03-13', '2027-03-14', 92, ['1:45', '3:00']],
    ['skips half an hour', 'Australia/Lord_Howe', '2027-10-02', '2027-10-03', 94, ['1:45', '2:30']],
  ])('%s offers no time that never comes', async (_, zone, eve, day, starts, around) => {
    const { bookingId } = await leaving({ zone, day: eve, hour: 12 });
    const times = await deskStarts(await bookingNow(bookingId), day, zone);
    expect(times).toHaveLength(starts);
    const at = times.findIndex(({ shown }) => shown === around[0]);
    expect(times[at + 1]!.shown).toBe(around[1]);
    expect(times[at + 1]!.startsAt - times[at]!.startsAt).toBe(15 * 60_000);
  });

  it.each([
    ['has an hour twice', amsterdam, '2027-10-30', '2027-10-31', 100, '2:30'],
    ['has half an hour twice', 'Australia/Lord_Howe', '2027-04-03', '2027-04-04', 98, '1:45'],
  ])('%s offers both, and each to another patient', async (_, zone, eve, day, starts, twice) => {
    const { built, ...first } = await leaving({ zone, day: eve, hour: 12 });
    const second = await departing(built);
    const bookings = [await sent(built, first), await sent(built, second)];
    const times = await deskStarts(bookings[0]!, day, zone);
    expect(times).toHaveLength(starts);
    const same = times.filter(({ shown }) => shown === twice).map(({ startsAt }) => new Date(startsAt));
    expect(same).toHaveLength(2);
    for (const [i, startsAt] of same.entries()) {
      const { id } = bookings[i]!;
      expect(await inTx((tx) => hold(tx, id, startsAt))).toMatchObject({ taken: false });
      expect(await inTx((tx) => confirm(tx, id))).toMatchObject({ taken: false, startsAt });
      expect((await inTx((tx) => writeAppointment(tx, id))).state).toBe('booked_online');
    }
    const entries = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.practiceId, built.practice.id));
    const online = entries.filter(({ madeBy }) => madeBy === 'online');
    expect(online.map(({ startsAt, endsAt }) => endsAt.getTime() - startsAt.getTime())).toEqual([1_800_000, 1_800_000]);
  });

  it('skips the reminder’s time moves it as much later, and lets it come once where it has it twice', async () => {
    const practice = { reminderDays: [1], reminderMinute: 150 };
    const spring = await leaving({ zone: amsterdam, day: '2027-03-27', hour: 11, practice });
    expect((await sent(spring.built, spring)).reminderTimes.map(iso)).toEqual(['2027-03-28T01:30:00.000Z']);
    const autumn = await leaving({ zone: amsterdam, day: '2027-10-30', hour: 11, practice });
    expect((await sent(autumn.built, autumn)).reminderTimes.map(iso)).toEqual(['2027-10-31T00:30:00.000Z']);
  });

  it('puts the clock back keeps a hold for its ten minutes all the same', async () => {
    const { built, ...effort } = await leaving({ zone: amsterdam, day: '2027-10-30', hour: 12 });
    const { id } = await sent(built, effort);
    goTo(Date.UTC(2027, 9, 31, 0, 55));
    await inTx((tx) => hold(tx, id, new Date('2027-11-02T09:00:00Z')));
    // By the database's clock, which rivals are judged by.
    const [held] = await db.sql`
      select extract(epoch from held_until - clock_timestamp()) / 60 as minutes from book_entries where booking_id = ${id}`;
    expect(Number(held!.minutes)).toBeGreaterThan(9);
    expect(Number(held!.minutes)).toBeLessThanOrEqual(10);
  });

  it('shortens the day by an hour shortens a link’s one day of life, and lengthens it in autumn', async () => {
    const practice = { linkValidityDays: 1 };
    const spring = await leaving({ zone: amsterdam, day: '2027-03-27', hour: 12, practice });
    expect(iso((await sent(spring.built, spring)).linkExpiresAt)).toBe('2027-03-28T22:00:00.000Z');
    const autumn = await leaving({ zone: amsterdam, day: '2027-10-30', hour: 12, practice });
    expect(iso((await sent(autumn.built, autumn)).linkExpiresAt)).toBe('2027-10-31T23:00:00.000Z');
  });
});

describe('an appointment', () => {
  it('from the old year into the new one is offered, held and written, and keeps its time on both days', async () => {
    const { built, ...effort } = await leaving({ zone: amsterdam, day: '2026-12-30', hour: 12 });
    const rival = await departing(built);
    const [{ id }, { id: other }] = [await sent(built, effort), await sent(built, rival)];
    const startsAt = new Date('2026-12-31T22:45:00Z');
    expect(await inTx((tx) => hold(tx, id, startsAt))).toMatchObject({ taken: false });
    await inTx((tx) => confirm(tx, id));
    expect(await inTx((tx) => hold(tx, other, new Date('2026-12-31T23:00:00Z')))).toEqual({ taken: true });
    expect(await inTx((tx) => hold(tx, other, new Date('2026-12-31T23:15:00Z')))).toMatchObject({ taken: false });
    await inTx((tx) => writeAppointment(tx, id));
    const shown = (await deskStarts(await bookingNow(other), '2027-01-01', amsterdam)).map(({ shown: time }) => time);
    expect(shown).not.toContain('0:00');
  });

  it('is today’s by the practice’s clock, whatever the server’s day is', async () => {
    const zone = 'America/New_York';
    goTo(instantAt('2027-03-13', 21 * 60, zone));
    const built = await buildPractice(db, { timeZone: zone });
    const patient = await buildPatient(db, built);
    await buildPlanned(db, built, patient.id);
    const tonight = await buildAppointment(db, built, patient.id, 22 * 60);
    // The same day in UTC, the next one in New York.
    const startsAt = new Date(instantAt('2027-03-14', 30, zone));
    const [tomorrow] = await db.database
      .insert(tables.bookEntries)
      .values({
        ...tonight,
        id: undefined,
        during: undefined,
        living: undefined,
        startsAt,
        endsAt: new Date(startsAt.getTime() + 1_800_000),
      } as never)
      .returning();
    await expect(inTx((tx) => depart(tx, built.staff, tomorrow!.id))).rejects.toThrow(
      new Refusal('no_appointment_today'),
    );
    expect((await inTx((tx) => depart(tx, built.staff, tonight.id))).bookingIds).toHaveLength(1);
  });
});
