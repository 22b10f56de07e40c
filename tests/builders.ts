import { hashSync } from '@node-rs/argon2';
import { addDays, instantAt, localDay, minuteOfDay } from '../domain/book/rules/localTime.ts';
import type { LinkKeys } from '../domain/bookings/links.ts';
import type { Connection } from '../drizzle/database.ts';
import * as tables from '../drizzle/schema/index.ts';

export const password = 'correct horse battery';
// Hashing well takes long; one hash serves all test users.
const passwordHash = hashSync(password, { memoryCost: 1024, timeCost: 1 });

export const testKeys: LinkKeys = { newest: 'k1', secrets: { k1: 'a-secret-for-tests-of-32-characters!' } };

export type BuiltPractice = Awaited<ReturnType<typeof buildPractice>>;

/** From a thousand on, so that no name is the beginning of another. */
let count = 1_000;
/** The newest number that a practice's patients were given here; the product's own begin above a thousand. */
const numbers = new Map<string, number>();

/**
 * A zone whose clock never changes and where midnight is four hours away at least. Tests count in days from today: at night
 * it would end under them, and months before a clock change an hour of theirs would not exist.
 */
export const timeZone = ['Africa/Lagos', 'Pacific/Guadalcanal'].find(
  (zone) => Math.abs(minuteOfDay(Date.now(), zone) - 720) <= 480,
)!;

/** A practice, open every day from 0:00 to 24:00, with two providers and two chairs, and a user of each role. */
export async function buildPractice(
  { database }: Pick<Connection, 'database'>,
  overrides: Partial<typeof tables.practices.$inferInsert> = {},
) {
  const number = ++count;
  const one = async <Row>(rows: Promise<Row[]>) => (await rows)[0]!;
  const practice = await one(
    database
      .insert(tables.practices)
      .values({
        name: `Practice ${number}`,
        shortName: `Practice ${number}`,
        phone: '+31 20 000 0000',
        timeZone,
        emailSenderName: `Practice ${number}`,
        quietFromMinute: 0,
        quietUntilMinute: 0,
        ...overrides,
      })
      .returning(),
  );
  const practiceId = practice.id;
  const location = await one(
    database
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
    .values([
      { practiceId, title: 'Dr', name: 'Noor Beekman' },
      { practiceId, title: '', name: 'Sam Winter' },
    ])
    .returning();
  const chairs = await database
    .insert(tables.chairs)
    .values([1, 2].map((position) => ({ practiceId, locationId, name: `Chair ${position}`, position })))
    .returning();
  const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    practiceId,
    locationId,
    weekday,
    fromMinute: 0,
    untilMinute: 1440,
  }));
  await database.insert(tables.openingHours).values(week);
  for (const provider of providers) {
    await database.insert(tables.workingHours).values(week.map((hours) => ({ ...hours, providerId: provider.id })));
    await database
      .insert(tables.providerOnlineBooking)
      .values({ practiceId, providerId: provider.id, bookable: true, daysAhead: 365, earliestNoticeMinutes: 0 });
    await database
      .insert(tables.providerOnlineChairs)
      .values(chairs.map((chair, position) => ({ practiceId, providerId: provider.id, chairId: chair.id, position })));
  }
  const services = await database
    .insert(tables.services)
    .values([
      { practiceId, code: 'F1', nameEn: 'Filling', nameNl: 'Vulling', estimatedMinutes: 30 },
      { practiceId, code: 'X1', nameEn: 'X-ray', nameNl: 'Röntgenfoto', estimatedMinutes: 10 },
    ])
    .returning();
  const users = await database
    .insert(tables.users)
    .values(
      (['provider', 'receptionist', 'manager'] as const).map((role) => ({
        practiceId,
        role,
        name: `The ${role}`,
        email: `${role}.${number}.${process.pid}@example.com`,
        passwordHash,
        locationId,
        providerId: role === 'provider' ? providers[0]!.id : null,
      })),
    )
    .returning();
  const [provider, receptionist, manager] = users as [(typeof users)[0], (typeof users)[0], (typeof users)[0]];
  return {
    practice,
    location,
    providers,
    chairs,
    services,
    users: { provider, receptionist, manager },
    staff: { practiceId, userId: receptionist.id },
  };
}

/** So many patients, each with both contacts. */
export function buildPatients(
  { database }: Pick<Connection, 'database'>,
  { practice }: Pick<BuiltPractice, 'practice'>,
  many: number,
  overrides: Partial<typeof tables.patients.$inferInsert> = {},
) {
  const before = numbers.get(practice.id) ?? 0;
  numbers.set(practice.id, before + many);
  return database
    .insert(tables.patients)
    .values(
      Array.from({ length: many }, (_, index) => {
        const name = ++count;
        return {
          practiceId: practice.id,
          number: before + index + 1,
          firstName: 'Robin',
          lastName: `Ziegler${name}`,
          birthDate: '1984-05-06',
          email: `robin.${name}@example.com`,
          mobile: `+316${String(name).padStart(8, '0')}`,
          ...overrides,
        };
      }),
    )
    .returning();
}

export const buildPatient = async (
  db: Pick<Connection, 'database'>,
  built: Pick<BuiltPractice, 'practice'>,
  overrides: Partial<typeof tables.patients.$inferInsert> = {},
) => (await buildPatients(db, built, 1, overrides))[0]!;

/** A planned appointment of half an hour, To Be Booked. */
export async function buildPlanned(
  { database }: Pick<Connection, 'database'>,
  built: BuiltPractice,
  patientId: string,
  overrides: Partial<typeof tables.plannedAppointments.$inferInsert> = {},
) {
  const practiceId = built.practice.id;
  const [plan] = await database
    .insert(tables.treatmentPlans)
    .values({ practiceId, patientId, name: 'Plan' })
    .returning();
  const [planned] = await database
    .insert(tables.plannedAppointments)
    .values({
      practiceId,
      patientId,
      treatmentPlanId: plan!.id,
      position: 1,
      providerId: built.providers[0]!.id,
      description: 'Filling',
      toBeBooked: true,
      ...overrides,
    })
    .returning();
  await database
    .insert(tables.plannedServices)
    .values({ practiceId, plannedAppointmentId: planned!.id, serviceId: built.services[0]!.id, estimatedMinutes: 30 });
  return planned!;
}

/** An appointment today, of half an hour from the given local minute. */
export async function buildAppointment(
  { database }: Pick<Connection, 'database'>,
  built: BuiltPractice,
  patientId: string,
  minute = 0,
  provider = 0,
) {
  const zone = built.practice.timeZone;
  const startsAt = new Date(instantAt(localDay(Date.now(), zone), minute, zone));
  const [entry] = await database
    .insert(tables.bookEntries)
    .values({
      practiceId: built.practice.id,
      locationId: built.location.id,
      kind: 'appointment',
      status: 'in_chair',
      patientId,
      providerId: built.providers[provider]!.id,
      chairId: built.chairs[provider]!.id,
      startsAt,
      endsAt: new Date(startsAt.getTime() + 30 * 60_000),
    })
    .returning();
  return entry!;
}

/** The instant of a local minute, some days from today. */
export function inDays(built: BuiltPractice, days: number, minute: number): Date {
  const zone = built.practice.timeZone;
  return new Date(instantAt(addDays(localDay(Date.now(), zone), days), minute, zone));
}
