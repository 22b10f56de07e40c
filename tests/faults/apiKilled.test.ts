import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../engines/worker.ts';
import { type Ground, type Kept, openGround } from './ground.ts';
import { type People, peopleAt } from './people.ts';

let ground: Ground;
let people: People;
let api: Kept;
const killAt = [
  'answer POST /book/appointments/:id/departure',
  'answer POST /departure-tasks/:id/link',
  'answer POST /departure-tasks/:id/postponement',
  'answer POST /departure-tasks/:id/first-free',
  'answer POST /b/:token/hold',
  'answer POST /b/:token/confirmation',
];

beforeAll(async () => {
  ground = await openGround();
  [api] = await Promise.all([ground.keep('api', { killAt }), ground.startWorker()]);
  people = peopleAt(ground, api.url);
  await people.signIn();
});
afterAll(() => ground?.end());

it('2: an api killed between commit and answer has done what it was asked once, also when it is asked again', async () => {
  const [patient, postponed, atDesk] = await people.arrive(3);
  for (const person of [patient!, postponed!, atDesk!]) await people.depart(person);
  await people.withTask(postponed!, 'postponement', [
    ['reason', 'Calls back'],
    ['dueOn', ''],
  ]);
  await people.withTask(atDesk!, 'first-free', []);
  await people.send(patient!);
  await people.choose(patient!);
  await people.confirm(patient!);
  await ground.findsNothing();
  await people.whatWasAnsweredHolds();
  expect((await people.bookingOf(postponed!))?.state).toBe('postponed');
  expect((await people.bookingOf(atDesk!))?.state).toBe('booked_at_desk');
  expect(
    await ground.sql`select from book_entries where patient_id = ${atDesk!.patient.id} and made_by = 'desk' and planned_appointment_id is not null`,
  ).toHaveLength(1);
  expect(ground.killedAt().sort()).toEqual(killAt.sort());
  await eventually(
    async () => api.restarts(),
    (restarts) => restarts === killAt.length,
  );
});
