import { desc, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { visitor } from '../desk.ts';
import { tokenFor } from '../efforts.ts';
import {
  app,
  bookingNow,
  db,
  desk,
  expired,
  followUpNow,
  patientConfirms,
  useFollowUp,
  waiting,
} from './followUpDesk.ts';

useFollowUp();

const { bookings, bookingLinks, messages, workflowMessages } = tables;

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
