import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { password } from '../builders.ts';
import { signIn, visitor } from '../desk.ts';
import { app, built, db, elsewhere, type Fields, manager, refuses, useSettings } from './settingsDesk.ts';

useSettings();

describe('users', () => {
  const fields = (more: Fields = {}): Fields => ({
    name: 'Kim Zomer',
    email: `kim.${built.practice.id}@example.org`,
    role: 'receptionist',
    language: 'nl',
    providerId: '',
    locationId: built.location.id,
    active: true,
    ...more,
  });
  const secret = 'twelve characters at least';
  const path = () => `/settings/users/${built.users.receptionist.id}`;
  const signsIn = async (email: string, typed: string) =>
    (await visitor(app, {}, `10.0.0.${Math.floor(Math.random() * 250)}`).post('/sign-in', { email, password: typed }))
      .statusCode === 303;

  it('are added, and can sign in with the password that they were given', async () => {
    expect((await manager.post('/settings/users', fields({ password: secret }))).statusCode).toBe(303);
    expect((await manager.get('/settings/users')).body).toContain('Kim Zomer');
    expect(await signsIn(fields().email as string, secret)).toBe(true);
  });

  it('refuse what does not fit, and give no password back', async () => {
    const cases: [string, string, string][] = [
      ['name', '', 'This is required.'],
      ['email', 'kim', 'This is not an email address.'],
      ['email', elsewhere.users.manager.email.toUpperCase(), 'Another user signs in with this address.'],
      ['role', 'owner', 'Choose one of the list.'],
      ['language', 'fr', 'Choose one of the list.'],
      ['providerId', elsewhere.providers[0]!.id, 'Choose one of the list.'],
      ['locationId', elsewhere.location.id, 'Choose one of the list.'],
    ];
    await refuses('/settings/users', fields({ name: 'Kept', password: secret }), cases.slice(1), 'value="Kept"');
    await refuses(path(), fields({ name: 'Kept' }), cases.slice(1), 'value="Kept"');
    await refuses('/settings/users', fields({ password: secret }), cases.slice(0, 1), 'example.org');
    for (const short of ['', 'elevenchars']) {
      const { statusCode, body } = await manager.post('/settings/users', fields({ password: short }));
      expect(statusCode).toBe(422);
      expect(body).toContain(short ? 'Too short: at least 12' : 'This is required.');
      expect(body).not.toContain('elevenchars');
    }
    const { body } = await manager.post('/settings/users', fields({ name: '', password: secret }));
    expect(body).not.toContain(secret);
    expect((await manager.get('/settings/users')).body).not.toContain('Kept');
  });

  it('who may no longer sign in are signed out at once', async () => {
    const desk = await signIn(app, built.users.receptionist);
    expect((await desk.get('/patients')).statusCode).toBe(200);
    const { email, name } = built.users.receptionist;
    expect((await manager.post(path(), fields({ name, email, active: false }))).statusCode).toBe(303);
    expect((await desk.get('/patients')).headers.location).toContain('/sign-in');
    expect(await signsIn(email, password)).toBe(false);
    const rows = await db.database
      .select()
      .from(tables.sessions)
      .where(eq(tables.sessions.userId, built.users.receptionist.id));
    expect(rows).toEqual([]);
    expect((await manager.get('/settings/users')).body).toContain('May not sign in');
  });

  it('with another role have it at their next page', async () => {
    const desk = await signIn(app, built.users.receptionist);
    expect((await desk.get('/settings')).statusCode).toBe(403);
    const { email, name } = built.users.receptionist;
    await manager.post(path(), fields({ name, email, role: 'manager' }));
    expect((await desk.get('/settings')).statusCode).toBe(303);
  });

  it('can’t demote or deactivate themselves', async () => {
    const { id, email, name } = built.users.manager;
    const own = fields({ name, email, role: 'manager' });
    await refuses(`/settings/users/${id}`, own, [['role', 'receptionist', 'You can’t take this from yourself']], name);
    const { statusCode, body } = await manager.post(`/settings/users/${id}`, { ...own, active: false });
    expect(statusCode).toBe(422);
    expect(body).toContain('You can’t take this from yourself');
    expect((await manager.get('/settings')).statusCode).toBe(303);
  });

  it('get a new password, and are signed out elsewhere', async () => {
    const desk = await signIn(app, built.users.receptionist);
    const short = await manager.post(`${path()}/password`, { password: 'elevenchars' }, { partial: true });
    expect(short.statusCode).toBe(422);
    expect(short.body).toContain('Too short: at least 12');
    expect(short.body).not.toContain('elevenchars');
    expect((await desk.get('/patients')).statusCode).toBe(200);
    expect((await manager.post(`${path()}/password`, { password: secret })).statusCode).toBe(303);
    expect((await desk.get('/patients')).headers.location).toContain('/sign-in');
    expect(await signsIn(built.users.receptionist.email, password)).toBe(false);
    expect(await signsIn(built.users.receptionist.email, secret)).toBe(true);
  });

  it('stay where they are when they set their own', async () => {
    const elsewhereSignedIn = await signIn(app, built.users.manager);
    await manager.post(`/settings/users/${built.users.manager.id}/password`, { password: secret });
    expect((await manager.get('/settings/users')).statusCode).toBe(200);
    expect((await elsewhereSignedIn.get('/settings/users')).headers.location).toContain('/sign-in');
  });
});
