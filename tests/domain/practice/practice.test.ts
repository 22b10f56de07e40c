import { and, desc, eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readDay } from '../../../domain/book/day.ts';
import { addDays, localDay, weekdayOf } from '../../../domain/book/rules/localTime.ts';
import { addChair, changeChair, listChairs } from '../../../domain/practice/chairs.ts';
import { weekOf } from '../../../domain/practice/hours.ts';
import { addLocation, changeLocation, readLocation } from '../../../domain/practice/locations.ts';
import { configureOnlineBooking, readOnlineConfiguration } from '../../../domain/practice/onlineBooking.ts';
import { changePractice, type PracticeDetails, readPractice } from '../../../domain/practice/practice.ts';
import { changeProvider, listProviders } from '../../../domain/practice/providers.ts';
import { addService, changeService, listServices } from '../../../domain/practice/services.ts';
import { addUser, changeUser, setPassword, type UserDetails } from '../../../domain/practice/users.ts';
import { changeWorkingHours, readWorkingWeeks } from '../../../domain/practice/workingHours.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPractice, inDays } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let elsewhere: BuiltPractice;
let manager: { practiceId: string; userId: string };

beforeAll(async () => {
  db = await freshDatabase();
});
beforeEach(async () => {
  built = await buildPractice(db);
  elsewhere = await buildPractice(db);
  manager = { practiceId: built.practice.id, userId: built.users.manager.id };
});
afterAll(() => db?.drop());

const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.database.transaction(work);
const refusal = (code: string, field?: string) => expect.objectContaining({ name: 'Refusal', code, field });
const lastAudit = async () => {
  const [entry] = await db.database
    .select()
    .from(tables.auditEntries)
    .where(eq(tables.auditEntries.practiceId, built.practice.id))
    .orderBy(desc(tables.auditEntries.id))
    .limit(1);
  return entry;
};
const mornings = weekOf([1, 2, 3].map((weekday) => ({ weekday, fromMinute: 480, untilMinute: 720 })));
const nobodyElses = { practiceId: '', userId: '' };

/** Topics that open screens are told of while the work runs. */
async function told(work: () => Promise<unknown>): Promise<string[]> {
  const topics: string[] = [];
  const { unlisten } = await db.sql.listen('live', (payload) => {
    const { p, t } = JSON.parse(payload);
    if (p === built.practice.id) topics.push(t);
  });
  await work();
  await db.sql.notify('live', JSON.stringify({ p: built.practice.id, t: 'end' }));
  while (!topics.includes('end')) await new Promise((resolve) => setTimeout(resolve, 5));
  await unlisten();
  return topics.filter((topic) => topic !== 'end').sort();
}

describe('the practice', () => {
  const details = async (): Promise<PracticeDetails> => {
    const { id: _id, createdAt: _at, timeZone: _zone, ...rest } = await readPractice(db.database, manager);
    return rest;
  };

  it('changes, says who changed which fields, and tells open screens', async () => {
    const wish = { ...(await details()), appointmentWorkflow: false, reminderDays: [2], smsSender: 'Tooth' };
    expect(await told(() => inTransaction((tx) => changePractice(tx, manager, wish)))).toEqual([
      'book',
      'followUp',
      'online',
      'tasks',
    ]);
    expect(await details()).toEqual(wish);
    expect(await lastAudit()).toMatchObject({
      action: 'practice.changed',
      userId: manager.userId,
      details: { fields: 'appointmentWorkflow reminderDays smsSender' },
    });
    expect(await readPractice(db.database, { ...nobodyElses, practiceId: elsewhere.practice.id })).toMatchObject({
      appointmentWorkflow: true,
    });
  });

  it('is left alone, and nobody told, when nothing is changed', async () => {
    const wish = await details();
    expect(await told(() => inTransaction((tx) => changePractice(tx, manager, wish)))).toEqual([]);
    expect(await lastAudit()).toBeUndefined();
  });
});

describe('locations', () => {
  const address = { name: 'West', street: 'Weg 1', postalCode: '1000 AB', city: 'Utrecht', phone: '030 000 0000' };

  it('come with their opening hours, and change with them', async () => {
    const id = await inTransaction((tx) => addLocation(tx, manager, address, mornings));
    expect(await readLocation(db.database, manager, id)).toMatchObject({ ...address, week: mornings });
    await inTransaction((tx) => changeLocation(tx, manager, id, { ...address, city: 'Zeist' }, weekOf([])));
    expect(await readLocation(db.database, manager, id)).toMatchObject({ city: 'Zeist', week: weekOf([]) });
    expect(await lastAudit()).toMatchObject({ action: 'location.changed', details: { fields: 'city week' } });
  });

  it('of another practice are not found', async () => {
    const id = elsewhere.location.id;
    await expect(readLocation(db.database, manager, id)).rejects.toEqual(refusal('not_found'));
    await expect(inTransaction((tx) => changeLocation(tx, manager, id, address, mornings))).rejects.toEqual(
      refusal('not_found'),
    );
  });
});

describe('chairs and providers that are no longer in use', () => {
  it('say how many appointments are still to come, not counting what was cancelled, lapsed or is over', async () => {
    const patient = await buildPatient(db, built);
    const entry = (days: number, status: 'booked' | 'cancelled') => ({
      practiceId: built.practice.id,
      locationId: built.location.id,
      kind: 'appointment' as const,
      status,
      patientId: patient.id,
      providerId: built.providers[0]!.id,
      chairId: built.chairs[0]!.id,
      startsAt: inDays(built, days, 600),
      endsAt: inDays(built, days, 630),
    });
    await db.database
      .insert(tables.bookEntries)
      .values([entry(-2, 'booked'), entry(2, 'booked'), entry(3, 'booked'), entry(4, 'cancelled')]);
    const [chair] = await listChairs(db.sql, manager);
    const { name, position } = chair!;
    await inTransaction((tx) => changeChair(tx, manager, chair!.id, { name, position, active: false }));
    expect(await listChairs(db.sql, manager)).toMatchObject([
      { active: false, upcoming: 2 },
      { active: true, upcoming: 0 },
    ]);
    const id = built.providers[0]!.id;
    await inTransaction((tx) =>
      changeProvider(tx, manager, id, { title: 'Dr', name: 'Noor', colour: 3, active: false }),
    );
    expect((await listProviders(db.sql, manager)).find((one) => one.id === id)).toMatchObject({
      active: false,
      upcoming: 2,
    });
    // Where they can be moved from.
    const columnsIn = async (days: number) => {
      const day = addDays(localDay(Date.now(), built.practice.timeZone), days);
      const { timeZone, id: practiceId } = built.practice;
      const read = await readDay(db.sql, {
        practiceId,
        locationId: built.location.id,
        day,
        weekday: weekdayOf(day),
        timeZone,
      });
      return [read.providers, read.chairs].map((columns) => columns.length);
    };
    expect(await columnsIn(2)).toEqual([2, 2]);
    expect(await columnsIn(4)).toEqual([1, 1]);
  });

  it('need a location of the practice to be added to', async () => {
    const details = { name: 'Chair 9', position: 9, active: true };
    await expect(inTransaction((tx) => addChair(tx, manager, elsewhere.location.id, details))).rejects.toEqual(
      refusal('invalid', 'locationId'),
    );
  });
});

describe('services', () => {
  const crown = { code: 'C9', nameEn: 'Crown', nameNl: 'Kroon', estimatedMinutes: 60, active: true };

  it('have a code of their own, in capitals or not', async () => {
    const id = await inTransaction((tx) => addService(tx, manager, crown));
    for (const code of ['C9', 'c9', 'f1']) {
      await expect(inTransaction((tx) => addService(tx, manager, { ...crown, code }))).rejects.toEqual(
        refusal('invalid', 'code'),
      );
    }
    await expect(inTransaction((tx) => changeService(tx, manager, id, { ...crown, code: 'x1' }))).rejects.toEqual(
      refusal('invalid', 'code'),
    );
    await inTransaction((tx) => changeService(tx, manager, id, { ...crown, code: 'c9', estimatedMinutes: 0 }));
    expect((await listServices(db.database, manager)).map(({ code }) => code)).toContain('c9');
  });

  it('of two colleagues who add the same code at once, one is added', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => inTransaction((tx) => addService(tx, manager, { ...crown, code: 'R1' }))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal('invalid', 'code'));
  });

  it('keep the time of what is planned already', async () => {
    const [service] = built.services;
    const patient = await buildPatient(db, built);
    const practiceId = built.practice.id;
    const [plan] = await db.database
      .insert(tables.treatmentPlans)
      .values({ practiceId, patientId: patient.id, name: 'Plan' })
      .returning();
    const [planned] = await db.database
      .insert(tables.plannedAppointments)
      .values({ practiceId, patientId: patient.id, treatmentPlanId: plan!.id, position: 1 })
      .returning();
    const ofPlanned = { practiceId, plannedAppointmentId: planned!.id, serviceId: service!.id, estimatedMinutes: 30 };
    await db.database.insert(tables.plannedServices).values(ofPlanned);
    const { id, practiceId: _practice, createdAt: _at, ...details } = service!;
    await inTransaction((tx) => changeService(tx, manager, id, { ...details, estimatedMinutes: 50 }));
    const [row] = await db.database
      .select()
      .from(tables.plannedServices)
      .where(eq(tables.plannedServices.plannedAppointmentId, planned!.id));
    expect(row!.estimatedMinutes).toBe(30);
  });
});

describe('a provider’s online configuration', () => {
  it('keeps the chairs in order, and tells those who look at tasks', async () => {
    const providerId = built.providers[0]!.id;
    const chairIds = [built.chairs[1]!.id, built.chairs[0]!.id];
    const wish = { bookable: true, daysAhead: 30, earliestNoticeMinutes: 60, chairIds };
    const topics = await told(() => inTransaction((tx) => configureOnlineBooking(tx, manager, providerId, wish)));
    expect(topics).toEqual(['followUp', 'tasks']);
    expect(await readOnlineConfiguration(db.database, manager, providerId)).toEqual(wish);
  });

  it('takes no chair and no provider of another practice', async () => {
    const wish = { bookable: true, daysAhead: 30, earliestNoticeMinutes: 60, chairIds: [elsewhere.chairs[0]!.id] };
    const [own, theirs] = [built.providers[0]!.id, elsewhere.providers[0]!.id];
    await expect(inTransaction((tx) => configureOnlineBooking(tx, manager, own, wish))).rejects.toEqual(
      refusal('invalid', 'chair'),
    );
    await expect(inTransaction((tx) => configureOnlineBooking(tx, manager, theirs, wish))).rejects.toEqual(
      refusal('not_found'),
    );
    expect((await readOnlineConfiguration(db.database, manager, own)).daysAhead).toBe(365);
  });
});

describe('working hours', () => {
  it('change at one location, and never overlap with those at another', async () => {
    const providerId = built.providers[0]!.id;
    const address = { name: 'West', street: 'Weg 1', postalCode: '1000 AB', city: 'Utrecht', phone: '030 000 0000' };
    const west = await inTransaction((tx) => addLocation(tx, manager, address, mornings));
    await expect(inTransaction((tx) => changeWorkingHours(tx, manager, providerId, west, mornings))).rejects.toEqual(
      refusal('invalid', 'day1'),
    );
    await inTransaction((tx) => changeWorkingHours(tx, manager, providerId, built.location.id, weekOf([])));
    await inTransaction((tx) => changeWorkingHours(tx, manager, providerId, west, mornings));
    expect(await readWorkingWeeks(db.sql, manager, providerId)).toEqual([
      { location: { id: built.location.id, name: 'Canal House' }, week: weekOf([]) },
      { location: { id: west, name: 'West' }, week: mornings },
    ]);
    await expect(
      inTransaction((tx) => changeWorkingHours(tx, manager, providerId, elsewhere.location.id, mornings)),
    ).rejects.toEqual(refusal('not_found'));
  });
});

describe('users', () => {
  const details = (more: Partial<UserDetails> = {}): UserDetails => ({
    name: 'Kim',
    email: `kim.${Math.random()}@example.com`,
    role: 'manager',
    language: 'nl',
    providerId: null,
    locationId: null,
    active: true,
    ...more,
  });
  const add = (more: Partial<UserDetails> = {}) => inTransaction((tx) => addUser(tx, manager, details(more), 'hash'));
  const sessionOf = async (userId: string, idHash: string) =>
    db.database.insert(tables.sessions).values({ idHash, userId, data: {}, expiresAt: new Date(Date.now() + 60_000) });
  const sessionsOf = async (userId: string) =>
    (await db.database.select().from(tables.sessions).where(eq(tables.sessions.userId, userId))).map(
      (one) => one.idHash,
    );

  it('take an address that nobody has, in any practice and spelling', async () => {
    const { email } = elsewhere.users.provider;
    await expect(add({ email: email.toUpperCase() })).rejects.toEqual(refusal('invalid', 'email'));
    await expect(add({ providerId: elsewhere.providers[0]!.id })).rejects.toEqual(refusal('invalid', 'providerId'));
    await expect(add({ locationId: elsewhere.location.id })).rejects.toEqual(refusal('invalid', 'locationId'));
  });

  it('are signed out when they are deactivated', async () => {
    const id = await add();
    await sessionOf(id, `session of ${id}`);
    const kept = details();
    expect(await inTransaction((tx) => changeUser(tx, manager, id, kept))).toBe(false);
    expect(await sessionsOf(id)).toHaveLength(1);
    expect(await inTransaction((tx) => changeUser(tx, manager, id, { ...kept, active: false }))).toBe(true);
    expect(await sessionsOf(id)).toEqual([]);
  });

  it('can’t take their own role or access', async () => {
    const { email, name } = built.users.manager;
    const own = details({ email, name });
    const change = (more: Partial<UserDetails>) =>
      inTransaction((tx) => changeUser(tx, manager, manager.userId, { ...own, ...more }));
    await expect(change({ role: 'provider' })).rejects.toEqual(refusal('invalid', 'role'));
    await expect(change({ active: false })).rejects.toEqual(refusal('invalid', 'active'));
    await change({ name: 'A new name' });
    await expect(change({ role: 'receptionist' })).rejects.toEqual(refusal('invalid', 'role'));
  });

  it('leave a practice a manager, when two take each other’s role at once', async () => {
    for (let round = 0; round < 20; round++) {
      const email = `other.${round}.${built.practice.id}@example.com`;
      const other = await add({ email });
      const demote = (by: string, whom: string, address: string) =>
        inTransaction((tx) =>
          changeUser(tx, { ...manager, userId: by }, whom, details({ email: address, role: 'receptionist' })),
        );
      const results = await Promise.allSettled([
        demote(manager.userId, other, email),
        demote(other, manager.userId, built.users.manager.email),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const managers = await db.database
        .select({ id: tables.users.id })
        .from(tables.users)
        .where(and(inArray(tables.users.id, [manager.userId, other]), eq(tables.users.role, 'manager')));
      expect(managers).toHaveLength(1);
      await db.database.update(tables.users).set({ role: 'manager' }).where(eq(tables.users.id, manager.userId));
    }
  });

  it('are signed out everywhere but here when their password is set', async () => {
    const id = manager.userId;
    await sessionOf(id, `here ${id}`);
    await sessionOf(id, `there ${id}`);
    await inTransaction((tx) => setPassword(tx, manager, id, 'new hash', `here ${id}`));
    expect(await sessionsOf(id)).toEqual([`here ${id}`]);
    expect(await lastAudit()).toMatchObject({ action: 'user.password_set', details: { userId: id } });
    await expect(
      inTransaction((tx) => setPassword(tx, manager, elsewhere.users.provider.id, 'new hash', '')),
    ).rejects.toEqual(refusal('not_found'));
  });

  it('are changed by managers only, also when the role was lost a moment ago', async () => {
    await expect(inTransaction((tx) => addUser(tx, built.staff, details(), 'hash'))).rejects.toEqual(
      refusal('not_allowed'),
    );
  });
});
