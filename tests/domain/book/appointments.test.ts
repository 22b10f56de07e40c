import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { changeAppointment, makeAppointment } from '../../../domain/book/appointments.ts';
import { cancelAppointment, setState } from '../../../domain/book/attendance.ts';
import { makeBlock } from '../../../domain/book/blocks.ts';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { writeAppointment } from '../../../domain/bookings/steps.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildAppointment, buildPatient } from '../../builders.ts';
import {
  at,
  audited,
  block,
  built,
  change,
  day,
  db,
  elsewhere,
  entry,
  held,
  heldEntry,
  inTx,
  linkSent,
  made,
  outcome,
  patient,
  useBook,
  wish,
} from './deskBook.ts';

useBook();

describe('an ordinary appointment', () => {
  it('takes the provider and the chair asked for', async () => {
    const id = await made({ note: 'Bring the X-rays' });
    expect(await entry(id)).toMatchObject({
      status: 'booked',
      kind: 'appointment',
      madeBy: 'desk',
      overlapAllowed: false,
    });
    expect(await audited(id)).toEqual(['appointment.made']);
    const other = { patientId: (await buildPatient(db, built)).id };
    expect(await inTx((tx) => makeAppointment(tx, built.staff, wish({ ...other, startsAt: at(615) })))).toEqual({
      taken: true,
    });
  });

  it('takes any chair that is free, in their order', async () => {
    await made({ providerId: built.providers[1]!.id });
    expect((await entry(await made({ chairId: null }))).chairId).toBe(built.chairs[1]!.id);
  });

  it('is made once when the button is pressed twice', async () => {
    const press = () => inTx((tx) => makeAppointment(tx, built.staff, wish()));
    const [first, second] = await Promise.all([press(), press()]);
    expect(first).toEqual(second);
    expect(first.taken).toBe(false);
  });

  it('stands over another one only on purpose, and stays busy for patients', async () => {
    await made();
    const rival = (await buildPatient(db, built)).id;
    const over = await made({ patientId: rival, overlapAllowed: true });
    expect(await entry(over)).toMatchObject({ overlapAllowed: true, chairId: built.chairs[0]!.id });
    const { bookingId } = await linkSent();
    expect(await held(bookingId, at(600))).toEqual({ taken: true });
    expect((await entry(await made({ overlapAllowed: true, startsAt: at(700) }))).overlapAllowed).toBe(false);
  });

  it('is not made over what already overlaps, a closed location or a blocked chair', async () => {
    const over = (minute: number, more = {}) =>
      outcome(inTx((tx) => makeAppointment(tx, built.staff, wish({ startsAt: at(minute), ...more }))));
    await inTx((tx) => makeBlock(tx, built.staff, block({ startsAt: at(300), endsAt: at(360) })));
    expect(await over(345)).toEqual({ taken: true });
    await inTx((tx) =>
      makeBlock(tx, built.staff, block({ chairId: built.chairs[0]!.id, startsAt: at(400), endsAt: at(460) })),
    );
    expect(await over(400)).toEqual({ taken: true });
    expect(await over(400, { chairId: built.chairs[1]!.id })).toMatchObject({ taken: false });
  });

  it('is refused for the past, for another practice’s patient, provider, chair or location', async () => {
    const refused = (more: Parameters<typeof wish>[0]) =>
      outcome(inTx((tx) => makeAppointment(tx, built.staff, wish(more))));
    expect(await refused({ startsAt: at(600, -1) })).toBe('date_past at day');
    expect(await refused({ patientId: (await buildPatient(db, elsewhere)).id })).toBe('not_found');
    expect(await refused({ providerId: elsewhere.providers[0]!.id })).toBe('invalid at provider');
    expect(await refused({ chairId: elsewhere.chairs[0]!.id })).toBe('invalid at chair');
    expect(await refused({ locationId: elsewhere.location.id })).toBe('not_found');
  });

  it('stands across midnight in both days', async () => {
    const id = await made({ startsAt: at(23 * 60 + 45) });
    expect(
      await inTx((tx) => makeAppointment(tx, built.staff, wish({ startsAt: at(0, day + 1), patientId: patient.id }))),
    ).toEqual({ taken: true });
    await inTx((tx) => cancelAppointment(tx, built.staff, id));
  });
});

describe('a change', () => {
  it('moves to another day, provider and chair, and frees the old time', async () => {
    const id = await made();
    const to = { startsAt: at(660, day + 1), providerId: built.providers[1]!.id, chairId: built.chairs[1]!.id };
    expect(await change(id, to)).toEqual({ taken: false, entryId: id, chairId: built.chairs[1]!.id });
    expect(await entry(id)).toMatchObject({ ...to, endsAt: at(690, day + 1), description: 'Check-up' });
    expect(await audited(id)).toEqual(['appointment.made', 'appointment.moved']);
    await made();
  });

  it('is not hindered by itself: a little later, longer and shorter', async () => {
    const id = await made();
    expect(await change(id, { startsAt: at(610) })).toMatchObject({ taken: false });
    expect(await change(id, { minutes: 60 })).toMatchObject({ taken: false });
    expect(await change(id, { minutes: 15 })).toMatchObject({ taken: false });
    expect(await entry(id)).toMatchObject({ startsAt: at(610), endsAt: at(625) });
  });

  it('is hindered by appointments, held times, blocks and what overlaps on purpose', async () => {
    const id = await made();
    const other = await made({ startsAt: at(660) });
    await made({ startsAt: at(660), patientId: (await buildPatient(db, built)).id, overlapAllowed: true });
    await inTx((tx) => cancelAppointment(tx, built.staff, other));
    expect(await change(id, { startsAt: at(660) })).toEqual({ taken: true });
    const { bookingId } = await linkSent();
    expect(await held(bookingId, at(720))).toMatchObject({ taken: false });
    expect(await change(id, { startsAt: at(735) })).toEqual({ taken: true });
    await inTx((tx) => makeBlock(tx, built.staff, block({ startsAt: at(900), endsAt: at(960) })));
    expect(await change(id, { startsAt: at(900) })).toEqual({ taken: true });
    expect(await entry(id)).toMatchObject({ startsAt: at(600) });
  });

  it('takes the time of a hold that ran out', async () => {
    const id = await made();
    const { bookingId } = await linkSent();
    await held(bookingId, at(720));
    await db.database
      .update(tables.bookEntries)
      .set({ heldUntil: new Date(Date.now() - 1) })
      .where(eq(tables.bookEntries.bookingId, bookingId));
    expect(await change(id, { startsAt: at(720) })).toMatchObject({ taken: false });
  });

  it('takes another chair only where any will do', async () => {
    const id = await made();
    await made({ startsAt: at(660), providerId: built.providers[1]!.id });
    expect(await change(id, { startsAt: at(660) })).toEqual({ taken: true });
    expect(await change(id, { startsAt: at(660), anyChair: true })).toMatchObject({ chairId: built.chairs[1]!.id });
  });

  it('stands over another on purpose, and no longer once it is moved away', async () => {
    await made({ startsAt: at(660) });
    const id = await made();
    expect(await change(id, { startsAt: at(660), overlapAllowed: true })).toMatchObject({ taken: false });
    expect((await entry(id)).overlapAllowed).toBe(true);
    expect(await change(id, { note: 'Words only' })).toMatchObject({ taken: false });
    expect(await change(id, { startsAt: at(720) })).toMatchObject({ taken: false });
    expect((await entry(id)).overlapAllowed).toBe(false);
  });

  it('is refused into the past, for holds, for who has left, and for another practice', async () => {
    const id = await made();
    expect(await change(id, { startsAt: at(600, -1) })).toBe('date_past at day');
    expect(await change(id, { providerId: elsewhere.providers[0]!.id })).toBe('invalid at provider');
    expect(await change(id, { chairId: elsewhere.chairs[0]!.id })).toBe('invalid at chair');
    expect(await outcome(inTx((tx) => changeAppointment(tx, elsewhere.staff, id, { note: 'x' })))).toBe('not_found');
    const { bookingId } = await linkSent();
    await held(bookingId, at(720));
    const holdId = (await heldEntry(bookingId)).id;
    expect(await change(holdId, { startsAt: at(800) })).toBe('kept_for_patient');
    await inTx((tx) => confirm(tx, bookingId));
    expect(await change(holdId, { startsAt: at(800) })).toBe('kept_for_patient');
    expect(await outcome(inTx((tx) => cancelAppointment(tx, built.staff, holdId)))).toBe('kept_for_patient');
    await db.database.update(tables.bookEntries).set({ status: 'departed' }).where(eq(tables.bookEntries.id, id));
    expect(await change(id, { minutes: 10 })).toBe('not_changeable');
  });
});

describe('a cancellation', () => {
  it('frees the time, once', async () => {
    const id = await made();
    await inTx((tx) => cancelAppointment(tx, built.staff, id));
    await inTx((tx) => cancelAppointment(tx, built.staff, id));
    expect(await audited(id)).toEqual(['appointment.made', 'appointment.cancelled']);
    await made();
  });

  it('of an online booking lets the planned appointment be booked again', async () => {
    const { bookingId } = await linkSent();
    await held(bookingId, at(600));
    await inTx((tx) => confirm(tx, bookingId));
    await inTx((tx) => writeAppointment(tx, bookingId));
    const [online] = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.bookingId, bookingId));
    await inTx((tx) => cancelAppointment(tx, built.staff, online!.id));
    const again = {
      providerId: built.providers[0]!.id,
      chairIds: [built.chairs[0]!.id],
      startsAt: at(600),
    };
    expect(await inTx((tx) => bookAtDesk(tx, built.staff, bookingId, again))).toMatchObject({ taken: false });
  });

  it('is refused for who sits, has left or did not come', async () => {
    const id = await made();
    for (const status of ['in_chair', 'departed', 'did_not_attend'] as const) {
      await db.database.update(tables.bookEntries).set({ status }).where(eq(tables.bookEntries.id, id));
      expect(await outcome(inTx((tx) => cancelAppointment(tx, built.staff, id)))).toBe('not_changeable');
    }
    expect(await outcome(inTx((tx) => cancelAppointment(tx, elsewhere.staff, id)))).toBe('not_found');
  });
});

describe('a state', () => {
  const set = (id: string, state: Parameters<typeof setState>[3]) =>
    outcome(inTx((tx) => setState(tx, built.staff, id, state)));

  it('follows the visit, and back where a click was wrong', async () => {
    const { id } = await buildAppointment(db, built, patient.id, 60);
    for (const state of ['arrived', 'booked', 'did_not_attend', 'arrived', 'in_chair'] as const) {
      expect(await set(id, state)).toBeUndefined();
      expect((await entry(id)).status).toBe(state);
    }
    expect(await set(id, 'in_chair')).toBeUndefined();
    expect((await audited(id)).filter((action) => action === 'appointment.state')).toHaveLength(5);
    expect(await set(id, 'did_not_attend')).toBe('state_not_possible');
    await db.database.update(tables.bookEntries).set({ status: 'departed' }).where(eq(tables.bookEntries.id, id));
    expect(await set(id, 'in_chair')).toBe('already_departed');
    await db.database.update(tables.bookEntries).set({ status: 'cancelled' }).where(eq(tables.bookEntries.id, id));
    expect(await set(id, 'booked')).toBe('not_changeable');
  });

  it('does not come before its day', async () => {
    const id = await made();
    expect(await set(id, 'arrived')).toBe('state_not_possible');
    expect(await set(id, 'did_not_attend')).toBe('state_not_possible');
  });
});
