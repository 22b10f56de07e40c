import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../../bench/browser.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import { eventually } from '../engines/worker.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, type Person, peopleAt } from './people.ts';

const hourMs = 3_600_000;
let ground: Ground;
/** An api whose clock jumps, as the worker's does, and one whose clock is right. */
let jumping: { url: string };
let right: { url: string };
let people: People;
let folder: string;
let connection: Connection;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nextvisit-clock-'));
  setClock(0);
  ground = await openGround();
  const clock = new URL('./shiftedClock.mjs', import.meta.url).href;
  const env = { NODE_OPTIONS: `--import ${clock}`, CLOCK_FILE: join(folder, 'clock') };
  await ground.startWorker({ env });
  jumping = await ground.startApi({ env });
  right = await ground.startApi();
  people = peopleAt(ground, jumping.url);
  connection = await Connection.connect({ address: ground.temporalAddress });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await ground?.end();
  rmSync(folder, { recursive: true, force: true });
});

const setClock = (shift: number) => writeFileSync(join(folder, 'clock'), String(shift));
/** A screen that looks as if it had been left alone for an hour is locked; who is still signed in is led on. */
const comeToTheDesk = () => people.signIn().catch((error: Error) => expect(error.message).toMatch(/^303/));
const rowOf = async ({ bookingId }: Person) =>
  (await ground.sql`select state, settled_at from bookings where id = ${bookingId}`)[0]!;
const becomes = (person: Person, state: string) =>
  eventually(
    () => rowOf(person),
    (row) => row.state === state,
    10_000,
  );
const messagesOf = ({ bookingId }: Person, kind: string) =>
  ground.sql`select state from messages where booking_id = ${bookingId} and kind = ${kind}`;
/** Changes what a booking waits for, and wakes its workflow. The database's clock is the one that is right. */
async function wait(person: Person, what: 'link_expires_at' | 'departure_ends_at' | 'reminder_times') {
  const soon = ground.sql`clock_timestamp() + interval '3 seconds'`;
  await ground.sql`update bookings set ${ground.sql(what)} = ${what === 'reminder_times' ? ground.sql`array[${soon}]` : soon} where id = ${person.bookingId}`;
  await ground.sql`insert into workflow_messages (practice_id, booking_id, name) values (${ground.built.practice.id}, ${person.bookingId}, 'sendLink')`;
}
async function eventsOf({ bookingId }: Person): Promise<number> {
  return (await new Client({ connection }).workflow.getHandle(workflowIdOf(bookingId)).describe()).historyLength;
}

describe.each([
  ['ahead', hourMs],
  ['back', -hourMs],
])('fault 12: when the clock of api and worker jumps an hour %s', (_, shift) => {
  it('ends, reminders and holds come when they should, nothing comes twice, and what was answered stands', async () => {
    setClock(0);
    await pause(150);
    await comeToTheDesk();
    const [before, reminded, ending, leaving, uncertain, rival] = await people.arrive(6);
    for (const person of [before!, reminded!, ending!, leaving!, rival!]) await people.depart(person);
    for (const person of [before!, reminded!, ending!, rival!]) await people.send(person);
    // Another patient of the same provider wants the very time.
    await ground.sql`update planned_appointments set provider_id = (
      select provider_id from planned_appointments where id = ${before!.plannedId}) where id = ${rival!.plannedId}`;
    await eventually(
      () => messagesOf(rival!, 'link'),
      (rows) => rows.length === 2 && rows.every((row) => row.state === 'sent'),
    );

    setClock(shift);
    await pause(150);
    await comeToTheDesk();
    const patient = new Browser(jumping.url);
    const link = `/b/${before!.token}`;
    expect((await patient.get(link)).status).toBe(200);
    const startsAt = String(before!.startsAt.getTime());
    expect((await patient.post(`${link}/hold`, { startsAt, from: '' })).status).toBe(303);
    const [kept] = await ground.sql`
      select extract(epoch from held_until - clock_timestamp()) / 60 as minutes from book_entries
      where booking_id = ${before!.bookingId} and status = 'held'`;
    expect(Math.ceil(Number(kept!.minutes))).toBe(10);
    const other = new Browser(right.url);
    await other.get(`/b/${rival!.token}`);
    expect((await other.post(`/b/${rival!.token}/hold`, { startsAt, from: '' })).status).toBe(409);

    await Promise.all([
      wait(reminded!, 'reminder_times'),
      wait(ending!, 'link_expires_at'),
      wait(leaving!, 'departure_ends_at'),
    ]);
    // Its SMS is taken and the line dropped: an attempt that must be let be for a while, whatever the clock says.
    ground.twilio.failNext('reset after');
    await people.depart(uncertain!);
    await people.send(uncertain!);
    await becomes(ending!, 'expired');
    await becomes(leaving!, 'unbooked');
    await eventually(
      () => messagesOf(reminded!, 'reminder'),
      (rows) => rows.length === 2 && rows.every((row) => row.state === 'sent'),
    );
    // Nobody asked again and again.
    for (const person of [ending!, leaving!, reminded!]) expect(await eventsOf(person)).toBeLessThan(60);
    for (const person of [ending!, leaving!]) person.was.clear();

    // The clock is set right while a patient decides.
    setClock(0);
    await pause(150);
    await people.confirm(before!);
    await becomes(before!, 'booked_online');
    await eventually(
      () => messagesOf(uncertain!, 'link'),
      (rows) => rows.every((row) => row.state === 'sent'),
      60_000,
    );
    await ground.findsNothing();
    expect(await messagesOf(reminded!, 'reminder')).toHaveLength(2);
    reminded!.was.delete('sent');
    await people.whatWasAnsweredHolds();
    expect((await rowOf(reminded!)).state).toBe('link_sent');
  }, 240_000);
});
