import { describe, expect, it } from 'vitest';
import { makeAppointment } from '../../../domain/book/appointments.ts';
import { type BlockWish, cancelBlock, makeBlock } from '../../../domain/book/blocks.ts';
import { instantAt } from '../../../domain/book/rules/localTime.ts';
import {
  at,
  audited,
  block,
  built,
  day,
  elsewhere,
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

describe('a block', () => {
  const blocked = (more: Partial<BlockWish> = {}) => outcome(inTx((tx) => makeBlock(tx, built.staff, block(more))));

  it('counts what stands there, and is made over it only on purpose', async () => {
    await made();
    await made({ startsAt: at(700), providerId: built.providers[1]!.id });
    expect(await blocked()).toEqual({ taken: true, standing: 2 });
    expect(await blocked({ providerId: built.providers[0]!.id })).toEqual({ taken: true, standing: 1 });
    expect(await blocked({ chairId: built.chairs[1]!.id })).toMatchObject({ taken: false });
    const over = (await blocked({ providerId: built.providers[0]!.id, overlapAllowed: true })) as { entryId: string };
    expect((await entry(over.entryId)).overlapAllowed).toBe(true);
    expect(await blocked({ overlapAllowed: true })).toMatchObject({ taken: false });
    const { bookingId } = await linkSent();
    expect(await held(bookingId, at(900))).toEqual({ taken: true });
  });

  it('keeps patients and the desk out until it is given back; twice made is once made', async () => {
    const first = (await blocked({ reason: 'emergency', providerId: built.providers[0]!.id })) as { entryId: string };
    expect(await blocked({ reason: 'emergency', providerId: built.providers[0]!.id })).toEqual(first);
    const { bookingId } = await linkSent();
    expect(await held(bookingId, at(600))).toEqual({ taken: true });
    expect(await inTx((tx) => makeAppointment(tx, built.staff, wish()))).toEqual({ taken: true });
    expect(await outcome(inTx((tx) => cancelBlock(tx, elsewhere.staff, first.entryId)))).toBe('not_found');
    await inTx((tx) => cancelBlock(tx, built.staff, first.entryId));
    await inTx((tx) => cancelBlock(tx, built.staff, first.entryId));
    expect(await audited(first.entryId)).toEqual(['block.made', 'block.cancelled']);
    expect(await held(bookingId, at(600))).toMatchObject({ taken: false });
  });

  it('of several days stands in each of them', async () => {
    expect(await blocked({ endsAt: at(600, day + 2) })).toMatchObject({ taken: false });
    expect(await inTx((tx) => makeAppointment(tx, built.staff, wish({ startsAt: at(300, day + 1) })))).toEqual({
      taken: true,
    });
    expect(await inTx((tx) => makeAppointment(tx, built.staff, wish({ startsAt: at(600, day + 2) })))).toMatchObject({
      taken: false,
    });
  });

  it('may take 31 days among which the clock goes back, and an hour more there is not', async () => {
    const year = new Date().getUTCFullYear() + 1;
    const zone = 'Europe/Amsterdam';
    const startsAt = new Date(instantAt(`${year}-10-10`, 0, zone));
    const endsAt = new Date(instantAt(`${year}-11-10`, 0, zone));
    expect(endsAt.getTime() - startsAt.getTime()).toBe(31 * 86_400_000 + 3_600_000);
    const long = (await blocked({ startsAt, endsAt })) as { entryId: string };
    expect((await entry(long.entryId)).endsAt).toEqual(endsAt);
    expect(
      await inTx((tx) => makeAppointment(tx, built.staff, wish({ startsAt: new Date(endsAt.getTime() - 3_600_000) }))),
    ).toEqual({ taken: true });
    expect(await blocked({ startsAt, endsAt: new Date(endsAt.getTime() + 60_000) })).toBe('invalid at untilDay');
  });

  it('is refused for the past, for too long, and for what belongs to another practice', async () => {
    expect(await blocked({ startsAt: at(480, -2), endsAt: at(600, -1) })).toBe('date_past at untilDay');
    expect(await blocked({ endsAt: at(480, day + 32) })).toBe('invalid at untilDay');
    expect(await blocked({ providerId: elsewhere.providers[0]!.id })).toBe('invalid at provider');
    expect(await blocked({ chairId: elsewhere.chairs[0]!.id })).toBe('invalid at chair');
    expect(await blocked({ locationId: elsewhere.location.id })).toBe('not_found');
  });
});
