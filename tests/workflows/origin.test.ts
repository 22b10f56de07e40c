import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowIdOf } from '../../domain/contract.ts';
import { type BuiltPractice, buildPatient, buildPlanned, buildPractice } from '../builders.ts';
import { buildTestApp, signIn, visitor } from '../desk.ts';
import { buildSent, buildVisit } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { atRest, eventually, startTestWorker, type TestWorker } from '../engines/worker.ts';

interface Line {
  msg: string;
  reqId?: string;
  method?: string;
  url?: string;
  workflow?: string;
  booking?: string;
  news?: string;
  step?: string;
}

let db: FreshDatabase;
let built: BuiltPractice;
let worker: TestWorker;
let app: FastifyInstance;
const lines: Line[] = [];

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  worker = await startTestWorker(db, {}, { log });
  app = await buildTestApp(db, {}, { log });
});

afterAll(async () => {
  await app?.close();
  await worker?.stop();
  await db?.drop();
});

const requestTo = (path: string) =>
  lines.findLast(({ msg, method, url }) => msg === 'request' && method === 'POST' && url === path)!.reqId;

const settled = (bookingId: string) =>
  eventually(
    () => db.sql`select 1 from bookings where id = ${bookingId} and settled_at is not null`,
    (rows) => rows.length === 1,
  );

/** The steps of a booking that say that they come from a request. */
const stepsFrom = (reqId: string | undefined, bookingId: string) =>
  lines
    .filter((line) => line.msg === 'step' && line.reqId === reqId && line.workflow === workflowIdOf(bookingId))
    .map(({ step }) => step);

describe('the id of a request', () => {
  it('goes from a receptionist’s line in the log through the relay to the steps that it led to', async () => {
    const patient = await buildPatient(db, built);
    await buildPlanned(db, built, patient.id);
    const visit = await buildVisit(db, built, patient.id);
    const desk = await signIn(app, built.users.receptionist);
    await desk.get(`/book/appointments/${visit.id}/departure`);
    const [planned] = await db.sql`select id from planned_appointments where patient_id = ${patient.id}`;
    const form = {
      [`book.${planned!.id}`]: true,
      [`description.${planned!.id}`]: 'Filling',
      [`provider.${planned!.id}`]: built.providers[0]!.id,
    };
    expect((await desk.post(`/book/appointments/${visit.id}/departure`, form)).statusCode).toBe(303);
    const departure = requestTo(`/book/appointments/${visit.id}/departure`);
    const [task] = await db.sql`select id, booking_id from departure_tasks`;
    const bookingId: string = task!.booking_id;
    await eventually(
      async () => stepsFrom(departure, bookingId),
      (steps) => steps.includes('openDepartureTask'),
    );
    expect((await desk.post(`/departure-tasks/${task!.id}/link`, { channels: ['sms'] })).statusCode).toBe(303);
    const sending = requestTo(`/departure-tasks/${task!.id}/link`);
    expect(sending).not.toBe(departure);
    await eventually(
      async () => stepsFrom(sending, bookingId),
      (steps) => steps.includes('deliverMessages'),
    );
    expect(stepsFrom(departure, bookingId)).not.toContain('deliverMessages');
    // The relay says so after the engine has it, which may be after the step.
    await expect
      .poll(() =>
        lines
          .filter(({ msg, booking }) => msg === 'carried to the workflow' && booking === bookingId)
          .map(({ news, reqId }) => [news, reqId]),
      )
      .toEqual([
        ['departed', departure],
        ['sendLink', sending],
      ]);
  });

  it('goes from a patient’s confirmation to the appointment and the confirmation’s message', async () => {
    const { bookingId, token } = await buildSent(db, built);
    await atRest(db);
    const browser = visitor(app);
    const startsAt = /name="startsAt" value="(\d+)"/.exec((await browser.get(`/b/${token}`)).body)![1]!;
    await browser.post(`/b/${token}/hold`, { startsAt });
    expect((await browser.post(`/b/${token}/confirmation`)).statusCode).toBe(303);
    await settled(bookingId);
    const confirming = requestTo('/b/…/confirmation');
    await expect.poll(() => stepsFrom(confirming, bookingId)).toEqual(['bookOnline', 'settle']);
  });

  it('stands in what is said of a step that fails', async () => {
    await db.sql.unsafe(`
      create function refuse_usage() returns trigger language plpgsql as $$ begin
        raise exception 'no room' using errcode = 'disk_full';
      end $$;
      create trigger refuse_usage before insert on usage_events for each row execute function refuse_usage()`);
    const { bookingId, token } = await buildSent(db, built);
    await atRest(db);
    const browser = visitor(app);
    const startsAt = /name="startsAt" value="(\d+)"/.exec((await browser.get(`/b/${token}`)).body)![1]!;
    await browser.post(`/b/${token}/hold`, { startsAt });
    await browser.post(`/b/${token}/confirmation`);
    const reqId = requestTo('/b/…/confirmation');
    await eventually(
      async () => lines.filter((line) => line.msg === 'Activity failed' && line.reqId === reqId),
      (failures) => failures.length > 0,
    );
    await db.sql`drop trigger refuse_usage on usage_events`;
    await settled(bookingId);
  });
});
