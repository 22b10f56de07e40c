import { and, eq, inArray } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { addUser, changeUser, setPassword, type UserDetails } from '../../../domain/practice/users.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { built, db, elsewhere, inTransaction, lastAudit, manager, refusal, useManager } from './managing.ts';

useManager();

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
