import { randomBytes } from 'node:crypto';
import fastify from 'fastify';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { buildApp } from '../../api/app.ts';
import { faultOf, redactedUrl } from '../../api/log.ts';
import { viewer } from '../../api/plugins/viewer.ts';
import { buildPatient } from '../builders.ts';
import { buildTestApp, dependenciesOn, signIn, visitor } from '../desk.ts';
import { buildSent } from '../efforts.ts';
import { app, built, db, desk, useReception } from './reception.ts';

useReception();

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };

describe('every page', () => {
  it('allows its own scripts, styles and pictures, and nothing else', async () => {
    const { headers } = await visitor(app).get('/sign-in');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    );
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('insists on https where the practice is reached by https', async () => {
    const secure = await buildTestApp(db, { PUBLIC_URL: 'https://book.example' });
    const { headers } = await visitor(secure).get('/sign-in');
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
    expect(headers['strict-transport-security']).toMatch(/max-age=\d+/);
    await secure.close();
  });

  it('never says from which booking link somebody came', async () => {
    expect((await visitor(app).get('/b/AAAAAAAAAAAAAAAAAAAAAA')).headers['referrer-policy']).toBe('no-referrer');
  });

  it('loads styles and scripts under names that may be kept for ever', async () => {
    const { body } = await visitor(app).get('/sign-in');
    for (const url of [/href="(\/assets\/[^"]+\.css)"/, /src="(\/assets\/[^"]+htmx\.js)"/].map(
      (pattern) => pattern.exec(body)![1]!,
    )) {
      const asset = await app.inject({ url, headers: { 'accept-encoding': 'gzip, br' } });
      expect(asset.statusCode).toBe(200);
      expect(asset.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-encoding': 'br',
      });
    }
  });

  it('speaks the language of the browser before anybody signed in', async () => {
    expect((await visitor(app, { 'accept-language': 'nl-NL,nl;q=0.9' }).get('/sign-in')).body).toContain('Aanmelden');
    expect((await visitor(app, { 'accept-language': 'de' }).get('/sign-in')).body).toContain('Sign in');
  });
});

describe('a form', () => {
  it('is refused without the token that was given to its reader', async () => {
    const stranger = visitor(app);
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/sign-in',
      payload: 'email=a&password=b',
      headers: urlencoded,
    });
    expect(statusCode).toBe(403);
    expect(body).toContain('form has become too old');
    const theirs = await stranger.post('/sign-in', { email: 'nobody@example.com', password: 'x', _csrf: 'made-up' });
    expect(theirs.statusCode).toBe(403);
  });

  it('may carry its token in a header, as htmx does', async () => {
    const browser = visitor(app);
    const token = /name="_csrf" value="([^"]+)"/.exec((await browser.get('/sign-in')).body)![1]!;
    const { statusCode } = await app.inject({
      method: 'POST',
      url: '/language',
      payload: 'language=nl',
      headers: { ...urlencoded, 'x-csrf-token': token, cookie: `forms=${browser.cookies.get('forms')}` },
    });
    expect(statusCode).toBe(303);
  });

  it('is refused when it is too large, of another type, or no text', async () => {
    expect((await desk.post('/patients', { note: 'x'.repeat(65_536) })).statusCode).toBe(413);
    const ten = await app.inject({
      method: 'POST',
      url: '/sign-in',
      payload: `email=${'x'.repeat(10_000_000)}`,
      headers: urlencoded,
    });
    expect(ten.statusCode).toBe(413);
    for (const type of ['application/json', 'multipart/form-data; boundary=x', 'text/plain']) {
      expect((await desk.post('/patients', {}, { headers: { 'content-type': type } })).statusCode).toBe(415);
    }
    for (const broken of [
      Buffer.from('email=\xff\xfe&password=x', 'latin1'),
      'email=%ff%fe&password=x',
      'email=a%00b&password=x',
    ]) {
      expect(
        (await app.inject({ method: 'POST', url: '/sign-in', payload: broken, headers: urlencoded })).statusCode,
      ).toBe(400);
    }
  });
});

describe('guessing links', () => {
  it('ends after thirty that nobody was given, and stops no patient whose link is known', async () => {
    const { token } = await buildSent(db, built);
    const home = visitor(app, {}, '192.0.2.1');
    for (let time = 0; time < 35; time++) expect((await home.get(`/b/${token}`)).statusCode).toBe(200);
    const guesser = visitor(app, {}, '192.0.2.2');
    const guess = async () => (await guesser.get(`/b/${randomBytes(16).toString('base64url')}`)).statusCode;
    for (let time = 0; time < 30; time++) expect(await guess()).toBe(404);
    expect(await guess()).toBe(429);
    expect((await home.get(`/b/${token}`)).statusCode).toBe(200);
  });
});

describe('what cannot be answered', () => {
  it('is a page that gives nothing away', async () => {
    const missing = await desk.get('/no-such-page');
    expect(missing.statusCode).toBe(404);
    expect(missing.body).toContain('does not exist');
    expect((await desk.get('/patients/%E0%A4%A')).statusCode).toBe(400);
    expect((await desk.get('/patients/not-an-id')).statusCode).toBe(404);
    expect((await desk.get(`/patients?search=${'%ff'}`)).statusCode).toBe(400);
  });

  it('is a fragment for htmx', async () => {
    const { body, statusCode } = await desk.get('/patients/00000000-0000-7000-8000-000000000000', { partial: true });
    expect(statusCode).toBe(404);
    expect(body).toMatch(/^<section class="problem"/);
  });

  it('names a reference instead of the fault', async () => {
    const patient = await buildPatient(db, built);
    const broken = await buildApp({
      busyAboveMs: 0,
      configuration: app.configuration,
      ...dependenciesOn(db),
      sql: new Proxy(db.walled.sql, {
        apply(target, self, args: [TemplateStringsArray]) {
          if (args[0].join?.('').includes('from messages m')) throw new Error('the secret inside');
          return Reflect.apply(target, self, args);
        },
      }),
    });
    const browser = await signIn(broken, built.users.receptionist);
    const { statusCode, body } = await browser.get(`/patients/${patient.id}`);
    expect(statusCode).toBe(500);
    expect(body).toMatch(/Reference: [\w-]{8}/);
    expect(body).not.toContain('secret inside');
    await broken.close();
  });
});

describe('a route', () => {
  it('must name its roles, or it cannot be registered', async () => {
    const bare = fastify();
    await bare.register(viewer, { temporalUiUrl: null });
    expect(() => bare.get('/open-by-mistake', async () => 'anything')).toThrow('names no roles');
  });
});

describe('the log', () => {
  it('keeps no token, no name that was searched for or typed, and no address of anybody', async () => {
    const { token, patient } = await buildSent(db, built, { patient: { lastName: 'Quandary' } });
    const lines: string[] = [];
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const logging = await buildApp({
      configuration: app.configuration,
      ...dependenciesOn(db),
      log,
      busyAboveMs: 0,
    });
    const browser = await signIn(logging, built.users.receptionist);
    await browser.post('/patients/search', { q: 'Quandary' });
    await browser.get('/patients?q=Quandary');
    await browser.post(`/patients/${patient.id}/edit`, { firstName: 'Quandary' });
    await browser.post('/sign-in', { email: 'quandary@example.com', password: 'Quandary' });
    for (const path of ['', '/confirmation', '/no-such-page'])
      await visitor(logging).get(`/b/${token}${path}?q=Quandary`);
    await logging.close();
    expect(lines.filter((line) => line.includes('"url":"/b/…'))).toHaveLength(3);
    expect(lines.some((line) => line.includes('"url":"/patients"'))).toBe(true);
    for (const secret of [
      token,
      'quandary',
      patient.email!,
      patient.mobile!,
      built.users.receptionist.email,
      browser.cookies.get('staff')!,
    ]) {
      expect(lines.join('').toLowerCase()).not.toContain(secret.toLowerCase());
    }
  });

  it('keeps nothing of a row that the database quotes when it refuses', async () => {
    const refused =
      await db.sql`insert into patients (practice_id, number, first_name, last_name, birth_date) values (${built.practice.id}, 1, 'Quandary', 'Quandary', '1984-05-06'), (${built.practice.id}, 1, 'Quandary', 'Quandary', '1984-05-06')`.catch(
        (error) => error,
      );
    expect(JSON.stringify({ ...refused, message: refused.message })).toContain('23505');
    expect(faultOf(new Error('Failed query: Quandary', { cause: refused }))).toMatchObject({
      code: '23505',
      table_name: 'patients',
    });
    expect(JSON.stringify(faultOf(new Error('Failed query: Quandary', { cause: refused })))).not.toContain('Quandary');
  });

  it('knows no addresses below links and no queries', () => {
    expect(redactedUrl('/b/AbCdEfGhIjKlMnOpQrStUv/hold?x=1')).toBe('/b/…/hold');
    expect(redactedUrl('/a/AbCdEfGhIjKlMnOpQrStUv')).toBe('/a/…');
    expect(redactedUrl('/u/AbCdEfGhIjKlMnOpQrStUv/opting-out')).toBe('/u/…/opting-out');
    expect(redactedUrl('/patients?q=Ziegler')).toBe('/patients');
  });
});
