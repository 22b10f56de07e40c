import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../engines/worker.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, type Person, peopleAt } from './people.ts';

let ground: Ground;
let people: People;
const steps = [
  'openDepartureTask',
  'readBooking',
  'endDeparture',
  'deliverMessages',
  'remind',
  'expireLink',
  'bookOnline',
  'writeAppointment',
  'sendConfirmation',
  'moveOffFollowUp',
  'recordUsage',
  'settle',
];
const killAt = steps.flatMap((step) => [`before ${step}`, `after ${step}`]);
/** On a machine with other work; alone it takes a third. */
const longMs = 240_000;

beforeAll(async () => {
  ground = await openGround();
  const [api] = await Promise.all([
    ground.startApi(),
    ground.keep('worker', { killAt, env: { STUMBLES: 'bookOnline' } }),
  ]);
  people = peopleAt(ground, api.url);
  await people.signIn();
});
afterAll(() => ground?.end());

it('1: a worker killed before and after each step leaves every booking to the next one', async () => {
  const [reminded, expiring, unbooked] = [await people.arrive(2), await people.arrive(2), await people.arrive(2)];
  await Promise.all([
    ...reminded.map(beReminded),
    ...expiring.map(letTheLinkExpire),
    ...unbooked.map(stayUnbooked),
    // What a killed worker had begun is taken up again after ten seconds and more: meanwhile the next one is killed with another.
    people.atRate(0.5, await people.arrive(14), bookOnline),
  ]);
  await ground.findsNothing(longMs);
  await people.whatWasAnsweredHolds();
  expect(ground.killedAt().sort()).toEqual(killAt.sort());
}, 600_000);

async function bookOnline(person: Person): Promise<void> {
  await people.depart(person);
  await people.send(person);
  await people.choose(person);
  await people.confirm(person);
}

async function beReminded(person: Person): Promise<void> {
  await people.depart(person);
  await people.send(person);
  await people.hasten(person, { column: 'reminder_times', inMs: 3_000 });
  await eventually(
    () =>
      ground.sql`select from messages where booking_id = ${person.bookingId} and kind = 'reminder' and state = 'sent'`,
    (reminders) => reminders.length === 2,
    longMs,
  );
}

async function letTheLinkExpire(person: Person): Promise<void> {
  await people.depart(person);
  await people.send(person);
  await people.hasten(person, { column: 'link_expires_at', inMs: 5_000 });
  await becomes(person, 'expired');
}

async function stayUnbooked(person: Person): Promise<void> {
  await people.depart(person);
  await people.hasten(person, { column: 'departure_ends_at', inMs: 3_000 });
  await becomes(person, 'unbooked');
}

const becomes = (person: Person, state: string) =>
  eventually(
    () => people.bookingOf(person),
    (booking) => booking?.state === state,
    longMs,
  );
