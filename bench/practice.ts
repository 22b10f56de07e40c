import { addDays, instantAt, localDay, weekdayOf } from '../domain/book/rules/localTime.ts';
import { hashPassword } from '../domain/people/users.ts';
import type { Connection } from '../drizzle/database.ts';
import * as tables from '../drizzle/schema/index.ts';

export const zone = 'Europe/Amsterdam';
export const password = 'correct horse battery';
const receptionist = 'reception@example.com';
/** Appointments on each working day: eleven for each of four providers. */
export const aDay = 44;
const fullDaysAhead = 20;

export interface Practice {
  id: string;
  locationId: string;
  providerIds: string[];
  chairIds: string[];
  serviceId: string;
  staff: { practiceId: string; userId: string };
  email: string;
  today: string;
  /** The next working days; all of them have their 44 appointments for some weeks, then none. */
  workingDays: string[];
}

/** Four providers, four chairs, Monday to Friday from 8 to 18; a book that is full for four weeks, and its past. */
export async function buildPractice(
  { database, sql }: Connection,
  { past, patients }: { past: number; patients: number },
): Promise<Practice> {
  const one = <Row>(rows: Row[]) => rows[0]!;
  const practice = one(
    await database
      .insert(tables.practices)
      .values({
        name: 'Canal House Dentists',
        shortName: 'Canal House',
        phone: '+31 20 000 0000',
        timeZone: zone,
        emailSenderName: 'Canal House',
        quietFromMinute: 0,
        quietUntilMinute: 0,
      })
      .returning(),
  );
  const practiceId = practice.id;
  const location = one(
    await database
      .insert(tables.locations)
      .values({
        practiceId,
        name: 'Canal House',
        street: 'Voorbeeldkade 1',
        postalCode: '1000 AA',
        city: 'Amsterdam',
        phone: '+31 20 000 0000',
      })
      .returning(),
  );
  const locationId = location.id;
  const providers = await database
    .insert(tables.providers)
    .values(
      ['Noor Beekman', 'Sam Winter', 'Isa de Wit', 'Bram Kuiper'].map((name) => ({ practiceId, title: 'Dr', name })),
    )
    .returning();
  const chairs = await database
    .insert(tables.chairs)
    .values([1, 2, 3, 4].map((position) => ({ practiceId, locationId, name: `Chair ${position}`, position })))
    .returning();
  const week = [1, 2, 3, 4, 5].map((weekday) => ({
    practiceId,
    locationId,
    weekday,
    fromMinute: 480,
    untilMinute: 1080,
  }));
  await database.insert(tables.openingHours).values(week);
  for (const { id: providerId } of providers) {
    await database.insert(tables.workingHours).values(week.map((hours) => ({ ...hours, providerId })));
    await database
      .insert(tables.providerOnlineBooking)
      .values({ practiceId, providerId, bookable: true, daysAhead: 365, earliestNoticeMinutes: 0 });
    await database
      .insert(tables.providerOnlineChairs)
      .values(chairs.map((chair, position) => ({ practiceId, providerId, chairId: chair.id, position })));
  }
  const service = one(
    await database
      .insert(tables.services)
      .values({ practiceId, code: 'F1', nameEn: 'Filling', nameNl: 'Vulling', estimatedMinutes: 30 })
      .returning(),
  );
  const user = one(
    await database
      .insert(tables.users)
      .values({
        practiceId,
        role: 'receptionist',
        name: 'Robin Visser',
        email: receptionist,
        locationId,
        passwordHash: await hashPassword(password),
      })
      .returning(),
  );
  await sql`
    insert into patients (practice_id, number, first_name, last_name, birth_date, email, mobile)
    select ${practiceId}, n, 'Robin', 'Ziegler' || n, date '1940-01-01' + n, 'robin.' || n || '@example.com', '+3160' || lpad(n::text, 7, '0')
    from generate_series(1, ${patients}::int) n`;

  const today = localDay(Date.now(), zone);
  const workingDays = workingDaysFrom(today, 1, 250);
  const pastDays = workingDaysFrom(today, -1, Math.ceil(past / aDay));
  const built: Practice = {
    id: practiceId,
    locationId,
    providerIds: providers.map(({ id }) => id),
    chairIds: chairs.map(({ id }) => id),
    serviceId: service.id,
    staff: { practiceId, userId: user.id },
    email: receptionist,
    today,
    workingDays,
  };
  await fillDays(sql, built, pastDays, 'departed', past);
  await fillDays(sql, built, workingDays.slice(0, fullDaysAhead), 'booked');
  await sql`vacuum analyze`;
  return built;
}

function workingDaysFrom(today: string, step: 1 | -1, count: number): string[] {
  const days: string[] = [];
  for (let day = addDays(today, step); days.length < count; day = addDays(day, step)) {
    if (weekdayOf(day) <= 5) days.push(day);
  }
  return days;
}

/**
 * Each provider's day has thirteen places of three quarters; eleven are taken, for the whole or for two thirds of it, in one
 * chair before noon and in the next one afterwards.
 */
async function fillDays(
  sql: Connection['sql'],
  practice: Practice,
  days: string[],
  status: 'departed' | 'booked',
  most = 1_000_000,
): Promise<void> {
  const mornings = days.map((day) => instantAt(day, 480, zone) / 1000);
  await sql`
    insert into book_entries (practice_id, location_id, kind, status, provider_id, chair_id, starts_at, ends_at, patient_id, description)
    select ${practice.id}, ${practice.locationId}, 'appointment', ${status}::entry_status,
      (${practice.providerIds}::uuid[])[provider], (${practice.chairIds}::uuid[])[(provider + place / 6) % 4 + 1],
      to_timestamp(morning + place * 2700), to_timestamp(morning + place * 2700 + case when (day + place) % 3 = 0 then 1800 else 2700 end),
      patient.id, 'Filling'
    from unnest(${mornings}::float8[]) with ordinality as days(morning, day)
    cross join generate_series(1, 4) provider
    cross join generate_series(0, 12) place
    join patients patient on patient.number = 1 + (day * 44 + provider * 13 + place) % (select count(*) from patients)
    where place <> (day + provider) % 13 and place <> (day + provider + 5) % 13
    limit ${most}`;
}
