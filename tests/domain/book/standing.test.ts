import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { makeAppointment } from '../../../domain/book/appointments.ts';
import { cancelAppointment } from '../../../domain/book/attendance.ts';
import { patientElsewhere, whatStands } from '../../../domain/book/standing.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildPatient } from '../../builders.ts';
import {
  at,
  built,
  change,
  db,
  entry,
  held,
  inTx,
  linkSent,
  made,
  outcome,
  patient,
  useBook,
  wish,
} from './deskBook.ts';

useBook();

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

describe('a patient who has an appointment already', () => {
  const inOtherChair = () => ({
    providerId: built.providers[1]!.id,
    chairId: built.chairs[1]!.id,
    twiceAllowed: false,
  });
  const make = (more: Parameters<typeof wish>[0]) =>
    outcome(inTx((tx) => makeAppointment(tx, built.staff, wish(more))));

  it('gets another one at the same time only on purpose, with whomever', async () => {
    await made();
    expect(await make({ ...inOtherChair(), startsAt: at(615) })).toBe('patient_elsewhere at start');
    expect(await make({ ...inOtherChair(), startsAt: at(630) })).toMatchObject({ taken: false });
    const both = (await make({ ...inOtherChair(), startsAt: at(585), twiceAllowed: true })) as { entryId: string };
    expect((await entry(both.entryId)).overlapAllowed).toBe(false);
  });

  it('does not stand in the way of a button pressed twice', async () => {
    const press = () => make({ twiceAllowed: false });
    const first = await press();
    expect(await press()).toEqual(first);
  });

  it('is not moved onto it by mistake; the same time with somebody else asks nothing again', async () => {
    await made();
    const id = await made({ ...inOtherChair(), startsAt: at(700) });
    expect(await change(id, { startsAt: at(610), twiceAllowed: false })).toBe('patient_elsewhere at start');
    expect(await change(id, { minutes: 45, twiceAllowed: false })).toMatchObject({ taken: false });
    expect(await change(id, { startsAt: at(610), twiceAllowed: true })).toMatchObject({ taken: false });
    expect(await change(id, { chairId: built.chairs[0]!.id, overlapAllowed: true, twiceAllowed: false })).toMatchObject(
      { taken: false },
    );
  });

  it('is told which, without what was cancelled or is somebody else’s', async () => {
    const id = await made();
    const time = { startsAt: at(590), endsAt: at(601), patientId: patient.id };
    expect(await patientElsewhere(db.database, time, null)).toEqual([
      { startsAt: at(600), endsAt: at(630), providerName: 'Dr Noor Beekman' },
    ]);
    expect(await patientElsewhere(db.database, time, id)).toEqual([]);
    expect(await patientElsewhere(db.database, { ...time, endsAt: at(600) }, null)).toEqual([]);
    const somebody = await buildPatient(db, built);
    expect(await patientElsewhere(db.database, { ...time, patientId: somebody.id }, null)).toEqual([]);
    await inTx((tx) => cancelAppointment(tx, built.staff, id));
    expect(await patientElsewhere(db.database, time, null)).toEqual([]);
  });
});
