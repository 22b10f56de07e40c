import { and, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { countOpenBookings, nextStep, readOpenBookings } from '../../../domain/openBookings/list.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildPractice } from '../../builders.ts';
import { buildDeparting, buildSent } from '../../efforts.ts';
import { built, db, row, settled, useOpenBookings } from './underWay.ts';

useOpenBookings();

describe('the bookings under way', () => {
  it('tells stage, since when, and what happens next', async () => {
    const departing = await buildDeparting(db, built);
    const sent = await buildSent(db, built);
    const one = await row(departing.bookingId);
    expect(one).toMatchObject({ state: 'departing', description: 'Filling', attention: [], failing: null });
    expect(nextStep(one!, new Date())).toEqual({ kind: 'day_ends', at: one!.departureEndsAt });

    const other = (await row(sent.bookingId))!;
    expect(other.stageSince.getTime()).toBeGreaterThan(other.createdAt.getTime() - 1);
    expect(nextStep(other, new Date())).toEqual({ kind: 'reminder', at: other.reminderTimes[0] });
    expect(nextStep(other, other.reminderTimes.at(-1)!)).toEqual({ kind: 'link_ends', at: other.linkExpiresAt });
    expect(await countOpenBookings(db.sql, built.practice.id)).toMatchObject({ departing: 1, link_sent: 1 });
  });

  it('leaves out what is settled and other practices’', async () => {
    const { bookingId } = await buildSent(db, built);
    const elsewhere = await buildPractice(db);
    const theirs = await buildSent(db, elsewhere);
    await settled(bookingId);
    const ids = (await readOpenBookings(db.sql, built.practice.id)).map(({ id }) => id);
    expect(ids).not.toContain(bookingId);
    expect(ids).not.toContain(theirs.bookingId);
  });

  it('tells of its messages only where one is amiss, and then what has become of each', async () => {
    const { bookingId } = await buildSent(db, built);
    const { messages } = tables;
    const set = (channel: 'sms' | 'email', changes: Partial<typeof messages.$inferInsert>) =>
      db.database
        .update(messages)
        .set(changes)
        .where(and(eq(messages.bookingId, bookingId), eq(messages.channel, channel)));
    const told = async () => (await row(bookingId))!.messages.map(({ channel, state }) => `${channel} ${state}`);
    await set('email', { state: 'delivered' });
    await set('sms', { state: 'failed', reason: 'unreachable' });
    expect(await told()).toEqual(['sms failed', 'email delivered']);

    const [failed] = await db.database
      .select()
      .from(messages)
      .where(and(eq(messages.bookingId, bookingId), eq(messages.channel, 'sms')));
    await db.database.insert(messages).values({ ...failed!, id: undefined, number: 2, state: 'sending', reason: null });
    expect(await told()).toEqual(['email delivered', 'sms sending']);
    await db.database.update(messages).set({ state: 'delivered' }).where(eq(messages.number, 2));
    expect(await told()).toEqual([]);
  });

  it('is narrowed down by stage, provider, patient and attention', async () => {
    const { bookingId, patient } = await buildSent(db, built, { planned: { providerId: built.providers[1]!.id } });
    const read = (filter: Parameters<typeof readOpenBookings>[2]) =>
      readOpenBookings(db.sql, built.practice.id, filter);
    expect((await read({ patientIds: [patient.id] })).map(({ id }) => id)).toEqual([bookingId]);
    expect((await read({ patientIds: [patient.id], state: 'departing' })).length).toBe(0);
    expect((await read({ patientIds: [patient.id], providerId: built.providers[0]!.id })).length).toBe(0);
    expect((await read({ patientIds: [patient.id], providerId: built.providers[1]!.id })).length).toBe(1);
    expect((await read({ patientIds: [patient.id], onlyAttention: true })).length).toBe(0);
  });
});
