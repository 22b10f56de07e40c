import { hash } from '@node-rs/argon2';
import { sql } from 'drizzle-orm';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { connect, type Tx } from '../../drizzle/database.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { Chance } from './chance.ts';
import { Drafts } from './drafts.ts';
import { draftHistory } from './history.ts';
import * as house from './house.ts';
import { cast, type DemoPatient, others } from './people.ts';
import { draftPlans } from './plans.ts';
import { portraitOf } from './portraits.ts';
import { type Scene, type Service, Timetable, weekdaysOf, zone } from './scene.ts';
import { fillToday } from './today.ts';
import { blockTimes, draftEfforts, fillWeeks } from './weeks.ts';

export { demoUsers } from './house.ts';

/** Any number no one else locks: two processes may start at once. */
const seedLock = 7_346_295_002;

/**
 * Puts the demo practice into an empty database, in one transaction; does nothing where a practice is. Today's book is
 * full whatever day it is, in states that fit the time.
 * @param service that will run on it: patients' links open there
 * @param now epoch milliseconds
 */
export async function seedDemoPractice(url: string, service: Service, now = Date.now()): Promise<{ seeded: boolean }> {
  const { database, close } = connect(url, { max: 1, name: 'nextvisit demo' });
  try {
    return await database.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${seedLock})`);
      const standing = await tx.select({ id: tables.practices.id }).from(tables.practices).limit(1);
      if (standing.length > 0) return { seeded: false };
      const scene = await writeHouse(tx, service, now);
      await fillBook(tx, scene);
      return { seeded: true };
    });
  } finally {
    await close();
  }
}

/** Order matters: blocks first, then today, then the visits that something follows from, then what fills the rest. */
async function fillBook(tx: Tx, scene: Scene): Promise<void> {
  blockTimes(scene);
  const planned = draftPlans(scene);
  const today = fillToday(scene);
  draftEfforts(scene, planned, today);
  draftHistory(scene, today);
  fillWeeks(scene);
  await scene.drafts.write(tx);
}

async function writeHouse(tx: Tx, service: Service, now: number): Promise<Scene> {
  const today = localDay(now, zone);
  const [practice] = await tx.insert(tables.practices).values(house.practice).returning();
  const practiceId = practice!.id;
  const [location] = await tx
    .insert(tables.locations)
    .values({ ...house.location, practiceId })
    .returning();
  const locationId = location!.id;
  const chairs = house.chairNames.map((name, position) => ({ practiceId, locationId, name, position }));
  const chairIds = (await tx.insert(tables.chairs).values(chairs).returning()).map(({ id }) => id);
  const providerIds = await writeProviders(tx, { practiceId, locationId, today, chairIds });
  const serviceKeys = Object.keys(house.services) as house.ServiceKey[];
  const services = await tx
    .insert(tables.services)
    .values(serviceKeys.map((key) => ({ ...house.services[key], practiceId })))
    .returning();
  const receptionistId = await writeUsers(tx, { practiceId, locationId, providerIds });
  return {
    service,
    practice: practice!,
    drafts: await Drafts.open(tx, practiceId),
    chance: new Chance(7),
    timetable: new Timetable(),
    now,
    today,
    locationId,
    chairIds,
    providerIds,
    serviceIds: byKey(serviceKeys, services),
    patientIds: await writePatients(tx, practiceId, providerIds),
    receptionistId,
  };
}

interface House {
  practiceId: string;
  locationId: string;
  today: string;
  chairIds: string[];
}

async function writeProviders(
  tx: Tx,
  { practiceId, locationId, today, chairIds }: House,
): Promise<Record<house.ProviderKey, string>> {
  const keys = Object.keys(house.providers) as house.ProviderKey[];
  const rows = await tx
    .insert(tables.providers)
    .values(
      keys.map((key) => ({
        practiceId,
        title: house.providers[key].title,
        name: house.providers[key].name,
        colour: house.providers[key].colour,
        picture: portraitOf(key),
        pictureType: 'image/svg+xml',
      })),
    )
    .returning({ id: tables.providers.id });
  const ids = byKey(keys, rows);
  await tx
    .insert(tables.providerOnlineBooking)
    .values(keys.map((key) => ({ practiceId, providerId: ids[key], bookable: house.providers[key].online })));
  await tx.insert(tables.providerOnlineChairs).values(
    keys
      .filter((key) => house.providers[key].online)
      .flatMap((key) =>
        [house.providers[key].chair, 3].map((chair, position) => ({
          practiceId,
          providerId: ids[key],
          chairId: chairIds[chair]!,
          position,
        })),
      ),
  );
  await tx.insert(tables.workingHours).values(
    keys.flatMap((key) =>
      weekdaysOf({ today }, key).flatMap((weekday) =>
        house.providers[key].hours.map(([fromMinute, untilMinute]) => ({
          practiceId,
          locationId,
          providerId: ids[key],
          weekday,
          fromMinute,
          untilMinute,
        })),
      ),
    ),
  );
  const open = [...new Set([1, 2, 3, 4, 5, ...weekdaysOf({ today }, 'dentist')])];
  await tx.insert(tables.openingHours).values(
    open.map((weekday) => ({
      practiceId,
      locationId,
      weekday,
      fromMinute: house.openFrom,
      untilMinute: house.openUntil,
    })),
  );
  return ids;
}

/** @returns the first receptionist's id */
async function writeUsers(
  tx: Tx,
  {
    practiceId,
    locationId,
    providerIds,
  }: { practiceId: string; locationId: string; providerIds: Record<house.ProviderKey, string> },
): Promise<string> {
  const treats = new Map(
    Object.entries(house.providers).map(([key, { name }]) => [name as string, providerIds[key as house.ProviderKey]]),
  );
  const rows = await Promise.all(
    house.demoUsers.map(async ({ password, ...user }) => ({
      ...user,
      practiceId,
      locationId,
      passwordHash: await hash(password),
      providerId: user.role === 'provider' ? treats.get(user.name) : null,
    })),
  );
  const written = await tx.insert(tables.users).values(rows).returning();
  return written.find(({ role }) => role === 'receptionist')!.id;
}

async function writePatients(
  tx: Tx,
  practiceId: string,
  providerIds: Record<house.ProviderKey, string>,
): Promise<Map<DemoPatient, string>> {
  const patients = new Chance(3).shuffled([...Object.values(cast), ...others]);
  const rows = await tx
    .insert(tables.patients)
    .values(
      patients.map((patient, index) => ({
        ...patient,
        practiceId,
        number: 1001 + index,
        providerId: index % 3 === 0 ? providerIds.secondDentist : providerIds.dentist,
      })),
    )
    .returning({ id: tables.patients.id });
  return new Map(patients.map((patient, index) => [patient, rows[index]!.id]));
}

const byKey = <Key extends string>(keys: Key[], rows: { id: string }[]) =>
  Object.fromEntries(keys.map((key, index) => [key, rows[index]!.id])) as Record<Key, string>;
