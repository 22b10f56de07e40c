import { expect, it } from 'vitest';
import { addBusy, isMarked } from '../../../../domain/book/rules/busyDays.ts';
import type { Stretch } from '../../../../domain/book/rules/stretches.ts';

const provider = '01a20d94-4cdd-72a1-87c4-a74058f1f1ba';
const chair = '01a20d94-4ce7-7319-a8b5-7463b8155425';
const other = '01a20d94-4ce7-7835-82b6-61b90425135b';
const booking = '01a20d94-4ce7-7880-9b74-cd514b9f7fea';
const at = (time: string) => Date.parse(`${time}Z`);

function busyOf(days: string, rule = { now: 0, bookingId: null as string | null }) {
  const wanted = new Map<string, Stretch[]>([
    [provider, []],
    [chair, []],
  ]);
  addBusy(days, wanted, rule);
  return Object.fromEntries([...wanted].map(([id, busy]) => [id, busy]));
}

it('each wanted place gets what it has on each day, others are passed over', () => {
  const days = `20781 ${provider}=420,495,510,1440 20782 ${chair}=0,15 ${other}=0,1440 ${provider}=600,630`;
  expect(busyOf(days)).toEqual({
    [provider]: [
      { from: at('2026-11-24T07:00'), until: at('2026-11-24T08:15') },
      { from: at('2026-11-24T08:30'), until: at('2026-11-25T00:00') },
      { from: at('2026-11-25T10:00'), until: at('2026-11-25T10:30') },
    ],
    [chair]: [{ from: at('2026-11-25T00:00'), until: at('2026-11-25T00:15') }],
  });
});

it('a hold counts until its time is over, and not for the booking that holds', () => {
  const days = `20781 ${chair}?420,495,5000,${booking}`;
  const held = [{ from: at('2026-11-24T07:00'), until: at('2026-11-24T08:15') }];
  expect(busyOf(days, { now: 4999, bookingId: null })[chair]).toEqual(held);
  expect(busyOf(days, { now: 4999, bookingId: other })[chair]).toEqual(held);
  expect(busyOf(days, { now: 5000, bookingId: null })[chair]).toEqual([]);
  expect(busyOf(days, { now: 0, bookingId: booking })[chair]).toEqual([]);
});

it('a day that was not written out is known by its mark', () => {
  const days = `20781 ${chair}=420,495`;
  expect([isMarked(days), isMarked(`${days} !`)]).toEqual([false, true]);
});
