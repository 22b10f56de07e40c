import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildApp } from '../../api/app.ts';
import { sessions, users } from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, password } from '../builders.ts';
import { buildTestApp, dependenciesOn, signIn, visitor } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;

beforeAll(async () => {
  db = await freshDatabase();
});

// A practice each, so that failed tries of one test do not count for the next.
beforeEach(async () => {
  await app?.close();
  built = await buildPractice(db);
  app = await buildTestApp(db);
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const sessionsOf = (userId: string) => db.database.select().from(sessions).where(eq(sessions.userId, userId));

/** As if the user had gone away so long ago. */
const leaveFor = (userId: string, minutes: number) =>
  db.sql`update sessions set data = jsonb_set(data, '{lastSeenAt}', to_jsonb(${Date.now() - minutes * 60_000}::bigint)) where user_id = ${userId}`;

describe('signing in', () => {
  it('leads to the page that was asked for', async () => {
    const browser = visitor(app);
    const turnedAway = await browser.get('/book?day=2031-02-03');
    expect(turnedAway.statusCode).toBe(303);
    expect(turnedAway.headers.location).toBe('/sign-in?to=%2Fbook%3Fday%3D2031-02-03');
    const page = await browser.get(turnedAway.headers.location!);
    expect(page.body).toContain('name="to" value="/book?day=2031-02-03"');
    const { email } = built.users.receptionist;
    const entered = await browser.post('/sign-in', {
      email: email.toUpperCase(),
      password,
      to: '/book?day=2031-02-03',
    });
    expect(entered.statusCode).toBe(303);
    expect(entered.headers.location).toBe('/book?day=2031-02-03');
    expect((await browser.get('/patients')).statusCode).toBe(200);
  });

  it('never leads to another site', async () => {
    for (const to of [
      'https://elsewhere.example/',
      '//elsewhere.example',
      '/\\elsewhere.example',
      'javascript:alert(1)',
    ]) {
      const entered = await visitor(app).post('/sign-in', { email: built.users.receptionist.email, password, to });
      expect(entered.headers.location).toBe('/');
    }
  });

  it('keeps the address and says the same whether it is known or not', async () => {
    const answers = [];
    for (const email of [built.users.receptionist.email, 'nobody@example.com']) {
      const { statusCode, body } = await visitor(app).post('/sign-in', { email, password: 'wrong' });
      expect(statusCode).toBe(422);
      expect(body).toContain(`value="${email}"`);
      expect(body).not.toContain('wrong"');
      answers.push(body.replaceAll(email, '').replace(/name="_csrf" value="[^"]+"/, ''));
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).toContain('Email and password do not belong together.');
  });

  it('is closed to users who were taken off', async () => {
    const { id, email } = built.users.receptionist;
    const browser = await signIn(app, { email });
    await db.database.update(users).set({ active: false }).where(eq(users.id, id));
    expect((await visitor(app).post('/sign-in', { email, password })).statusCode).toBe(422);
    expect((await browser.get('/patients')).headers.location).toContain('/sign-in');
  });

  it('stops guessing after ten failures for one account from one address, and lets the others in', async () => {
    const { receptionist, manager } = built.users;
    const guesser = visitor(app);
    for (let guess = 0; guess < 10; guess++)
      expect((await guesser.post('/sign-in', { email: receptionist.email, password: `${guess}` })).statusCode).toBe(
        422,
      );
    const stopped = await guesser.post('/sign-in', { email: receptionist.email, password });
    expect(stopped.statusCode).toBe(429);
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
    expect((await visitor(app).post('/sign-in', { email: manager.email, password })).statusCode).toBe(303);
  });

  it('does not count those who know their password', async () => {
    for (let time = 0; time < 12; time++) await signIn(app, built.users.receptionist);
  });

  it('begins a session under a new id, kept as its hash only', async () => {
    const browser = await signIn(app, built.users.receptionist);
    const first = browser.cookies.get('staff')!;
    await browser.post('/lock');
    await browser.post('/sign-in', { email: built.users.receptionist.email, password });
    expect(browser.cookies.get('staff')).not.toBe(first);
    const rows = await sessionsOf(built.users.receptionist.id);
    expect(rows).toHaveLength(1);
    expect(decodeURIComponent(browser.cookies.get('staff')!)).not.toContain(rows[0]!.idHash);
  });
});

describe('a session that somebody planted', () => {
  it('is not the one that its victim signs in to', async () => {
    const { manager, receptionist } = built.users;
    const attacker = await signIn(app, receptionist);
    const planted = attacker.cookies.get('staff')!;
    const victim = visitor(app);
    await victim.get('/sign-in');
    victim.cookies.set('staff', planted);
    expect((await victim.post('/sign-in', { email: manager.email, password })).statusCode).toBe(303);
    expect(victim.cookies.get('staff')).not.toBe(planted);
    expect((await victim.get('/patients')).body).toContain(manager.name);
    const back = await attacker.get('/patients');
    expect(back.body).not.toContain(manager.name);
    expect(back.headers.location).toMatch(/^\/sign-in/);
  });

  it('under an id of their own making is none', async () => {
    const victim = visitor(app);
    for (const made of ['abc', 'abc.def', encodeURIComponent(`${'a'.repeat(32)}.${'b'.repeat(43)}`)]) {
      victim.cookies.set('staff', made);
      await victim.post('/sign-in', { email: built.users.manager.email, password });
      expect(victim.cookies.get('staff')).not.toBe(made);
      expect((await visitor(app, { cookie: `staff=${made}` }).get('/patients')).statusCode).toBe(303);
    }
  });
});

describe('a session', () => {
  it('that is over leaves no row behind once somebody signs in again', async () => {
    await signIn(app, built.users.manager);
    await db.sql`update sessions set expires_at = now() - interval '1 second' where user_id = ${built.users.manager.id}`;
    await signIn(app, built.users.receptionist);
    expect(await sessionsOf(built.users.manager.id)).toHaveLength(0);
  });

  it('ends when its row is deleted, at once and for good', async () => {
    const browser = await signIn(app, built.users.receptionist);
    await db.database.delete(sessions).where(eq(sessions.userId, built.users.receptionist.id));
    expect((await browser.get('/patients')).headers.location).toContain('/sign-in');
    expect(await sessionsOf(built.users.receptionist.id)).toHaveLength(0);
  });

  it('is not brought back by a request that was under way when it was revoked', async () => {
    const { id } = built.users.receptionist;
    await seenWhile(() => db.sql`delete from sessions where user_id = ${id}`);
    expect(await sessionsOf(id)).toHaveLength(0);
  });

  it('stays locked after a request that was under way when it was locked', async () => {
    const { id } = built.users.receptionist;
    await seenWhile(() => db.sql`update sessions set data = data || '{"locked":true}' where user_id = ${id}`);
    expect((await sessionsOf(id))[0]?.data).toMatchObject({ locked: true });
  });

  it('lasts twelve hours from when the user was last seen', async () => {
    const { id } = built.users.receptionist;
    const browser = await signIn(app, built.users.receptionist);
    await db.sql`update sessions set expires_at = now() + interval '1 hour' where user_id = ${id}`;
    await browser.get('/patients');
    const hoursLeft = async () => ((await sessionsOf(id))[0]!.expiresAt.getTime() - Date.now()) / 3_600_000;
    expect(await hoursLeft()).toBeLessThan(1.1);
    await leaveFor(id, 2);
    const seen = await browser.get('/patients');
    expect(await hoursLeft()).toBeGreaterThan(11.9);
    expect(seen.cookies.find(({ name }) => name === 'staff')?.expires?.getTime()).toBeGreaterThan(
      Date.now() + 11.9 * 3_600_000,
    );
    await db.sql`update sessions set expires_at = now() - interval '1 second' where user_id = ${id}`;
    expect((await browser.get('/patients')).headers.location).toContain('/sign-in');
  });

  it('locks after a quarter of an hour, and goes on where it was for whoever knows their password', async () => {
    const { receptionist, manager } = built.users;
    const browser = await signIn(app, receptionist);
    await leaveFor(receptionist.id, 16);
    const locked = await browser.get('/book?day=2031-02-03');
    expect(locked.headers.location).toBe('/sign-in?to=%2Fbook%3Fday%3D2031-02-03');
    const picker = await browser.get(locked.headers.location!);
    expect(picker.body).toContain('This screen is locked');
    for (const user of Object.values(built.users)) expect(picker.body).toContain(user.name);
    expect((await browser.get('/patients')).statusCode).toBe(303);
    const switched = await browser.post('/sign-in', { email: manager.email, password, to: '/book?day=2031-02-03' });
    expect(switched.headers.location).toBe('/book?day=2031-02-03');
    expect((await browser.get('/patients')).body).toContain(manager.name);
    expect(await sessionsOf(receptionist.id)).toHaveLength(0);
  });

  it('is not kept awake by screens that follow what changes', async () => {
    const { id } = built.users.receptionist;
    const browser = await signIn(app, built.users.receptionist);
    await leaveFor(id, 14);
    await browser.get('/patients', { partial: true, headers: { 'x-unattended': '1' } });
    const [row] = await sessionsOf(id);
    expect(Date.now() - (row!.data as { lastSeenAt: number }).lastSeenAt).toBeGreaterThan(13 * 60_000);
  });

  it('can be locked by hand, coming back to the page it was locked on', async () => {
    const browser = await signIn(app, built.users.receptionist);
    const locked = await browser.post('/lock', {}, { headers: { referer: 'http://localhost/book?day=2031-02-03' } });
    expect(locked.headers.location).toBe('/sign-in?to=%2Fbook%3Fday%3D2031-02-03');
    expect((await browser.get('/patients')).statusCode).toBe(303);
  });

  it('sends htmx to sign in by its header, with the page that it stands on', async () => {
    const { statusCode, headers } = await visitor(app).get('/book?day=2031-02-03', {
      partial: true,
      headers: { 'hx-current-url': 'http://localhost/patients' },
    });
    expect(statusCode).toBe(204);
    expect(headers['hx-redirect']).toBe('/sign-in?to=%2Fpatients');
  });

  it('ends by signing out', async () => {
    const browser = await signIn(app, built.users.receptionist);
    expect((await browser.post('/sign-out')).headers.location).toBe('/sign-in');
    expect(browser.cookies.has('staff')).toBe(false);
    expect(await sessionsOf(built.users.receptionist.id)).toHaveLength(0);
  });
});

describe('preferences', () => {
  it('keep a user’s language, also on the sign-in page afterwards', async () => {
    const browser = await signIn(app, built.users.receptionist);
    expect((await browser.post('/language', { language: 'nl', to: '/patients' })).headers.location).toBe('/patients');
    expect((await browser.get('/patients')).body).toContain('Nieuwe patiënt');
    await browser.post('/sign-out');
    expect((await browser.get('/sign-in')).body).toContain('Wachtwoord');
    expect((await browser.post('/language', { language: 'fr' })).statusCode).toBe(422);
  });

  it('do not let a user work at another practice’s location', async () => {
    const other = await buildPractice(db);
    const browser = await signIn(app, built.users.receptionist);
    expect((await browser.post('/location', { locationId: other.location.id })).statusCode).toBe(404);
    expect((await browser.post('/location', { locationId: built.location.id, to: '/patients' })).statusCode).toBe(303);
  });
});

/** The receptionist opens a page; once it knows their session, something else happens to that. */
async function seenWhile(happens: () => Promise<unknown>): Promise<void> {
  const { receptionist } = built.users;
  const overtaken = await buildApp({
    busyAboveMs: 0,
    configuration: app.configuration,
    ...dependenciesOn(db),
    outside: {
      database: db.database,
      sql: new Proxy(db.sql, {
        apply(target, self, args: [TemplateStringsArray]) {
          const query = () => Reflect.apply(target, self, args);
          if (!args[0].join?.('').includes('from sessions s left join')) return query();
          return query().then(async (read: unknown) => {
            await happens();
            return read;
          });
        },
      }),
    },
  });
  const browser = await signIn(app, receptionist);
  // Two minutes on, a request notes that the user was seen and so writes the session.
  await leaveFor(receptionist.id, 2);
  const cookie = `staff=${browser.cookies.get('staff')}`;
  expect((await overtaken.inject({ url: '/patients', headers: { cookie } })).statusCode).toBe(200);
  await overtaken.close();
}
