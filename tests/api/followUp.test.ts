import { and, desc, eq, isNull } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays, localDay } from '../../domain/book/rules/localTime.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { expireLink } from '../../domain/bookings/steps.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import type { Channel } from '../../domain/messages/freeze.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { formats } from '../../locales/formats.ts';
import { type BuiltPractice, buildPractice, inDays } from '../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../desk.ts';
import { buildBookedOnline, buildSent, tokenFor } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

const temporalUi = 'https://temporal.example.com';
let db: FreshDatabase;
let app: FastifyInstance;
let built: BuiltPractice;
let desk: Browser;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  app = await buildTestApp(db, { TEMPORAL_UI_URL: temporalUi });
  desk = await signIn(app, built.users.receptionist);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const { bookings, bookingLinks, bookEntries, followUps, messages, workflowMessages } = tables;
const today = () => localDay(Date.now(), built.practice.timeZone);
const bookingNow = async (id: string) => (await db.database.select().from(bookings).where(eq(bookings.id, id)))[0]!;
const followUpNow = async (id: string) => (await db.database.select().from(followUps).where(eq(followUps.id, id)))[0]!;

/** A patient on Follow Up under OLB Link Sent, and where their row's actions are. */
async function waiting(channels: Channel[] = ['sms', 'email']) {
  const sent = await buildSent(db, built, {}, channels);
  return { ...sent, url: `/follow-up/${sent.followUpId}` };
}

/** The same, after the link has come to its end. */
async function expired() {
  const sent = await waiting();
  await db.database.update(bookings).set({ linkExpiresAt: new Date() }).where(eq(bookings.id, sent.bookingId));
  await db.database.transaction((tx) => expireLink(tx, sent.bookingId));
  return sent;
}

/** The row of one patient, as the page shows it. */
async function rowOf(browser: Browser, id: string, url = '/follow-up') {
  const { body } = await browser.get(url);
  const row = new RegExp(`<li[^>]* id="follow-up-${id}".*?<div class="actions">.*?</div>`, 's').exec(body);
  return row?.[0] ?? '';
}

/** The figure beside a category's name. */
async function countOf(name: string) {
  const { body } = await desk.get('/follow-up');
  return Number(new RegExp(`${name} <span class="count">(\\d+)</span>`).exec(body)?.[1] ?? 0);
}

describe('Follow Up', () => {
  it('counts each category, and shows one category or all', async () => {
    const [sentBefore, expiredBefore, allBefore] = [
      await countOf('OLB Link Sent'),
      await countOf('OLB Link Expired'),
      await countOf('All'),
    ];
    const [one, other, late] = [await waiting(), await waiting(), await expired()];
    expect(await countOf('OLB Link Sent')).toBe(sentBefore + 2);
    expect(await countOf('OLB Link Expired')).toBe(expiredBefore + 1);
    expect(await countOf('All')).toBe(allBefore + 3);

    const sent = (await desk.get('/follow-up?category=olb_link_sent')).body;
    expect([one, other, late].map(({ patient }) => sent.includes(patient.lastName))).toEqual([true, true, false]);
    const ended = (await desk.get('/follow-up?category=olb_link_expired', { partial: true })).body;
    expect([one, other, late].map(({ patient }) => ended.includes(patient.lastName))).toEqual([false, false, true]);
    expect(ended).toMatch(/^<div id="follow-up"/);
    const all = (await desk.get('/follow-up')).body;
    expect([one, other, late].map(({ patient }) => all.includes(patient.lastName))).toEqual([true, true, true]);
  });

  it.each(['nonsense', 'constructor', '__proto__', ''])('takes the category “%s” for none', async (category) => {
    const { patient } = await waiting();
    const page = await desk.get(`/follow-up?category=${category}`);
    expect([page.statusCode, page.body.includes(patient.lastName)]).toEqual([200, true]);
  });

  it('says when the link was sent and by whom, when it ends, which reminders are to come and how its messages fare', async () => {
    const { followUpId, bookingId } = await waiting();
    const row = await rowOf(desk, followUpId);
    expect(row).toContain('by The receptionist');
    expect(row).toMatch(/expires \d/);
    expect(row).toMatch(/reminders: \d/);
    await db.database
      .update(messages)
      .set({ state: 'failed', reason: 'not_mobile' })
      .where(eq(messages.bookingId, bookingId));
    expect(await rowOf(desk, followUpId)).toContain('Booking link, SMS: not delivered (not a mobile number)');
  });

  it('says it in Dutch to who reads Dutch', async () => {
    const { followUpId } = await waiting();
    const [dutch] = await db.database
      .insert(tables.users)
      .values({ ...built.users.receptionist, id: undefined, email: 'receptie@example.com', language: 'nl' })
      .returning();
    const row = await rowOf(await signIn(app, dutch!), followUpId);
    expect(row).toContain('OLB link verstuurd');
    expect(row).toContain('Link opnieuw versturen');
  });

  it('shows at once whose appointment was cancelled at the desk, why, by whom, and what can be done', async () => {
    const startsAt = inDays(built, 31, 600);
    const { patient, entryId, bookingId } = await buildBookedOnline(db, built, { startsAt });
    expect((await desk.get('/follow-up')).body).not.toContain(patient.lastName);
    expect((await desk.post(`/book/appointments/${entryId}/cancellation`)).statusCode).toBe(303);
    const [open] = await db.database
      .select()
      .from(followUps)
      .where(and(eq(followUps.bookingId, bookingId), isNull(followUps.closedAt)));
    const row = await rowOf(desk, open!.id, '/follow-up?category=unbooked');
    const when = formats('en', built.practice.timeZone).dateTime(startsAt);
    expect(row).toContain(`The appointment of ${when} was cancelled.`);
    expect(row).toContain('by The receptionist');
    expect(row).toContain(`/follow-up/${open!.id}/gaps`);
    expect(row).toContain(`/follow-up/${open!.id}/link`);
    expect((await desk.get(`/follow-up/${open!.id}/gaps`)).body).toContain('name="time"');
  });

  it('leads a manager to the workflow, and a receptionist not', async () => {
    const { followUpId, bookingId } = await waiting();
    const address = `${temporalUi}/namespaces/default/workflows/${workflowIdOf(bookingId)}`;
    expect(await rowOf(await signIn(app, built.users.manager), followUpId)).toContain(address);
    expect(await rowOf(desk, followUpId)).not.toContain(temporalUi);
  });

  it('is for the desk, not for providers', async () => {
    expect((await (await signIn(app, built.users.provider)).get('/follow-up')).statusCode).toBe(403);
  });
});

describe('the link sent again', () => {
  it('is the same link with a later end while it is good, by messages of their own', async () => {
    const { url, bookingId, token } = await waiting();
    const soon = new Date(Date.now() + 3_600_000);
    await db.database.update(bookings).set({ linkExpiresAt: soon }).where(eq(bookings.id, bookingId));
    const window = await desk.get(`${url}/link`);
    expect(window.body.match(/name="channels"[^>]*checked/g)).toHaveLength(2);
    expect((await desk.post(`${url}/link`, { channels: ['sms', 'email'] })).statusCode).toBe(303);

    const booking = await bookingNow(bookingId);
    expect([booking.state, booking.number, booking.linkExpiresAt! > soon]).toEqual(['link_sent', 1, true]);
    expect(await tokenFor(db, bookingId)).toBe(token);
    const sent = await db.database.select().from(messages).where(eq(messages.bookingId, bookingId));
    expect(sent.map(({ channel, number }) => `${channel} ${number}`).sort()).toEqual([
      'email 1',
      'email 2',
      'sms 1',
      'sms 2',
    ]);
    expect((await visitor(app).get(`/b/${token}`)).statusCode).toBe(200);
  });

  it('opens the next booking after its end, and the older link says that it was replaced', async () => {
    const { url, bookingId, planned, token, followUpId } = await expired();
    expect((await desk.post(`${url}/link`, { channels: ['email'] })).statusCode).toBe(303);

    const [next] = await db.database
      .select()
      .from(bookings)
      .where(eq(bookings.plannedAppointmentId, planned.id))
      .orderBy(desc(bookings.number));
    expect([next!.number, next!.state]).toEqual([2, 'link_sent']);
    expect((await bookingNow(bookingId)).state).toBe('expired');
    const [older] = await db.database.select().from(bookingLinks).where(eq(bookingLinks.bookingId, bookingId));
    expect(older!.replacedAt).not.toBeNull();
    const row = await followUpNow(followUpId);
    expect([row.category, row.bookingId]).toEqual(['olb_link_sent', next!.id]);
    const told = await db.database.select().from(workflowMessages).where(eq(workflowMessages.bookingId, next!.id));
    expect(told.map(({ name }) => name)).toEqual(['sendLink']);

    const old = await visitor(app).get(`/b/${token}`);
    expect(old.body).toContain('+31 20 000 0000');
    expect(old.body).not.toContain('Robin');
    expect((await visitor(app).get(`/b/${await tokenFor(db, next!.id)}`)).body).toContain('Robin');
  });

  it('needs a way to go, and says it at the boxes', async () => {
    const { url, bookingId, patient } = await waiting(['email']);
    await db.database.update(tables.patients).set({ mobile: null }).where(eq(tables.patients.id, patient.id));
    const none = await desk.post(`${url}/link`, {});
    expect([none.statusCode, none.body.includes('Tick at least one way')]).toEqual([422, true]);
    expect((await desk.post(`${url}/link`, { channels: ['sms'] })).statusCode).toBe(422);
    expect((await desk.post(`${url}/link`, { channels: ['fax'] })).statusCode).toBe(422);
    expect(await db.database.select().from(messages).where(eq(messages.bookingId, bookingId))).toHaveLength(1);
  });

  it('warns when no contact is on file any more, with the ways out', async () => {
    const { url, patient } = await waiting();
    await db.database
      .update(tables.patients)
      .set({ email: null, mobile: null })
      .where(eq(tables.patients.id, patient.id));
    const warning = await desk.get(`${url}/link`);
    expect(warning.body).toContain('Record contact details first');
    expect(warning.body).toContain(`/patients/${patient.id}/edit`);
    expect(warning.body).not.toContain('name="channels"');
    expect((await desk.post(`${url}/link`, { channels: ['email'] })).statusCode).toBe(422);
  });

  it('does not go out to a patient who has confirmed', async () => {
    const confirmed = await waiting();
    await patientConfirms(confirmed.bookingId, 20);
    expect((await desk.post(`${confirmed.url}/link`, { channels: ['email'] })).statusCode).toBe(409);
  });
});

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

describe('a row of Follow Up', () => {
  it('is put off to another day, with a reason, and stays where it is', async () => {
    const { url, followUpId } = await waiting();
    const wrong = await desk.post(`${url}/postponement`, { reason: 'On holiday', dueOn: addDays(today(), -1) });
    expect(wrong.statusCode).toBe(422);
    expect(wrong.body).toContain('On holiday');
    expect(wrong.body).toContain(`value="${addDays(today(), -1)}"`);
    expect(wrong.body).toContain('This date has passed');
    expect((await desk.post(`${url}/postponement`, { reason: '  ', dueOn: '' })).statusCode).toBe(422);
    const dueOn = addDays(today(), 9);
    expect((await desk.post(`${url}/postponement`, { reason: 'On holiday', dueOn })).statusCode).toBe(303);
    const row = await followUpNow(followUpId);
    expect([row.category, row.dueOn, row.note, row.closedAt]).toEqual(['olb_link_sent', dueOn, 'On holiday', null]);
    const shown = await rowOf(desk, followUpId);
    expect(shown).toContain('On holiday');
    expect(shown).toContain('look at it again on');
  });

  it('is done with a reason, once', async () => {
    const { url, followUpId } = await waiting();
    const without = await desk.post(`${url}/done`, { reason: ' ' });
    expect([without.statusCode, without.body.includes('This is needed')]).toEqual([422, true]);
    const long = `Moved away ${'x'.repeat(500)}`;
    const tooLong = await desk.post(`${url}/done`, { reason: long });
    expect([tooLong.statusCode, tooLong.body.includes(long)]).toEqual([422, true]);
    expect((await desk.post(`${url}/done`, { reason: 'Moved away' })).statusCode).toBe(303);
    const row = await followUpNow(followUpId);
    expect([row.closedReason, row.closedBy]).toEqual(['Moved away', built.users.receptionist.id]);
    expect(await rowOf(desk, followUpId)).toBe('');
    expect((await desk.post(`${url}/done`, { reason: 'Again' })).statusCode).toBe(409);
  });

  it('of another practice does not exist', async () => {
    const { url } = await waiting();
    const other = await buildPractice(db);
    const stranger = await signIn(app, other.users.receptionist);
    for (const window of ['link', 'gaps', 'postponement', 'done']) {
      expect((await stranger.get(`${url}/${window}`)).statusCode).toBe(404);
    }
    expect((await stranger.post(`${url}/done`, { reason: 'Not mine' })).statusCode).toBe(404);
  });
});

const firstTime = (body: string) => Number(/name="time" value="(\d+) /.exec(body)![1]);

async function patientConfirms(bookingId: string, day: number) {
  await db.database.transaction((tx) => hold(tx, bookingId, inDays(built, day, 600)));
  await db.database.transaction((tx) => confirm(tx, bookingId));
}
