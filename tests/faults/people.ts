import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Answer, Browser } from '../../bench/browser.ts';
import { buildPatient, buildPlanned, inDays, password } from '../builders.ts';
import { buildVisit, tokenFor } from '../efforts.ts';
import type { Ground } from './ground.ts';

/** A patient in the chair, with one planned appointment To Be Booked, and what they and reception were answered so far. */
export interface Person {
  patient: { id: string; mobile: string | null; email: string | null };
  plannedId: string;
  appointmentId: string;
  /** A half hour that nobody else wants. */
  startsAt: Date;
  bookingId: string;
  token: string;
  was: Set<'departed' | 'sent' | 'confirmed'>;
}

export type People = ReturnType<typeof peopleAt>;

/**
 * Those who book over HTTP at `url`: patients and their receptionist. A request that fails is made again, as people do,
 * until it is answered; what the answer said is remembered and must hold.
 */
export function peopleAt(ground: Ground, url: string) {
  const { built } = ground;
  let reception = new Browser(url);
  const all: Person[] = [];
  const failures: string[] = [];

  async function arrive(count: number): Promise<Person[]> {
    const arrived: Person[] = [];
    for (let i = 0; i < count; i++) {
      const n = all.length;
      const patient = await buildPatient(ground, built);
      const planned = await buildPlanned(ground, built, patient.id, { providerId: built.providers[n % 2]!.id });
      const { id: appointmentId } = await buildVisit(ground, built, patient.id);
      // One hour for both providers' patients.
      const startsAt = inDays(built, 4 + Math.floor(n / 40), Math.floor((n % 40) / 2) * 60);
      const person = {
        patient,
        plannedId: planned.id,
        appointmentId,
        startsAt,
        bookingId: '',
        token: '',
        was: new Set(),
      };
      arrived.push(person as Person);
      all.push(person as Person);
    }
    return arrived;
  }

  async function signIn(): Promise<void> {
    await answered(() => reception.get('/sign-in'));
    const { email } = built.users.receptionist;
    await answered(() => reception.post('/sign-in', { email, password }), 303);
    await answered(() => reception.get('/patients'));
  }

  async function depart(person: Person): Promise<void> {
    const { plannedId, appointmentId } = person;
    const [planned] = await ground.sql`select provider_id from planned_appointments where id = ${plannedId}`;
    const form = {
      [`book.${plannedId}`]: 'on',
      [`description.${plannedId}`]: 'Filling',
      [`provider.${plannedId}`]: planned!.provider_id,
    };
    const isDone = async () => (await bookingOf(person)) !== undefined;
    await answered(() => reception.post(`/book/appointments/${appointmentId}/departure`, form), 303, isDone);
    person.was.add('departed');
    person.bookingId = (await bookingOf(person))!.id;
  }

  async function send(person: Person): Promise<void> {
    await withTask(person, 'link', [
      ['channels', 'sms'],
      ['channels', 'email'],
    ]);
    person.was.add('sent');
    person.token = await tokenFor(ground, person.bookingId);
  }

  /** What reception does with the task: `link`, `postponement`, `first-free`. */
  async function withTask(person: Person, path: string, form: [string, string][]): Promise<void> {
    const [task] = await ground.sql`select id from departure_tasks where booking_id = ${person.bookingId}`;
    const isDone = async () => (await bookingOf(person))?.state !== 'departing';
    await answered(() => reception.post(`/departure-tasks/${task!.id}/${path}`, form), 303, isDone);
  }

  /** Moves a deadline of the booking, as if time had passed, and tells its workflow. */
  async function hasten(
    { bookingId }: Person,
    { column, inMs }: { column: 'departure_ends_at' | 'link_expires_at' | 'reminder_times'; inMs: number },
  ): Promise<void> {
    const at = new Date(Date.now() + inMs);
    await ground.sql.begin(async (tx) => {
      if (column === 'reminder_times')
        await tx`update bookings set reminder_times = array[${at}::timestamptz] where id = ${bookingId}`;
      else await tx`update bookings set ${tx({ [column]: at })} where id = ${bookingId}`;
      await tx`
        insert into workflow_messages (practice_id, booking_id, name)
        select practice_id, id, 'sendLink' from bookings where id = ${bookingId}`;
      await tx`select pg_notify('workflow_messages', '')`;
    });
  }

  async function choose({ token, bookingId, startsAt }: Person): Promise<void> {
    const browser = new Browser(url);
    await answered(() => browser.get(`/b/${token}?choose=1`));
    await answered(() => browser.post(`/b/${token}/hold`, { startsAt: String(startsAt.getTime()) }), 303);
    const held = await ground.sql`
      select from book_entries where booking_id = ${bookingId} and status = 'held' and starts_at = ${startsAt}`;
    expect(held).toHaveLength(1);
  }

  async function confirm(person: Person): Promise<void> {
    const page = `/b/${person.token}/confirmation`;
    const browser = new Browser(url);
    await answered(() => browser.get(page));
    await answered(() => browser.post(page), 303);
    person.was.add('confirmed');
  }

  /** Patients find the service elsewhere; reception must sign in again. */
  function moveTo(other: string): void {
    url = other;
    reception = new Browser(url);
  }

  async function bookingOf({ plannedId }: Person) {
    const rows = await ground.sql<{ id: string; state: string }[]>`
      select id, state from bookings where planned_appointment_id = ${plannedId}`;
    expect(rows.length).toBeLessThanOrEqual(1);
    return rows[0];
  }

  async function answered(ask: () => Promise<Answer>, status = 200, isDone?: () => Promise<boolean>): Promise<void> {
    for (const until = Date.now() + 90_000; ; ) {
      const answer = await ask().catch((error: Error) => error);
      if (!(answer instanceof Error) && answer.status === status) return;
      const said = answer instanceof Error ? answer.message : `${answer.status}: ${answer.body.slice(0, 300)}`;
      failures.push(said);
      // Whoever was not answered looks whether it was done.
      if (await isDone?.().catch(() => false)) return;
      if ((!(answer instanceof Error) && answer.status < 500) || Date.now() > until) throw new Error(said);
      await pause(100);
    }
  }

  /** Does something for one person after another, so many a second, whether or not the ones before are done. */
  async function atRate<Each>(perSecond: number, each: Each[], act: (one: Each) => Promise<void>): Promise<void> {
    const began = Date.now();
    const acts: Promise<void>[] = [];
    for (const [i, one] of each.entries()) {
      await pause(Math.max(0, began + (i * 1000) / perSecond - Date.now()));
      acts.push(act(one));
      // Looked at when all have begun.
      acts[i]!.catch(() => {});
    }
    await Promise.all(acts);
  }

  /** At rest: each departure has its task or more, each link and confirmation reached its telephone and mailbox once. */
  async function whatWasAnsweredHolds(): Promise<void> {
    for (const { was, ...person } of all) {
      const booking = await bookingOf(person as Person);
      if (was.has('departed')) expect(booking).toBeDefined();
      if (!booking) continue;
      const letters = await ground.sql<{ kind: string; channel: string; state: string; attempts: number }[]>`
        select kind, channel, state, attempts from messages where booking_id = ${booking.id}`;
      const { mobile, email } = person.patient;
      for (const [channel, arrived] of [
        ['sms', ground.twilio.messages.filter(({ to }) => to === mobile).length],
        ['email', ground.resend.emails.filter(({ to }) => to === email).length],
      ] as const) {
        const theirs = letters.filter((one) => one.channel === channel);
        // What was tried when its booking closed may have arrived or not.
        expect(arrived).toBeLessThanOrEqual(theirs.filter(({ attempts }) => attempts > 0).length);
        expect(arrived).toBeGreaterThanOrEqual(theirs.filter(({ state }) => state === 'sent').length);
      }
      const kinds = (kind: string) => letters.filter((one) => one.kind === kind && one.state === 'sent').length;
      if (was.has('confirmed')) {
        expect(booking.state).toBe('booked_online');
        const entries = await ground.sql`
          select starts_at from book_entries where patient_id = ${person.patient.id} and kind = 'appointment' and made_by = 'online'`;
        expect(entries.map(({ starts_at }) => starts_at)).toEqual([person.startsAt]);
        expect(kinds('confirmation')).toBe(2);
      } else if (was.has('sent') && booking.state === 'link_sent') {
        expect(kinds('link')).toBe(2);
      }
    }
  }

  return {
    arrive,
    signIn,
    depart,
    send,
    withTask,
    hasten,
    bookingOf,
    moveTo,
    choose,
    confirm,
    atRate,
    whatWasAnsweredHolds,
    /** What requests met that were made again. */
    failures: () => failures,
  };
}
