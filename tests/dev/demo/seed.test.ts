import { and, eq, gte, isNull, lt, sql } from 'drizzle-orm';
import { parsePhoneNumber } from 'libphonenumber-js';
import { afterAll, describe, expect, it } from 'vitest';
import { cast, others } from '../../../dev/demo/people.ts';
import { demoUsers, seedDemoPractice } from '../../../dev/demo/seed.ts';
import { addDays, startOfDay } from '../../../domain/book/rules/localTime.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { testKeys } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

const zone = 'Europe/Amsterdam';
const service = { keys: testKeys, publicUrl: 'http://localhost:3000' };
const databases: FreshDatabase[] = [];

const seeded = new Map<string, Promise<FreshDatabase>>();

/** The demo practice as it is set up then; nothing is changed in it. */
function seededAt(now: string): Promise<FreshDatabase> {
  if (!seeded.has(now)) seeded.set(now, seedAt(now));
  return seeded.get(now)!;
}

async function seedAt(now: string): Promise<FreshDatabase> {
  const db = await freshDatabase({ max: 2 });
  databases.push(db);
  await seedDemoPractice(db.url, service, Date.parse(now));
  return db;
}

const todaysAppointments = (db: FreshDatabase, day: string) =>
  db.database
    .select()
    .from(tables.bookEntries)
    .where(
      and(
        eq(tables.bookEntries.kind, 'appointment'),
        gte(tables.bookEntries.startsAt, new Date(startOfDay(day, zone))),
        lt(tables.bookEntries.startsAt, new Date(startOfDay(addDays(day, 1), zone))),
      ),
    );

afterAll(async () => {
  for (const db of databases) await db.drop();
});

describe('the demo practice', () => {
  it('is written once, by less than three seconds’ work, and left alone when there is a practice', async () => {
    const db = await freshDatabase({ max: 2 });
    databases.push(db);
    const before = process.cpuUsage();
    expect(await seedDemoPractice(db.url, service)).toEqual({ seeded: true });
    const { user, system } = process.cpuUsage(before);
    // Its own time: how long it waits for a busy machine says nothing.
    expect((user + system) / 1_000).toBeLessThan(3_000);
    expect(await seedDemoPractice(db.url, service)).toEqual({ seeded: false });
    expect(await db.database.$count(tables.practices)).toBe(1);
  });

  it('has forty patients, three providers with pictures, four chairs and a user of each role in each language', async () => {
    const db = databases[0]!.database;
    expect(await db.$count(tables.patients)).toBe(40);
    expect(await db.$count(tables.chairs)).toBe(4);
    const providers = await db.select().from(tables.providers);
    expect(providers.map(({ picture }) => Buffer.from(picture!).toString().startsWith('<svg'))).toEqual([
      true,
      true,
      true,
    ]);
    const online = await db
      .select({ bookable: tables.providerOnlineBooking.bookable })
      .from(tables.providerOnlineBooking);
    expect(online.filter(({ bookable }) => !bookable)).toHaveLength(1);
    expect(new Set(demoUsers.map(({ role, language }) => `${role} ${language}`)).size).toBe(6);
  });

  // An ordinary noon, a Saturday, a Sunday night, a Monday just after midnight, a Friday before opening, a late evening, both
  // clock changes, a leap day, New Year.
  for (const [now, day] of [
    ['2026-11-24T11:00:00Z', '2026-11-24'],
    ['2026-11-28T13:30:00Z', '2026-11-28'],
    ['2026-11-29T02:00:00Z', '2026-11-29'],
    ['2026-11-29T23:01:00Z', '2026-11-30'],
    ['2026-11-27T06:30:00Z', '2026-11-27'],
    ['2026-11-25T22:30:00Z', '2026-11-25'],
    ['2027-03-28T08:00:00Z', '2027-03-28'],
    ['2026-10-25T10:00:00Z', '2026-10-25'],
    ['2028-02-29T15:00:00Z', '2028-02-29'],
    ['2026-12-31T09:00:00Z', '2026-12-31'],
  ] as const) {
    it(`has a full day with somebody to depart at ${now}`, async () => {
      const db = await seededAt(now);
      const today = await todaysAppointments(db, day);
      expect(today.length).toBeGreaterThanOrEqual(30);
      const canDepart = today
        .filter(({ status }) => status === 'in_chair' || status === 'arrived')
        .map(({ patientId }) => patientId!);
      const withPlans = await db.database
        .selectDistinct({ id: tables.plannedAppointments.patientId })
        .from(tables.plannedAppointments)
        .where(and(eq(tables.plannedAppointments.toBeBooked, true), isNull(tables.plannedAppointments.deletedAt)));
      expect(new Set(canDepart.filter((id) => withPlans.some((plan) => plan.id === id))).size).toBe(7);
      expect(today.filter(({ status, startsAt }) => status === 'departed' && startsAt > new Date(now))).toEqual([]);
      expect(today.filter(({ status, departureId }) => (status === 'departed') !== (departureId !== null))).toEqual([]);
      expect(today.some(({ madeBy }) => madeBy === 'online')).toBe(true);

      const outside = await db.sql`
        select entry.id from book_entries entry join practices practice on practice.id = entry.practice_id
        where entry.kind = 'appointment' and not exists (
          select from working_hours hours
          where hours.provider_id = entry.provider_id
            and hours.weekday = extract(isodow from entry.starts_at at time zone practice.time_zone)
            and hours.from_minute <= extract(epoch from (entry.starts_at at time zone practice.time_zone)::time) / 60
            and hours.until_minute >= extract(epoch from (entry.ends_at at time zone practice.time_zone)::time) / 60)`;
      expect(outside).toHaveLength(0);
    });

    it(`has links in every state at ${now}`, async () => {
      const { sql: query } = await seededAt(now);
      const onFollowUp =
        await query`select category, count(*)::int from follow_ups where closed_at is null group by category`;
      expect(Object.fromEntries(onFollowUp.map(({ category, count }) => [category, count]))).toEqual({
        olb_link_sent: 5,
        not_delivered: 1,
        olb_link_expired: 1,
        postponed: 1,
        unbooked: 2,
      });
      const out = await query<{ fates: string[]; reminders: number; due: number; hours: number }[]>`
        select array_agg(distinct case when m.opened_at is null then m.state::text else 'opened' end) as fates,
          count(distinct m.number) filter (where m.kind = 'reminder')::int as reminders,
          (select count(*)::int from unnest(b.reminder_times) as time where time <= ${now}) as due,
          extract(epoch from b.link_expires_at - ${now}::timestamptz) / 3600 as hours
        from bookings b join messages m on m.booking_id = b.id where b.state = 'link_sent' group by b.id`;
      expect(new Set(out.flatMap(({ fates }) => fates))).toEqual(new Set(['sent', 'delivered', 'opened', 'failed']));
      // A carrier that is none has no code for a screen to show.
      expect(await query`select id from messages where carrier_code is not null`).toEqual([]);
      // What is due has left already, and its workflow does not send it anew.
      expect(out.filter(({ reminders, due }) => reminders !== due)).toEqual([]);
      expect(out.some(({ reminders, fates }) => reminders === 1 && !fates.includes('failed'))).toBe(true);
      const least = Math.min(...out.map(({ hours }) => hours));
      expect(least).toBeGreaterThan(20);
      expect(least).toBeLessThan(97);
      const toDo = await query`
        select id::text from messages where state in ('waiting', 'sending') or ask_at is not null or created_at > ${now}
        union all select id::text from demo_inbox where received_at > ${now}`;
      expect(toDo).toHaveLength(0);
    });
  }

  it('counts some sixty online bookings over a year, each with its statistic, link and confirmation', async () => {
    const { database, sql: query } = await seededAt('2026-11-24T11:00:00Z');
    const [row] = await query`
      select count(*)::int as bookings, count(distinct date_trunc('month', confirmed_at))::int as months,
        count(*) filter (where exists (select from usage_events u join book_entries e on e.id = u.appointment_id
          where e.booking_id = b.id and u.occurred_at = b.confirmed_at and u.provider_id = e.provider_id))::int as counted,
        count(*) filter (where exists (select from messages m where m.booking_id = b.id and m.kind = 'confirmation'))::int as told,
        count(*) filter (where b.confirmed_at >= b.link_expires_at or b.confirmed_at <= b.link_sent_at or b.confirmed_at > '2026-11-24T11:00:00Z')::int as impossible
      from bookings b where state = 'booked_online'`;
    expect(row!.bookings).toBeGreaterThanOrEqual(55);
    expect(row!.months).toBeGreaterThanOrEqual(12);
    expect(row).toMatchObject({ counted: row!.bookings, told: row!.bookings, impossible: 0 });
    const unsettled = await database
      .select({ state: tables.bookings.state })
      .from(tables.bookings)
      .where(isNull(tables.bookings.settledAt));
    expect(unsettled.map(({ state }) => state).sort()).toEqual([
      'departing',
      'departing',
      'expired',
      ...Array(6).fill('link_sent'),
      'postponed',
      'unbooked',
      'unbooked',
    ]);
  });

  it('tells one story in book, bookings, tasks, Follow Up, ledger and statistics', async () => {
    expect(await findInconsistencies(databases[0]!.sql, { atRest: false })).toEqual([]);
  });

  it('has closures and absences with nothing booked into them', async () => {
    const { sql: query } = databases[0]!;
    const [row] = await query`
      select count(distinct block.id)::int as blocks, count(entry.id)::int as collisions from book_entries block
      left join book_entries entry on entry.kind = 'appointment' and entry.living and entry.during && block.during
        and (block.provider_id = entry.provider_id or block.chair_id = entry.chair_id or (block.provider_id is null and block.chair_id is null))
      where block.kind = 'block'`;
    expect(row!.blocks).toBeGreaterThanOrEqual(5);
    expect(row!.collisions).toBe(0);
  });

  it('lets no telephone ring and no letter arrive', () => {
    for (const { mobile, email } of [...Object.values(cast), ...others] as { mobile?: string; email?: string }[]) {
      if (mobile) expect(mobile).toMatch(/^(\+447700900\d{3}|\+3160000\d{4})$/);
      if (mobile) expect(parsePhoneNumber(mobile).isPossible()).toBe(true);
      if (email) expect(email).toMatch(/^[a-z.-]+@example\.(com|org)$/);
    }
  });

  it('has a plan without time, one without contacts, one whose provider is not online, an unticked one, and one of several', async () => {
    const { database } = databases[0]!;
    const rows = await database
      .select({
        patientId: tables.plannedAppointments.patientId,
        ticked: tables.plannedAppointments.toBeBooked,
        minutes: sql<number>`coalesce(${tables.plannedAppointments.expectedMinutesOverride}, (select sum(estimated_minutes)::int from planned_services where planned_appointment_id = ${tables.plannedAppointments.id}))`,
        reachable: sql<boolean>`${tables.patients.email} is not null or ${tables.patients.mobile} is not null`,
        online: sql<boolean>`exists (select from provider_online_booking where provider_id = ${tables.plannedAppointments.providerId} and bookable)`,
        plan: tables.plannedAppointments.treatmentPlanId,
      })
      .from(tables.plannedAppointments)
      .innerJoin(tables.patients, eq(tables.patients.id, tables.plannedAppointments.patientId));
    const ticked = rows.filter((row) => row.ticked);
    expect(ticked.filter(({ minutes }) => minutes === 0)).toHaveLength(1);
    expect(ticked.filter(({ reachable }) => !reachable)).toHaveLength(1);
    expect(ticked.filter(({ online }) => !online)).toHaveLength(1);
    expect(rows.length - ticked.length).toBe(3);
    expect(rows.some(({ plan }) => rows.filter((row) => row.plan === plan).length === 3)).toBe(true);
  });
});
