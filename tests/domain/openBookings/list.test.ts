import { describe, expect, it } from 'vitest';
import { countOpenBookings, nextStep, readOpenBookings } from '../../../domain/openBookings/list.ts';
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
