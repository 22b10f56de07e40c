import { describe, expect, it } from 'vitest';
import { makeAppointment } from '../../../domain/book/appointments.ts';
import { cancelAppointment } from '../../../domain/book/attendance.ts';
import { makeBlock } from '../../../domain/book/blocks.ts';
import { buildPatient } from '../../builders.ts';
import {
  at,
  block,
  built,
  change,
  day,
  db,
  entry,
  held,
  inTx,
  linkSent,
  made,
  outcome,
  useBook,
  wish,
} from './deskBook.ts';

useBook();

const rounds = 50;

describe('races', () => {
  const wins = (results: unknown[]) => results.filter((result) => (result as { taken?: boolean }).taken === false);

  it('two moves onto one time: one stands there, the other stays where it was', async () => {
    const rival = await buildPatient(db, built);
    const [a, b] = [await made(), await made({ startsAt: at(660), patientId: rival.id })];
    for (let round = 0; round < rounds; round++) {
      const startsAt = at(60 + round * 10, day + 1);
      const results = await Promise.all([
        change(a, { startsAt }),
        change(b, { startsAt: new Date(startsAt.getTime() + 600_000) }),
      ]);
      expect(wins(results)).toHaveLength(1);
      await Promise.all([change(a, { startsAt: at(600) }), change(b, { startsAt: at(660) })]);
    }
  });

  it('two that change places at once neither block each other nor overlap', async () => {
    const rival = await buildPatient(db, built);
    const [a, b] = [await made(), await made({ startsAt: at(600, day + 1), patientId: rival.id })];
    for (let round = 0; round < rounds; round++) {
      const results = await Promise.all([change(a, { startsAt: at(600, day + 1) }), change(b, { startsAt: at(600) })]);
      expect(wins(results).length).toBeLessThanOrEqual(1);
      await Promise.all([change(a, { startsAt: at(600) }), change(b, { startsAt: at(600, day + 1) })]);
    }
  });

  it('a desk appointment against a patient’s hold: one of them', async () => {
    const { bookingId } = await linkSent();
    for (let round = 0; round < rounds; round++) {
      const startsAt = at(60 + round * 20);
      const results = await Promise.all([
        held(bookingId, startsAt),
        outcome(inTx((tx) => makeAppointment(tx, built.staff, wish({ startsAt, minutes: 20 })))),
      ]);
      expect(wins(results)).toHaveLength(1);
    }
  });

  it('a move against a patient’s hold: one of them', async () => {
    const { bookingId } = await linkSent();
    const id = await made({ startsAt: at(0, day + 1) });
    for (let round = 0; round < rounds; round++) {
      const startsAt = at(60 + round * 25);
      expect(wins(await Promise.all([held(bookingId, startsAt), change(id, { startsAt })]))).toHaveLength(1);
      await change(id, { startsAt: at(0, day + 1) });
    }
  });

  it('a block against a patient’s hold: one of them, for a provider and for the location', async () => {
    const { bookingId } = await linkSent();
    for (let round = 0; round < rounds; round++) {
      const startsAt = at(30 + round * 28);
      const whose = round % 2 === 0 ? { providerId: built.providers[0]!.id } : {};
      const results = await Promise.all([
        held(bookingId, startsAt),
        outcome(
          inTx((tx) =>
            makeBlock(
              tx,
              built.staff,
              block({ ...whose, startsAt, endsAt: new Date(startsAt.getTime() + 25 * 60_000) }),
            ),
          ),
        ),
      ]);
      expect(wins(results)).toHaveLength(1);
    }
  });

  it('a cancellation against a move: cancelled in the end, whoever was first', async () => {
    for (let round = 0; round < rounds; round++) {
      const id = await made({ startsAt: at(10 + round * 20), minutes: 15 });
      const [moved] = await Promise.all([
        change(id, { startsAt: at(10 + round * 20, day + 1) }),
        inTx((tx) => cancelAppointment(tx, built.staff, id)),
      ]);
      expect((await entry(id)).status).toBe('cancelled');
      if (moved === 'not_changeable') expect((await entry(id)).startsAt).toEqual(at(10 + round * 20));
    }
  });
});
