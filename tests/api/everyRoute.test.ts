import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { fingerprint } from '../fingerprint.ts';
import { type KnownRoute, routeCollector } from './knownRoutes.ts';
import type { Fields } from './rightForms/form.ts';
import { fillPractice, rightForms } from './rightForms.ts';

/** Stands in every name of the other practice. */
const mark = 'Elsewhere';
const nobody = '00000000-0000-7000-8000-000000000000';
/** Routes whose answer does not end are left to their own test. */
const endless = new Set(['/live']);

let db: FreshDatabase;
let app: FastifyInstance;
let own: BuiltPractice;
let other: BuiltPractice;
let routes: KnownRoute[];
let withoutToken: string[];
let manager: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  const collector = routeCollector();
  app = await buildTestApp(db, {}, { onRoute: collector.onRoute });
  ({ routes, withoutToken } = collector);
  own = await buildPractice(db);
  other = await buildPractice(db, { name: `${mark} Dental`, shortName: mark, emailSenderName: mark });
  await fillPractice(db, own);
  await fillPractice(db, other);
  await markNames();
  manager = await signIn(app, own.users.manager);
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

/** Of those that write only the ones with a right form: the test of the forms names the others. */
const staffRoutes = () =>
  routes.filter(({ method, url, roles }) => roles !== null && (method === 'GET' || url in rightForms));
const withIds = (method: 'GET' | 'POST') =>
  staffRoutes().filter(
    (route) => route.method === method && /:\w*(id|Id)\b/.test(route.url) && !endless.has(route.url),
  );
const filled = (url: string, id: string) => url.replaceAll(/:\w*(id|Id)\b/g, id).replaceAll(/:\w+/g, '0');

/** Each id of an address by turns, the others being ours. */
function addressesWith(url: string, id: string): string[] {
  if (!url.includes(':locationId')) return [filled(url, id)];
  return [
    filled(url.replace(':locationId', own.location.id), id),
    filled(url.replace(':id', own.providers[0]!.id), id),
  ];
}

/** The answer, or that of the page it leads on to. */
async function follow(url: string) {
  const answer = await manager.get(url);
  return answer.statusCode === 303 ? manager.get(answer.headers.location!) : answer;
}

async function firstShown(addresses: string[]): Promise<boolean> {
  for (const address of addresses) if ((await follow(address)).statusCode === 200) return true;
  return false;
}

async function markNames(): Promise<void> {
  const { id } = other.practice;
  for (const [table, column] of Object.entries({
    patients: 'last_name',
    providers: 'name',
    chairs: 'name',
    locations: 'name',
    services: 'name_en',
    users: 'name',
    treatment_plans: 'name',
    planned_appointments: 'description',
  })) {
    await db.sql.unsafe(
      `update ${table} set ${column} = '${mark} ' || ${column} where practice_id = '${id}' and ${column} not like '${mark}%'`,
    );
  }
}

/** Ids of a practice's rows, of every table that has them. */
async function idsOf(practiceId: string, ofEach: number): Promise<string[]> {
  const found = await db.sql<{ name: string }[]>`
    select i.table_name as name from information_schema.columns i join information_schema.columns p using (table_schema, table_name)
    where i.table_schema = 'public' and i.column_name = 'id' and i.data_type = 'uuid' and p.column_name = 'practice_id'`;
  const rows = await Promise.all(
    found.map(({ name }) =>
      db.sql.unsafe<{ id: string }[]>(
        `select id from ${name} where practice_id = '${practiceId}' order by id limit ${ofEach}`,
      ),
    ),
  );
  return [practiceId, ...rows.flat().map(({ id }) => id)];
}

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

describe('another practice', () => {
  it('shows none of its rows, by whatever id they are asked for', async () => {
    await markNames();
    const [theirs, ours] = await Promise.all([idsOf(other.practice.id, 2), idsOf(own.practice.id, 5)]);
    expect(theirs.length).toBeGreaterThan(25);
    let before: Record<string, string>;
    for (const { url } of withIds('GET')) {
      // With the right one of our own ids there is something to see: the pool of ids is good for this route.
      const shown = await firstShown(ours.flatMap((id) => addressesWith(url, id)));
      expect(shown, url).toBe(true);
      const right = url in rightForms ? [(await rightForms[url]!(db, other)).url] : [];
      before = await fingerprint(db.sql);
      for (const address of [...right, ...theirs.flatMap((id) => addressesWith(url, id))]) {
        const answer = await follow(address);
        expect([404, 403, 422], `GET ${address} ${answer.statusCode}`).toContain(answer.statusCode);
        expect(answer.body.includes(mark), url).toBe(false);
      }
      expect(await fingerprint(db.sql), url).toEqual(before);
    }
  }, 120_000);

  it('shows none of its rows in lists, whatever is asked of them', async () => {
    const { providers, chairs, location, practice } = other;
    const queries = [
      '',
      ...[providers[0]!.id, chairs[0]!.id, location.id, practice.id].map((id) => {
        const names = ['provider', 'location', 'chair', 'patient', 'id', 'practice', 'practiceId'];
        return `?${names.map((name) => `${name}=${id}`).join('&')}&q=${mark}`;
      }),
    ];
    for (const { method, url } of routes) {
      if (method !== 'GET' || url.includes(':') || endless.has(url) || url === '/inbox') continue;
      for (const query of queries) {
        const answer = await manager.get(`${url}${query}`);
        expect([200, 303, 400, 404], `${url} ${answer.statusCode}`).toContain(answer.statusCode);
        const shown = answer.body
          .replaceAll(`value="${mark}"`, '')
          .replaceAll(`q=${mark}`, '')
          .replaceAll(`“${mark}”`, '');
        expect(shown.includes(mark), `${url}${query}`).toBe(false);
      }
    }
  });

  it('is changed by no form, whichever of its rows the address names', async () => {
    for (const { url } of withIds('POST')) {
      const theirs = await rightForms[url]!(db, other);
      const ours = await rightForms[url]!(db, own);
      const before = await fingerprint(db.sql);
      // The fields as they would be right there, and as they would be right here.
      for (const fields of [theirs.fields, ours.fields]) {
        for (const role of ['manager', 'receptionist', 'provider'] as const) {
          const browser = await signIn(app, own.users[role]);
          const answer = await browser.post(theirs.url, fields);
          expect([404, 403, 422], `${role} POST ${url} ${answer.statusCode}`).toContain(answer.statusCode);
          expect(answer.body).not.toContain(mark);
        }
      }
      expect(await fingerprint(db.sql), url).toEqual(before);
    }
  }, 120_000);

  it('lends none of its rows to a form of ours', async () => {
    const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
    const theirs = [
      other.providers[0]!.id,
      other.chairs[0]!.id,
      other.services[0]!.id,
      other.location.id,
      other.practice.id,
      nobody,
    ];
    let tried = 0;
    for (const { url } of staffRoutes().filter(({ method }) => method === 'POST')) {
      const right = await rightForms[url]!(db, own);
      const before = await fingerprint(db.sql);
      const ours = [...new Set(JSON.stringify(right.fields).match(uuid) ?? [])];
      for (const [id, foreign] of ours.flatMap((id) => theirs.map((one) => [id, one] as const))) {
        const fields = JSON.parse(JSON.stringify(right.fields).replaceAll(id, foreign)) as Fields;
        const answer = await manager.post(right.url, fields);
        expect([404, 403, 409, 422], `POST ${url} ${JSON.stringify(fields)} ${answer.statusCode}`).toContain(
          answer.statusCode,
        );
        expect(answer.body).not.toContain(mark);
        tried++;
      }
      expect(await fingerprint(db.sql), url).toEqual(before);
    }
    expect(tried).toBeGreaterThan(40);
  }, 120_000);
});

describe('the access log', () => {
  /** Staff's routes with an id that leads to no patient. */
  const ofNobody = /^\/(settings|book\/(blocks|entries))\//;
  /** Lists of the day's work: they open nobody. */
  const lists = [
    '/book',
    '/book/appointments/new',
    '/bookings',
    '/departure-tasks',
    '/follow-up',
    '/online-appointments',
    '/patients',
    '/reports/access',
    '/reports/access.csv',
  ];

  const lines = async () => {
    const rows = await db.sql<{ patient: string; count: number }[]>`
      select patient_id as patient, count(*)::int as count from access_entries group by 1`;
    return new Map(rows.map(({ patient, count }) => [patient, count]));
  };
  const linesSince = (before: Map<string, number>, after: Map<string, number>) =>
    new Set([...after.keys()].filter((patient) => after.get(patient)! > (before.get(patient) ?? 0)));

  /** Gives each patient a name that no other text holds. */
  async function patientsByName(): Promise<Map<string, string>> {
    const rows = await db.sql<{ id: string; name: string }[]>`
      update patients set last_name = 'Known' || number || 'x' || right(practice_id::text, 4) returning id, last_name as name`;
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  it('has a line of every patient that a page of one id shows', async () => {
    const names = await patientsByName();
    const ours = await idsOf(own.practice.id, 5);
    for (const { url } of withIds('GET')) {
      let noted = false;
      let tried = 0;
      let before = await lines();
      for (const address of ours.flatMap((id) => addressesWith(url, id))) {
        const { body, statusCode } = await manager.get(address);
        if (statusCode === 404) continue;
        const after = await lines();
        const since = linesSince(before, after);
        before = after;
        const shown = [...names].filter(([name]) => body.includes(name)).map(([, id]) => id);
        for (const patient of shown) expect(since.has(patient), `GET ${url} shows a patient unseen`).toBe(true);
        if (statusCode !== 200) continue;
        noted ||= since.size > 0;
        if (++tried === 3) break;
      }
      expect(noted, `GET ${url}`).toBe(!ofNobody.test(url));
    }
  }, 120_000);

  it('has a line of every patient that a form is about', async () => {
    for (const { url } of staffRoutes().filter(({ method }) => method === 'POST')) {
      const right = await rightForms[url]!(db, own);
      const browser = await signIn(app, own.users.manager);
      const [before, [audited]] = await Promise.all([
        lines(),
        db.sql`select count(*)::int as count from audit_entries`,
      ]);
      await browser.post(right.url, right.fields);
      const since = linesSince(before, await lines());
      const changed = await db.sql<{ patient_id: string | null }[]>`
        select patient_id from audit_entries order by id offset ${audited!.count}`;
      for (const { patient_id } of changed) if (patient_id) expect(since.has(patient_id), `POST ${url}`).toBe(true);
      if (/:\w*(id|Id)\b/.test(url)) expect(since.size, `POST ${url}`).toBe(ofNobody.test(url) ? 0 : 1);
    }
  }, 120_000);

  it('has none of lists, and these are all the lists that show patients', async () => {
    const names = await patientsByName();
    const showing = new Set<string>();
    const found = await manager.post('/patients/search', { q: 'Known' });
    const search = new URL(found.headers.location!, 'http://localhost').search;
    for (const { method, url } of staffRoutes()) {
      if (method !== 'GET' || url.includes(':') || endless.has(url)) continue;
      for (const query of ['', search]) {
        const before = await lines();
        const { body } = await manager.get(`${url}${query}`);
        if ([...names.keys()].some((name) => body.includes(name))) showing.add(url);
        expect(linesSince(before, await lines()).size, url).toBe(0);
      }
    }
    expect([...showing].sort()).toEqual(lists);
  });
});
