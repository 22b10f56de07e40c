import type { FastifyInstance } from 'fastify';
import type { Sql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { type BuiltPractice, buildPatient, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let desk: Browser;
let manager: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  app = await buildTestApp(db);
  built = await buildPractice(db);
  desk = await signIn(app, built.users.receptionist);
  manager = await signIn(app, built.users.manager);
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const linesOf = (patientId: string) =>
  db.sql<{ user_id: string; role: string; what: string; act: string; address: string }[]>`
    select user_id, role, what, act, address from access_entries where patient_id = ${patientId} order by at`;

describe('who opens a patient', () => {
  it('is noted: who, as what, what of whom, seen or done, and from where', async () => {
    const patient = await buildPatient(db, built);
    await desk.get(`/patients/${patient.id}`);
    const { firstName, lastName, birthDate } = patient;
    const saved = await desk.post(`/patients/${patient.id}/edit`, {
      ...{ firstName, lastName, birthDate, contactOwner: 'patient', language: '', providerId: '' },
      ...{ lastNamePrefix: '', email: '', mobile: '', note: '' },
    });
    expect(saved.statusCode).toBe(303);
    await desk.post(`/patients/${patient.id}/edit`, { firstName: '' });
    const by = { user_id: built.users.receptionist.id, role: 'receptionist', address: '127.0.0.1' };
    expect(await linesOf(patient.id)).toEqual([
      { ...by, what: 'file', act: 'seen' },
      { ...by, what: 'contacts', act: 'done' },
      { ...by, what: 'contacts', act: 'refused' },
    ]);
  });

  it('is noted also where their role may not', async () => {
    const patient = await buildPatient(db, built);
    const provider = await signIn(app, built.users.provider);
    expect((await provider.get(`/patients/${patient.id}/edit`)).statusCode).toBe(403);
    expect(await linesOf(patient.id)).toMatchObject([{ role: 'provider', what: 'contacts', act: 'refused' }]);
  });

  it('is noted once a quarter of an hour where the screen asks by itself', async () => {
    const patient = await buildPatient(db, built);
    const asked = { partial: true, headers: { 'x-unattended': '1' } };
    for (const _ of [1, 2, 3]) await desk.get(`/patients/${patient.id}`, asked);
    expect(await linesOf(patient.id)).toHaveLength(1);
    for (const _ of [1, 2]) await desk.get(`/patients/${patient.id}`, { partial: true });
    expect(await linesOf(patient.id)).toHaveLength(3);
  });

  it('sees nothing when the line cannot be written', async () => {
    const patient = await buildPatient(db, built, { lastName: 'Untold' });
    const deaf = await buildTestApp(db, {}, { sql: failing(db.sql, 'insert into access_entries') });
    const browser = await signIn(deaf, built.users.receptionist);
    const answer = await browser.get(`/patients/${patient.id}`);
    expect(answer.statusCode).toBe(500);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.body).toContain('Something went wrong on our side');
    expect(answer.body).not.toMatch(/Untold|no room/);
    const file = await (await signIn(deaf, built.users.manager)).get(`/patients/${patient.id}/export`);
    expect(file.statusCode).toBe(500);
    expect(file.headers['content-disposition']).toBeUndefined();
    expect(file.body).not.toMatch(/Untold|no room/);
    await deaf.close();
  });
});

describe('the log', () => {
  it('is only added to: nothing changes or removes a line of the last five years', async () => {
    const patient = await buildPatient(db, built);
    await desk.get(`/patients/${patient.id}`);
    for (const attempt of [
      () => db.sql`update access_entries set address = '10.0.0.1' where patient_id = ${patient.id}`,
      () => db.sql`delete from access_entries where patient_id = ${patient.id}`,
      () => db.sql`truncate access_entries`,
    ]) {
      await expect(attempt()).rejects.toThrow('only added to');
    }
    const old = new Date(Date.now() - 5.1 * 365.25 * 86_400_000);
    await db.sql`
      insert into access_entries (practice_id, user_id, role, patient_id, what, act, address, at)
      select practice_id, user_id, role, patient_id, what, act, address, ${old} from access_entries where patient_id = ${patient.id}`;
    await db.sql`delete from access_entries where patient_id = ${patient.id} and at < ${new Date(Date.now() - 5.05 * 365.25 * 86_400_000)}`;
    expect(await linesOf(patient.id)).toHaveLength(1);
  });

  it('is read by managers: of a period, a user, a patient’s number, the newest first', async () => {
    const [one, other] = [await buildPatient(db, built), await buildPatient(db, built)];
    await desk.get(`/patients/${one.id}`);
    await manager.get(`/patients/${other.id}/chart`);
    expect((await desk.get('/reports/access')).statusCode).toBe(403);
    const all = (await manager.get('/reports/access')).body;
    expect(all.indexOf(other.lastName)).toBeLessThan(all.indexOf(one.lastName));
    const ofOne = (await manager.get(`/reports/access?number=${one.number}`)).body;
    expect(ofOne).toContain(one.lastName);
    expect(ofOne).not.toContain(other.lastName);
    const byDesk = (await manager.get(`/reports/access?user=${built.users.receptionist.id}`)).body;
    expect(byDesk).toContain(one.lastName);
    expect(byDesk).not.toContain(other.lastName);
    expect((await manager.get('/reports/access?from=2020-01-01&until=2020-01-31')).body).not.toContain(one.lastName);
    expect((await manager.get('/reports/access?number=999999')).body).toContain('No patient has the number 999999.');
    expect((await linesOf(one.id)).at(-1)).toMatchObject({ what: 'access_log', role: 'manager' });
  });

  it('shows a hundred lines at a time, and the older ones after them', async () => {
    const patient = await buildPatient(db, built);
    await db.sql`
      insert into access_entries (practice_id, user_id, role, patient_id, what, act, address)
      select ${built.practice.id}, ${built.users.manager.id}, 'manager', ${patient.id}, 'file', 'seen', '10.1.1.' || n from generate_series(1, 130) n`;
    const page = (await manager.get(`/reports/access?number=${patient.number}`)).body;
    const rows = (html: string) => html.match(/10\.1\.1\.\d+/g) ?? [];
    expect(rows(page)).toHaveLength(100);
    const older = /href="(\/reports\/access\?[^"]*before=[^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&');
    const next = rows((await manager.get(older)).body);
    expect(new Set([...rows(page), ...next]).size).toBe(130);
  });

  it('comes as a file, whole, with a line for each opening', async () => {
    const patient = await buildPatient(db, built, { lastName: '=Formula' });
    await db.sql`
      insert into access_entries (practice_id, user_id, role, patient_id, what, act, address)
      select ${built.practice.id}, ${built.users.manager.id}, 'manager', ${patient.id}, 'chart', 'seen', '10.2.2.2' from generate_series(1, 1200)`;
    const today = localDay(Date.now(), built.practice.timeZone);
    const file = await manager.get(`/reports/access.csv?number=${patient.number}&from=${today}&until=${today}`);
    expect(file.headers['content-type']).toContain('text/csv');
    expect(file.headers['content-disposition']).toBe(`attachment; filename="access-${today}-${today}.csv"`);
    expect(file.headers['cache-control']).toBe('no-store');
    const lines = file.body.trimEnd().split('\r\n');
    // The names of what it holds, and that it was asked for.
    expect(lines).toHaveLength(1202);
    expect(lines[0]).toContain('"Patient number"');
    expect(lines[1]).toContain('"The manager","Manager"');
    expect(lines[1]).toContain('"Access log","seen","127.0.0.1"');
    expect(lines[2]).toContain('"Chart","seen","10.2.2.2"');
    expect(file.body).toContain('"Robin =Formula"');
  });

  it('of another practice is nobody’s here', async () => {
    const other = await buildPractice(db);
    const patient = await buildPatient(db, other, { lastName: 'Elsewhere' });
    await (await signIn(app, other.users.manager)).get(`/patients/${patient.id}`);
    await manager.get(`/patients/${patient.id}`);
    expect(await linesOf(patient.id)).toHaveLength(1);
    expect((await manager.get('/reports/access')).body).not.toContain('Elsewhere');
    expect((await manager.get(`/reports/access?number=${patient.number}`)).body).not.toContain('Elsewhere');
  });
});

/** A client whose statements that hold a text fail. */
function failing(sql: Sql, text: string): Sql {
  return new Proxy(sql, {
    apply(target, self, args: [TemplateStringsArray]) {
      return args[0].join?.('').includes(text)
        ? Promise.reject(new Error('no room on the disk'))
        : Reflect.apply(target, self, args);
    },
  });
}
