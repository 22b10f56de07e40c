import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { addDays, localDay } from '../../domain/book/rules/localTime.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { inDays } from '../builders.ts';
import { visitor } from '../desk.ts';
import {
  app,
  bookingNow,
  built,
  db,
  desk,
  expired,
  followUpNow,
  patientConfirms,
  rowOf,
  today,
  useFollowUp,
  waiting,
} from './followUpDesk.ts';

useFollowUp();

const { bookings, bookEntries } = tables;

const firstTime = (body: string) => Number(/name="time" value="(\d+) /.exec(body)![1]);

describe('booking at the desk from Follow Up', () => {
  it('ends the effort: the row is gone, and the link says that it is booked', async () => {
    const { url, bookingId, token, followUpId } = await waiting();
    const gaps = await desk.get(`${url}/gaps`, { partial: true });
    const time = /name="time" value="([^"]+)"/.exec(gaps.body)![1]!;
    const booked = await desk.post(`${url}/appointment`, { time });
    expect(booked.statusCode).toBe(303);
    expect(booked.headers.location).toMatch(/^\/book\?day=\d{4}-\d\d-\d\d#entry-/);
    expect((await bookingNow(bookingId)).state).toBe('booked_at_desk');
    const row = await followUpNow(followUpId);
    expect([row.closedReason, row.closedBy]).toEqual(['booked_at_desk', built.users.receptionist.id]);
    const [entry] = await db.database.select().from(bookEntries).where(eq(bookEntries.bookingId, bookingId));
    expect([entry!.kind, entry!.status, entry!.madeBy]).toEqual(['appointment', 'booked', 'desk']);
    expect((await visitor(app).get(`/b/${token}`)).body).not.toContain('name="time"');
    expect((await desk.get(`${url}/gaps`)).statusCode).toBe(404);
  });

  it('is possible after the link has ended', async () => {
    const { url, planned } = await expired();
    const time = /name="time" value="([^"]+)"/.exec((await desk.get(`${url}/gaps`)).body)![1]!;
    expect((await desk.post(`${url}/appointment`, { time })).statusCode).toBe(303);
    const all = await db.database.select().from(bookings).where(eq(bookings.plannedAppointmentId, planned.id));
    expect(all.map(({ number, state }) => [number, state]).sort()).toEqual([
      [1, 'expired'],
      [2, 'booked_at_desk'],
    ]);
  });

  it('offers times from the first allowed day, and later days', async () => {
    const { url, planned } = await waiting();
    await db.database
      .update(tables.plannedAppointments)
      .set({ intervalDays: 7 })
      .where(eq(tables.plannedAppointments.id, planned.id));
    const first = firstTime((await desk.get(`${url}/gaps`)).body);
    expect(localDay(first, built.practice.timeZone)).toBe(addDays(today(), 7));
    const later = firstTime((await desk.get(`${url}/gaps?from=${addDays(today(), 40)}`)).body);
    expect(localDay(later, built.practice.timeZone)).toBe(addDays(today(), 40));
  });

  it('tells who was first when the patient has just confirmed, and changes nothing', async () => {
    const { url, bookingId, followUpId } = await waiting();
    const time = /name="time" value="([^"]+)"/.exec((await desk.get(`${url}/gaps`)).body)![1]!;
    await patientConfirms(bookingId, 21);
    const late = await desk.post(`${url}/appointment`, { time });
    expect([late.statusCode, late.body.includes('The patient was first')]).toEqual([409, true]);
    expect((await bookingNow(bookingId)).state).toBe('confirmed');
    expect(await rowOf(desk, followUpId)).toContain('The patient has confirmed');
    expect((await desk.post(`${url}/done`, { reason: 'By telephone' })).statusCode).toBe(409);
  });

  it('shows what is left when the time has just gone', async () => {
    const [one, other] = [await waiting(), await waiting()];
    const time = /name="time" value="([^"]+)"/.exec((await desk.get(`${one.url}/gaps`)).body)![1]!;
    await desk.post(`${one.url}/appointment`, { time });
    const taken = await desk.post(`${other.url}/appointment`, { time });
    expect([taken.statusCode, taken.body.includes('This time is not free')]).toEqual([409, true]);
    expect(taken.body).toContain('name="time"');
    expect(taken.body).not.toContain(`value="${time}"`);
    expect((await bookingNow(other.bookingId)).state).toBe('link_sent');
  });

  it('shows the days that its reader looked at once more', async () => {
    const [one, other] = [await waiting(), await waiting()];
    const from = addDays(today(), 40);
    const { body } = await desk.get(`${other.url}/gaps?from=${from}`);
    const action = /<form action="([^"]+\/appointment[^"]*)"/.exec(body)![1]!.replaceAll('&amp;', '&');
    const time = /name="time" value="([^"]+)"/.exec(body)![1]!;
    await desk.post(`${one.url}/appointment`, { time });
    const taken = await desk.post(action, { time });
    expect([taken.statusCode, localDay(firstTime(taken.body), built.practice.timeZone)]).toEqual([409, from]);
  });

  it('is on no day that has passed, nor too early, nor with who no longer treats', async () => {
    const { url, bookingId } = await waiting();
    const at = (day: number) => ({ time: `${inDays(built, day, 600).getTime()} ${built.chairs[0]!.id}` });
    const early = await desk.post(`${url}/appointment`, at(0));
    expect([early.statusCode, early.body.includes('before the first day')]).toEqual([409, true]);
    const visitDay = addDays(today(), -30);
    await db.database.update(bookings).set({ visitDay }).where(eq(bookings.id, bookingId));
    const past = await desk.post(`${url}/appointment`, at(-1));
    expect([past.statusCode, past.body.includes('This day has passed.')]).toEqual([409, true]);
    const { providers } = tables;
    const treats = (active: boolean) =>
      db.database.update(providers).set({ active }).where(eq(providers.id, built.providers[0]!.id));
    await treats(false);
    const gone = await desk.post(`${url}/appointment`, at(41));
    expect([gone.statusCode, gone.body.includes('This provider no longer treats')]).toEqual([409, true]);
    expect((await desk.get(`${url}/gaps`)).body).toContain('The provider no longer treats.');
    await treats(true);
    expect((await bookingNow(bookingId)).state).toBe('link_sent');
  });

  it.each([
    ['', ''],
    ['tomorrow', ''],
    ['1800000000000 not-a-chair', ''],
  ])('refuses the time “%s”', async (time) => {
    const { url, bookingId } = await waiting();
    expect((await desk.post(`${url}/appointment`, { time })).statusCode).toBe(422);
    expect((await bookingNow(bookingId)).state).toBe('link_sent');
  });
});
