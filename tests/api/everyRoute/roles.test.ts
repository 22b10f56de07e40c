import { describe, expect, it } from 'vitest';
import { signIn, visitor } from '../../desk.ts';
import { fingerprint } from '../../fingerprint.ts';
import { rightForms } from '../rightForms.ts';
import {
  app,
  db,
  endless,
  filled,
  nobody,
  own,
  routes,
  staffRoutes,
  useTwoPractices,
  withoutToken,
} from './twoPractices.ts';

useTwoPractices();

describe('each route', () => {
  it('says who may use it, and these are open to everybody', () => {
    expect(routes.length).toBeGreaterThan(50);
    for (const { roles } of staffRoutes()) expect(roles!.length).toBeGreaterThan(0);
    const open = routes.filter(({ roles }) => roles === null).map(({ method, url }) => `${method} ${url}`);
    expect(open.sort()).toEqual([
      'GET /a/:token',
      'GET /a/:token/appointment.ics',
      'GET /b/:token',
      'GET /b/:token/answer',
      'GET /b/:token/appointment.ics',
      'GET /b/:token/confirmation',
      'GET /b/:token/not-for-me',
      'GET /healthz',
      'GET /inbox',
      'GET /inbox/:id/attachments/:index',
      'GET /metrics',
      'GET /providers/:id/picture',
      'GET /readyz',
      'GET /sign-in',
      'GET /u/:token',
      'POST /a/:token/language',
      'POST /b/:token/answer',
      'POST /b/:token/confirmation',
      'POST /b/:token/hold',
      'POST /b/:token/hold/extension',
      'POST /b/:token/language',
      'POST /inbox/:id/reply',
      'POST /inbox/carriers',
      'POST /language',
      'POST /sign-in',
      'POST /sign-out',
      'POST /u/:token/language',
      'POST /u/:token/opting-in',
      'POST /u/:token/opting-out',
    ]);
  });

  it('that writes has a right form in rightForms.ts, which its own practice’s staff may send', async () => {
    const missing = routes.filter(({ method, url }) => method === 'POST' && !(url in rightForms)).map(({ url }) => url);
    expect(missing).toEqual([]);
    for (const { method, url } of routes) {
      if (method === 'GET') continue;
      const form = await rightForms[url]!(db, own);
      // A browser of its own: some forms end the session.
      const browser = await signIn(app, own.users.manager);
      const answer = await browser.post(form.url, form.fields);
      expect([204, 303], `${url} ${answer.statusCode} ${JSON.stringify(form.fields)}`).toContain(answer.statusCode);
      if (url !== '/sign-out' && url !== '/lock') expect(answer.headers.location ?? '', url).not.toMatch(/^\/sign-in/);
    }
  });

  it('takes no form without its token, or with another browser’s, but for carriers’ calls and one click', async () => {
    // Mail programs end emails by one click (RFC 8058); the link's token proves it.
    const oneClick = 'POST /u/:token';
    expect(withoutToken.filter((route) => route !== oneClick && !route.startsWith('POST /webhooks/'))).toEqual([]);
    const stolen = /name="_csrf" value="([^"]+)"/.exec((await visitor(app).get('/sign-in')).body)![1]!;
    const prepared = [];
    for (const { method, url } of routes) if (method === 'POST') prepared.push(await rightForms[url]!(db, own));
    const before = await fingerprint(db.sql);
    const browser = await signIn(app, own.users.manager);
    for (const { url, fields } of prepared) {
      for (const _csrf of ['', stolen]) {
        const { statusCode } = await browser.post(url, { ...fields, _csrf });
        expect(statusCode, `POST ${url}`).toBe(403);
      }
    }
    expect(await fingerprint(db.sql)).toEqual(before);
  });

  it('lets in exactly the roles that it names', async () => {
    for (const role of ['provider', 'receptionist', 'manager'] as const) {
      const browser = await signIn(app, own.users[role]);
      for (const { method, url, roles } of staffRoutes()) {
        if (endless.has(url)) continue;
        const path = filled(url, nobody);
        // Who may use it comes as far as its body, which is none.
        const answer =
          method === 'GET'
            ? await browser.get(path)
            : await browser.post(path, {}, { headers: { 'content-type': 'text/plain' } });
        const said = `${role} ${method} ${url} ${answer.statusCode}`;
        if (!roles!.includes(role)) expect(said).toBe(`${role} ${method} ${url} 403`);
        else if (method === 'POST') expect(said).toBe(`${role} ${method} ${url} 415`);
        else {
          expect([200, 303, 404], said).toContain(answer.statusCode);
          expect(answer.headers.location ?? '', said).not.toContain('/sign-in');
        }
      }
    }
  });

  it('of staff sends whoever is not signed in to sign in, and changes nothing', async () => {
    const prepared = [];
    for (const { method, url, unattended } of staffRoutes()) {
      const form = method === 'POST' ? await rightForms[url]!(db, own) : { url: filled(url, nobody), fields: {} };
      prepared.push({ method, url, unattended, form });
    }
    const before = await fingerprint(db.sql);
    for (const { method, url, unattended, form } of prepared) {
      const stranger = visitor(app);
      for (const partial of [false, true]) {
        const answer =
          method === 'GET'
            ? await stranger.get(form.url, { partial })
            : await stranger.post(form.url, form.fields, { partial });
        const said = `${method} ${url} ${answer.statusCode}`;
        if (unattended) expect(said).toBe(`${method} ${url} 401`);
        else if (partial) {
          expect(said).toBe(`${method} ${url} 204`);
          expect(answer.headers['hx-redirect']).toMatch(/^\/sign-in/);
        } else {
          expect(said).toBe(`${method} ${url} 303`);
          expect(answer.headers.location).toMatch(/^\/sign-in/);
        }
        expect(answer.body).toBe('');
      }
    }
    expect(await fingerprint(db.sql)).toEqual(before);
  });
});
