import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../api/app.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import { type BuiltPractice, buildAppointment, buildPatient, buildPlanned, buildPractice } from '../builders.ts';
import { buildTestApp, dependenciesOn, signIn, visitor } from '../desk.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

/** What is personal of one patient, in the forms in which it may turn up. */
const personal = [
  'Wilhelmientje',
  'Quaadgras',
  '1961-02-03',
  '19610203',
  'wilhelmien.q@',
  '600009876',
  'Zesendertig',
  'needles',
  'crown fitting',
  'Old fillings',
];

let db: FreshDatabase;
let built: BuiltPractice;
let worker: TestWorker;
let app: FastifyInstance;
const logged: string[] = [];
const urls = new Set<string>();

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  worker = await startTestWorker(db, {}, { log });
  const { configuration } = await buildTestApp(db);
  app = await buildApp({ configuration, ...dependenciesOn(db), log, busyAboveMs: 0 });
  app.addHook('onSend', async (request, reply, payload) => {
    urls.add(request.url);
    for (const name of ['location', 'hx-redirect', 'hx-push-url', 'hx-replace-url'])
      if (reply.getHeader(name)) urls.add(String(reply.getHeader(name)));
    for (const [, url] of String(payload).matchAll(
      /\s(?:href|action|src|hx-get|hx-post|hx-push-url|hx-replace-url)="([^"]+)"/g,
    ))
      urls.add(url!);
    return payload;
  });
  await app.ready();
});

afterAll(async () => {
  await app?.close();
  await worker?.stop();
  await db?.drop();
});

const patientOf = {
  firstName: 'Wilhelmientje',
  lastName: 'Quaadgras',
  birthDate: '1961-02-03',
  email: 'wilhelmien.q@example.net',
  mobile: '+31600009876',
  note: 'Fears needles greatly',
};
const planOf = { description: 'Zesendertig crown fitting', note: 'Fears needles greatly' };

/** All that the engine keeps of a booking, its payloads decoded. */
async function keptByTheEngine(bookingId: string): Promise<string> {
  const handle = worker.client.workflow.getHandle(workflowIdOf(bookingId));
  const [{ raw, ...description }, history] = await Promise.all([handle.describe(), handle.fetchHistory()]);
  const metadata = await handle.query('__temporal_workflow_metadata').catch(() => null);
  return [description, raw, history, metadata].map((part) => textIn(part)).join('\n');
}

/** Every word in a structure, with bytes read as text. */
function textIn(value: unknown, seen = new Set<unknown>()): string {
  if (value instanceof Uint8Array) return `${Buffer.from(value).toString('utf8')}\n`;
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? '' : `${String(value)}\n`;
  if (seen.has(value)) return '';
  seen.add(value);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return entries.map(([name, inside]) => `${name} ${textIn(inside, seen)}`).join('');
}

const found = (text: string) => personal.filter((word) => text.toLowerCase().includes(word.toLowerCase()));

describe('a whole booking', () => {
  it('leaves no personal word in the engine, the logs and the URLs', async () => {
    const patient = await buildPatient(db, built, patientOf);
    const planned = await buildPlanned(db, built, patient.id, planOf);
    const today = await buildAppointment(db, built, patient.id, 600);
    await db.sql`update treatment_plans set name = 'Old fillings' where patient_id = ${patient.id}`;
    const desk = await signIn(app, built.users.receptionist);

    await desk.get('/book');
    expect((await desk.get(`/patients/${patient.id}`)).body).toContain('Quaadgras');
    expect((await desk.get(`/patients/${patient.id}/chart`)).body).toContain('Zesendertig');
    await desk.get(`/book/appointments/${today.id}/departure`);
    const departed = await desk.post(`/book/appointments/${today.id}/departure`, {
      [`book.${planned.id}`]: true,
      [`description.${planned.id}`]: planOf.description,
      [`note.${planned.id}`]: planOf.note,
      [`provider.${planned.id}`]: built.providers[0]!.id,
    });
    expect(departed.statusCode).toBe(303);
    const list = await desk.get('/departure-tasks');
    expect(list.body).toContain('Quaadgras');
    const [task] = await db.sql`select id, booking_id from departure_tasks`;
    await desk.get(`/departure-tasks/${task!.id}/link`);
    expect((await desk.post(`/departure-tasks/${task!.id}/link`, { channels: ['sms', 'email'] })).statusCode).toBe(303);
    expect((await desk.get('/follow-up')).body).toContain('Quaadgras');

    const letters = await eventually(
      () => db.sql`select body from demo_inbox where recipient in ('+31600009876', 'wilhelmien.q@example.net')`,
      (rows) => rows.length === 2,
    );
    const link = /\/b\/[\w-]{22}/.exec(letters[0]!.body)![0];
    const browser = visitor(app);
    const times = await browser.get(link);
    expect(times.body).toContain('Wilhelmientje');
    const startsAt = /name="startsAt" value="(\d+)"/.exec(times.body)![1]!;
    expect((await browser.post(`${link}/hold`, { startsAt })).headers.location).toBe(`${link}/confirmation`);
    await browser.get(`${link}/confirmation`);
    expect((await browser.post(`${link}/confirmation`)).statusCode).toBe(303);
    await browser.get(`${link}/confirmation`);
    await eventually(
      () => db.sql`select 1 from bookings where id = ${task!.booking_id} and settled_at is not null`,
      (rows) => rows.length === 1,
    );
    const manager = await signIn(app, built.users.manager);
    for (const url of ['/online-appointments', '/reports/feature-usage', '/reports/feature-usage.csv', '/inbox']) {
      expect((await manager.get(url)).statusCode).toBe(200);
    }

    const kept = await keptByTheEngine(task!.booking_id);
    // What must be there, so that an empty reading proves nothing by mistake.
    for (const there of [task!.booking_id, built.practice.id, 'booked_online', 'Write the appointment']) {
      expect(kept).toContain(there);
    }
    expect(found(kept)).toEqual([]);
    expect(found([...urls].join('\n'))).toEqual([]);
    expect([...urls].some((url) => url.startsWith(`/patients/${patient.id}`))).toBe(true);
    expect(logged.some((line) => line.includes('/b/…'))).toBe(true);
    expect(found(logged.join('\n'))).toEqual([]);
    expect(logged.join('\n')).not.toContain(link.slice(3));
  });

  it('leaves what somebody searched for out of the log and of every address, pushed ones too', async () => {
    const desk = await signIn(app, built.users.receptionist);
    urls.clear();
    for (const box of ['/patients/search', '/book/appointments/new?day=2031-02-03&start=10:15']) {
      for (const q of ['Quaadgras', 'wilhelmientje quaadgras', '1961-02-03']) {
        const typed = await desk.post(box, { q }, { partial: true });
        expect(typed.body).toContain('Quaadgras');
        const sent = await desk.post(box, { q });
        expect(sent.statusCode).toBe(303);
        expect((await desk.get(String(sent.headers.location))).body).toContain('Quaadgras');
      }
    }
    expect([...urls].filter((url) => url.includes('search=')).length).toBeGreaterThan(6);
    expect(found([...urls].join('\n'))).toEqual([]);
    expect(found(logged.join('\n'))).toEqual([]);
  });
});

describe('a fault of the database', () => {
  it('stands in the history by its code, without the rows and parameters that the database quotes', async () => {
    await db.sql.unsafe(`
      create function refuse_confirmations() returns trigger language plpgsql as $$ begin
        raise exception 'no room for % %', new.recipient, new.body using errcode = 'disk_full', detail = new.recipient;
      end $$;
      create trigger refuse_confirmations before insert on messages for each row when (new.kind = 'confirmation')
        execute function refuse_confirmations()`);
    const { bookingId, token } = await buildSent(db, built, { patient: patientOf, planned: planOf });
    const browser = visitor(app);
    const startsAt = /name="startsAt" value="(\d+)"/.exec((await browser.get(`/b/${token}`)).body)![1]!;
    await browser.post(`/b/${token}/hold`, { startsAt });
    expect((await browser.post(`/b/${token}/confirmation`)).statusCode).toBe(303);

    const handle = worker.client.workflow.getHandle(workflowIdOf(bookingId));
    const pending = await eventually(
      async () => textIn((await handle.describe()).raw.pendingActivities),
      (text) => text.includes('DatabaseFault'),
    );
    expect(pending).toContain('53100');
    await db.sql`drop trigger refuse_confirmations on messages`;
    await eventually(
      () => db.sql`select 1 from bookings where id = ${bookingId} and settled_at is not null`,
      (rows) => rows.length === 1,
    );
    const kept = await keptByTheEngine(bookingId);
    expect(kept).toContain('DatabaseFault');
    expect(found(`${kept}\n${pending}`)).toEqual([]);
    expect(logged.some((line) => line.includes('DatabaseFault'))).toBe(true);
    expect(found(logged.join('\n'))).toEqual([]);
  });

  it('stands in the log of a page by its code alone', async () => {
    await db.sql.unsafe(`
      create function refuse_patients() returns trigger language plpgsql as $$ begin
        raise exception 'no room for % %', new.first_name, new.last_name using errcode = 'disk_full';
      end $$;
      create trigger refuse_patients before insert on patients for each row execute function refuse_patients()`);
    const desk = await signIn(app, built.users.receptionist);
    const { firstName, lastName, birthDate, email, mobile, note } = patientOf;
    const answer = await desk.post('/patients', { firstName, lastName, birthDate, email, mobile, note: `${note}!` });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('no room for');
    expect(logged.at(-1)).toBeDefined();
    expect(logged.some((line) => line.includes('"code":"53100"'))).toBe(true);
    expect(found(logged.join('\n'))).toEqual([]);
    await db.sql`drop trigger refuse_patients on patients`;
  });
});
