import { desc, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { endDeparture } from '../../domain/bookings/steps.ts';
import { postpone } from '../../domain/departures/postpone.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type Browser, signIn, visitor } from '../desk.ts';
import { buildDeparting, leftLongAgo, tokenFor } from '../efforts.ts';
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
  useFollowUp,
  waiting,
} from './followUpDesk.ts';

useFollowUp();

const { bookings, bookingLinks, messages, workflowMessages } = tables;

describe('the link sent again', () => {
  it('is the same link with a later end while it is good, by messages of their own', async () => {
    const { url, bookingId, token } = await waiting();
    await leftLongAgo(db, bookingId);
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
    expect(warning.body).toContain(`${url}/contacts`);
    expect(warning.body).toContain('Record contact details first');
    expect(warning.body).toContain(`/patients/${patient.id}/edit?back=%2Ffollow-up`);
    expect(warning.body).not.toContain('name="channels"');
    expect((await desk.post(`${url}/link`, { channels: ['email'] })).statusCode).toBe(422);
  });

  it('goes out once, pressed twice or by two people at once, and who was second reads that it is on its way', async () => {
    const { url, bookingId } = await waiting();
    await leftLongAgo(db, bookingId);
    const manager = await signIn(app, built.users.manager);
    for (const browser of [desk, manager]) await browser.get('/follow-up');
    const press = (browser: Browser) => browser.post(`${url}/link`, { channels: ['sms', 'email'] });
    for (const answer of await Promise.all([press(desk), press(manager)])) expect(answer.statusCode).toBe(303);
    const said = [(await desk.get('/follow-up')).body, (await manager.get('/follow-up')).body];
    expect(said.filter((body) => body.includes('The booking link is on its way.'))).toHaveLength(1);
    expect(said.filter((body) => body.includes('It is on its way already'))).toHaveLength(1);
    expect((await press(desk)).statusCode).toBe(303);
    expect((await desk.get('/follow-up')).body).toContain('It is on its way already: nothing was sent a second time.');
    expect(await db.database.$count(messages, eq(messages.bookingId, bookingId))).toBe(4);
  });

  it.each(['postponed', 'unbooked'] as const)(
    'is no first one: not for who is %s and was sent none',
    async (category) => {
      const { bookingId, taskId, planned } = await buildDeparting(db, built);
      if (category === 'postponed')
        await db.database.transaction((tx) => postpone(tx, built.staff, taskId, { reason: 'Calls back', dueOn: null }));
      else {
        await db.database.update(bookings).set({ departureEndsAt: new Date() }).where(eq(bookings.id, bookingId));
        await db.database.transaction((tx) => endDeparture(tx, bookingId));
      }
      const [row] = await db.database
        .select()
        .from(tables.followUps)
        .where(eq(tables.followUps.plannedAppointmentId, planned.id));
      expect(row!.category).toBe(category);
      const url = `/follow-up/${row!.id}`;
      const shown = await rowOf(desk, row!.id);
      expect(shown).toContain(`${url}/gaps`);
      expect(shown).not.toContain(`${url}/link`);
      expect((await desk.get(`${url}/link`)).statusCode).toBe(409);
      const pressed = await desk.post(`${url}/link`, { channels: ['email'] });
      expect([pressed.statusCode, pressed.body.includes('No link was ever sent for this appointment')]).toEqual([
        409,
        true,
      ]);
      expect(await db.database.$count(bookings, eq(bookings.plannedAppointmentId, planned.id))).toBe(1);
      expect(await db.database.$count(messages, eq(messages.bookingId, bookingId))).toBe(0);
    },
  );

  it('goes out for who was postponed at a later departure, and was sent one at an earlier', async () => {
    const { url, planned, followUpId } = await expired();
    const [first] = await db.database.select().from(bookings).where(eq(bookings.plannedAppointmentId, planned.id));
    const { id: _id, ...copy } = first!;
    const [next] = await db.database
      .insert(bookings)
      .values({ ...copy, number: 2, state: 'postponed', linkSentAt: null, linkExpiresAt: null })
      .returning();
    await db.database
      .update(tables.followUps)
      .set({ category: 'postponed', bookingId: next!.id })
      .where(eq(tables.followUps.id, followUpId));
    expect(await rowOf(desk, followUpId)).toContain(`${url}/link`);
    expect((await desk.post(`${url}/link`, { channels: ['email'] })).statusCode).toBe(303);
    expect((await followUpNow(followUpId)).category).toBe('olb_link_sent');
  });

  it('does not go out to a patient who has confirmed', async () => {
    const confirmed = await waiting();
    await patientConfirms(confirmed.bookingId, 20);
    expect((await desk.post(`${confirmed.url}/link`, { channels: ['email'] })).statusCode).toBe(409);
  });
});
