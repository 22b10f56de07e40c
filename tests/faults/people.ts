import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Answer, Browser } from '../../bench/browser.ts';
import { hold } from '../../domain/bookings/hold.ts';
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
  const reception = new Browser(url);
  const all: Person[] = [];
  let failures = 0;

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
    const [task] = await ground.sql`select id from departure_tasks where booking_id = ${person.bookingId}`;
    const form = [...(['sms', 'email'] as const)].map((channel) => ['channels', channel] as [string, string]);
    const isDone = async () => (await bookingOf(person))?.state !== 'departing';
    await answered(() => reception.post(`/departure-tasks/${task!.id}/link`, form), 303, isDone);
    person.was.add('sent');
    person.token = await tokenFor(ground, person.bookingId);
  }

  /** Not over HTTP: a time set aside is a promise for minutes only. */
  async function choose({ bookingId, startsAt }: Person): Promise<void> {
    const held = await ground.database.transaction((tx) => hold(tx, bookingId, startsAt));
    expect(held.taken).toBe(false);
  }

  async function confirm(person: Person): Promise<void> {
    const page = `/b/${person.token}/confirmation`;
    const browser = new Browser(url);
    await answered(() => browser.get(page));
    await answered(() => browser.post(page), 303);
    person.was.add('confirmed');
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
      failures++;
      // Whoever was not answered looks whether it was done.
      if (await isDone?.().catch(() => false)) return;
      const said = answer instanceof Error ? answer.message : `${answer.status}: ${answer.body.slice(0, 300)}`;
      if ((!(answer instanceof Error) && answer.status < 500) || Date.now() > until) throw new Error(said);
      await pause(100);
    }
  }

  /** Does something for one person after another, so many a second, whether or not the ones before are done. */
  async function atRate(perSecond: number, people: Person[], act: (person: Person) => Promise<void>): Promise<void> {
    const began = Date.now();
    const acts: Promise<void>[] = [];
    for (const [i, person] of people.entries()) {
      await pause(Math.max(0, began + (i * 1000) / perSecond - Date.now()));
      acts.push(act(person));
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
      const letters = await ground.sql<{ kind: string; channel: string; state: string }[]>`
        select kind, channel, state from messages where booking_id = ${booking.id}`;
      const arrived = (channel: string) =>
        letters.filter((one) => one.channel === channel && one.state === 'sent').length;
      expect(ground.twilio.messages.filter(({ to }) => to === person.patient.mobile)).toHaveLength(arrived('sms'));
      expect(ground.resend.emails.filter(({ to }) => to === person.patient.email)).toHaveLength(arrived('email'));
      const kinds = (kind: string) => letters.filter((one) => one.kind === kind && one.state === 'sent').length;
      if (was.has('confirmed')) {
        expect(booking.state).toBe('booked_online');
        const entries = await ground.sql`
          select starts_at from book_entries where patient_id = ${person.patient.id} and kind = 'appointment' and made_by = 'online'`;
        expect(entries.map(({ starts_at }) => starts_at)).toEqual([person.startsAt]);
        expect(kinds('confirmation')).toBe(2);
      } else if (was.has('sent')) {
        expect(booking.state).toBe('link_sent');
        expect(kinds('link')).toBe(2);
      }
    }
  }

  return {
    arrive,
    signIn,
    depart,
    send,
    choose,
    confirm,
    atRate,
    whatWasAnsweredHolds,
    /** How many requests were not answered as they should have been, and were made again. */
    failures: () => failures,
  };
}
