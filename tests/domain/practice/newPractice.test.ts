import { verify } from '@node-rs/argon2';
import { eq, inArray } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { hashPassword } from '../../../domain/people/users.ts';
import { weekOf } from '../../../domain/practice/hours.ts';
import { listLocations } from '../../../domain/practice/locations.ts';
import { addPractice, type NewPractice } from '../../../domain/practice/newPractice.ts';
import { addUser } from '../../../domain/practice/users.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { db, elsewhere, inTransaction, mornings, refusal, useManager } from './managing.ts';

useManager();

let count = 0;
const wish = (more: Partial<NewPractice['practice']> = {}): NewPractice => {
  const name = `New ${++count}`;
  return {
    practice: {
      name,
      shortName: name,
      phone: '030 000 0000',
      email: null,
      timeZone: 'Europe/Amsterdam',
      language: 'nl',
      emailSenderName: name,
      ...more,
    },
    location: { name: 'West', street: 'Weg 1', postalCode: '1000 AB', city: 'Utrecht', phone: '030 000 0000' },
    week: mornings,
    manager: { name: 'Kim', email: `kim.new.${count}@example.com` },
  };
};
const add = (wanted: NewPractice, hash = 'hash') => inTransaction((tx) => addPractice(tx, wanted, hash));
const named = (name: string) => db.database.select().from(tables.practices).where(eq(tables.practices.name, name));
const managerOf = async ({ manager }: NewPractice) =>
  (await db.database.select().from(tables.users).where(eq(tables.users.email, manager.email)))[0]!;

describe('a new practice', () => {
  it('has its location with opening hours, and a manager who adds everybody else', async () => {
    const wanted = wish();
    expect(await add(wanted, await hashPassword('a long enough one'))).toBe(true);
    expect(await named(wanted.practice.name)).toMatchObject([wanted.practice]);
    const user = await managerOf(wanted);
    const manager = { practiceId: user.practiceId, userId: user.id };
    const [location] = await listLocations(db.sql, manager);
    expect(location).toMatchObject({ ...wanted.location, hasHours: true });
    expect(user).toMatchObject({
      name: 'Kim',
      role: 'manager',
      language: 'nl',
      active: true,
      locationId: location!.id,
    });
    expect(await verify(user.passwordHash, 'a long enough one')).toBe(true);
    const hours = await db.database
      .select()
      .from(tables.openingHours)
      .where(eq(tables.openingHours.locationId, location!.id));
    expect(weekOf(hours)).toEqual(mornings);
    const colleague = { ...wanted.manager, email: `lee.${count}@example.com`, role: 'receptionist' as const };
    const details = { ...colleague, language: 'en' as const, providerId: null, locationId: location!.id, active: true };
    await inTransaction((tx) => addUser(tx, manager, details, 'hash'));
    const audited = await db.database
      .select()
      .from(tables.auditEntries)
      .where(eq(tables.auditEntries.practiceId, user.practiceId))
      .orderBy(tables.auditEntries.id);
    expect(audited.map(({ action, actor }) => [action, actor])).toEqual([
      ['practice.added', 'system'],
      ['user.added', 'system'],
      ['location.added', 'staff'],
      ['user.added', 'staff'],
    ]);
  });

  it('is added once, whoever tries again and however often at once, and keeps its password', async () => {
    const wanted = wish();
    const tries = await Promise.all(['first', 'second', 'third'].map((hash) => add(wanted, hash)));
    expect(tries.filter(Boolean)).toHaveLength(1);
    const before = await managerOf(wanted);
    const again = { ...wanted, manager: { name: 'Kim', email: wanted.manager.email.toUpperCase() } };
    expect(await add(again, 'another')).toBe(false);
    expect(await managerOf(wanted)).toEqual(before);
    expect(await named(wanted.practice.name)).toHaveLength(1);
  });

  it('takes no name and no address that others have, and no zone that is none; then nothing is left of it', async () => {
    const taken = wish();
    taken.manager.email = elsewhere.users.manager.email;
    const namesake = wish({ name: elsewhere.practice.name });
    const nowhere = ['Europe/Nowhere', 'europe/amsterdam', '+01:00', ''].map((timeZone) => wish({ timeZone }));
    await expect(add(taken)).rejects.toEqual(refusal('invalid', 'email'));
    await expect(add(namesake)).rejects.toEqual(refusal('invalid', 'name'));
    for (const one of nowhere) await expect(add(one)).rejects.toEqual(refusal('invalid', 'timeZone'));
    const names = [taken, ...nowhere].map(({ practice }) => practice.name);
    expect(await db.database.select().from(tables.practices).where(inArray(tables.practices.name, names))).toEqual([]);
  });
});
