import { describe, expect, it } from 'vitest';
import { signIn } from '../../desk.ts';
import { rightForms } from '../rightForms.ts';
import {
  addressesWith,
  app,
  db,
  endless,
  idsOf,
  manager,
  own,
  staffRoutes,
  useTwoPractices,
  withIds,
} from './twoPractices.ts';

useTwoPractices();

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
        noted ||= statusCode < 400 && since.size > 0;
        if (statusCode !== 200) continue;
        if (++tried === 3) break;
      }
      expect(noted, `GET ${url}`).toBe(!ofNobody.test(url));
    }
  });

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
  });

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
