import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  cancelAppointment,
  changeAppointment,
  type DeskWish,
  makeAppointment,
  setState,
} from '../../../domain/book/appointments.ts';
import { type BlockWish, cancelBlock, makeBlock } from '../../../domain/book/blocks.ts';
import { whatStands } from '../../../domain/book/standing.ts';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { findInconsistencies } from '../../../domain/bookings/consistency.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { sendLink } from '../../../domain/bookings/sendLink.ts';
import { writeAppointment } from '../../../domain/bookings/steps.ts';
import { depart } from '../../../domain/departures/depart.ts';
import { Refusal } from '../../../domain/refusal.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import {
  type BuiltPractice,
  buildAppointment,
  buildPatient,
  buildPlanned,
  buildPractice,
  inDays,
  testKeys,
} from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

const rounds = 50;
let db: FreshDatabase;
let built: BuiltPractice;
let elsewhere: BuiltPractice;
let patient: Awaited<ReturnType<typeof buildPatient>>;
/** Each test has days of its own. */
let day = 0;

beforeAll(async () => {
  db = await freshDatabase({ max: 20 });
  built = await buildPractice(db);
  elsewhere = await buildPractice(db);
  patient = await buildPatient(db, built);
});
beforeEach(() => {
  day += 3;
});
afterEach(async () => {
  expect(await findInconsistencies(db.sql, { atRest: false })).toEqual([]);
});
afterAll(() => db?.drop());

const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
const outcome = <T>(work: Promise<T>): Promise<T | string> =>
  work.catch((error) => {
    if (error instanceof Refusal) return error.field ? `${error.code} at ${error.field}` : error.code;
    throw error;
  });
const at = (minute: number, days = day) => inDays(built, days, minute);

function wish(more: Partial<DeskWish & { patientId: string; locationId: string }> = {}) {
  return {
    locationId: built.location.id,
    patientId: patient.id,
    providerId: built.providers[0]!.id,
    chairId: built.chairs[0]!.id,
    startsAt: at(600),
    minutes: 30,
    description: 'Check-up',
    note: '',
    overlapAllowed: false,
    ...more,
  };
}

async function made(more: Parameters<typeof wish>[0] = {}) {
  const result = await inTx((tx) => makeAppointment(tx, built.staff, wish(more)));
  if (result.taken) throw new Error('the time was taken');
  return result.entryId;
}
const change = (id: string, to: Parameters<typeof changeAppointment>[3]) =>
  outcome(inTx((tx) => changeAppointment(tx, built.staff, id, to)));
const entry = async (id: string) =>
  (await db.database.select().from(tables.bookEntries).where(eq(tables.bookEntries.id, id)))[0]!;
const audited = async (id: string) =>
  (
    await db.database
      .select({ action: tables.auditEntries.action })
      .from(tables.auditEntries)
      .where(eq(tables.auditEntries.entryId, id))
      .orderBy(tables.auditEntries.id)
  ).map(({ action }) => action);

/** A patient whose link is out. */
async function linkSent() {
  const leaving = await buildPatient(db, built);
  const planned = await buildPlanned(db, built, leaving.id);
  const visit = await buildAppointment(db, built, leaving.id);
  await db.database.update(tables.bookEntries).set({ overlapAllowed: true }).where(eq(tables.bookEntries.id, visit.id));
  const { bookingIds } = await inTx((tx) => depart(tx, built.staff, visit.id));
  await db.database.update(tables.bookEntries).set({ status: 'cancelled' }).where(eq(tables.bookEntries.id, visit.id));
  const bookingId = bookingIds[0]!;
  const [task] = await db.database
    .select()
    .from(tables.departureTasks)
    .where(eq(tables.departureTasks.bookingId, bookingId));
  await inTx((tx) => sendLink(tx, testKeys, built.staff, task!.id, ['email']));
  return { bookingId, planned, patient: leaving };
}

const held = (bookingId: string, startsAt: Date) => outcome(inTx((tx) => hold(tx, bookingId, startsAt)));
const heldEntry = async (bookingId: string) =>
  (
    await db.database
      .select()
      .from(tables.bookEntries)
      .where(and(eq(tables.bookEntries.bookingId, bookingId), eq(tables.bookEntries.kind, 'hold')))
  )[0]!;

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
      minutes: 30,
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

function block(more: Partial<BlockWish> = {}): BlockWish {
  return {
    locationId: built.location.id,
    providerId: null,
    chairId: null,
    reason: 'closure',
    note: '',
    startsAt: at(480),
    endsAt: at(1020),
    overlapAllowed: false,
    ...more,
  };
}

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

  it('is refused for the past, for too long, and for what belongs to another practice', async () => {
    expect(await blocked({ startsAt: at(480, -2), endsAt: at(600, -1) })).toBe('date_past at untilDay');
    expect(await blocked({ endsAt: at(480, day + 32) })).toBe('invalid at untilDay');
    expect(await blocked({ providerId: elsewhere.providers[0]!.id })).toBe('invalid at provider');
    expect(await blocked({ chairId: elsewhere.chairs[0]!.id })).toBe('invalid at chair');
    expect(await blocked({ locationId: elsewhere.location.id })).toBe('not_found');
  });
});

it('what stands in a time is named for the warning, without holds that ran out', async () => {
  await made();
  const { bookingId } = await linkSent();
  await held(bookingId, at(640));
  const time = {
    locationId: built.location.id,
    providerId: built.providers[0]!.id,
    chairIds: [built.chairs[0]!.id],
    startsAt: at(610),
    endsAt: at(700),
  };
  expect((await whatStands(db.database, time, null)).map(({ kind, startsAt }) => [kind, startsAt])).toEqual([
    ['appointment', at(600)],
    ['hold', at(640)],
  ]);
  await db.database
    .update(tables.bookEntries)
    .set({ heldUntil: new Date(0) })
    .where(eq(tables.bookEntries.bookingId, bookingId));
  expect(await whatStands(db.database, time, null)).toHaveLength(1);
});

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
