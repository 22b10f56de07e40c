import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPractice, buildPatient, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let manager: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  app = await buildTestApp(db);
  built = await buildPractice(db);
  manager = await signIn(app, built.users.manager);
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

describe('a manager', () => {
  it('gives a patient all that is kept of them, as a file', async () => {
    const patient = await buildPatient(db, built);
    const file = await manager.get(`/patients/${patient.id}/export`);
    expect(file.headers['content-disposition']).toBe(`attachment; filename="patient-${patient.number}.json"`);
    expect(file.headers['content-type']).toContain('application/json');
    expect(file.headers['cache-control']).toBe('no-store');
    expect(JSON.parse(file.body).patients[0].mobile).toBe(patient.mobile);
  });

  it('is asked before a patient’s data is erased, and told what stays until when', async () => {
    const patient = await buildPatient(db, built);
    expect((await manager.get(`/patients/${patient.id}`)).body).toContain(`/patients/${patient.id}/erasure`);
    const page = await manager.get(`/patients/${patient.id}/erasure`);
    expect(page.body).toContain('stay until');
    expect(page.body).toContain(String(new Date().getFullYear() + 20));
    const unsure = await manager.post(`/patients/${patient.id}/erasure`, {});
    expect(unsure.statusCode).toBe(422);
    expect(unsure.body).toContain('This is required.');
    const done = await manager.post(`/patients/${patient.id}/erasure`, { sure: 'on' });
    expect(done.headers.location).toBe(`/patients/${patient.id}`);
    const after = (await manager.get(`/patients/${patient.id}`)).body;
    expect(after).toContain('Contacts, links and texts were erased at the patient’s wish');
    expect(after).not.toContain(patient.email!);
  });

  it('alone may do either', async () => {
    const patient = await buildPatient(db, built);
    for (const user of [built.users.provider, built.users.receptionist]) {
      const browser = await signIn(app, user);
      expect((await browser.get(`/patients/${patient.id}/export`)).statusCode).toBe(403);
      expect((await browser.post(`/patients/${patient.id}/erasure`, { sure: 'on' })).statusCode).toBe(403);
      expect((await browser.get(`/patients/${patient.id}`)).body).not.toContain('/erasure');
    }
  });
});
