import { describe, expect, it } from 'vitest';
import { readDay } from '../../../domain/book/day.ts';
import { addDays, localDay, weekdayOf } from '../../../domain/book/rules/localTime.ts';
import { addChair, changeChair, listChairs } from '../../../domain/practice/chairs.ts';
import { changeProvider, listProviders } from '../../../domain/practice/providers.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildPatient, inDays } from '../../builders.ts';
import { built, db, elsewhere, inTransaction, manager, refusal, useManager } from './managing.ts';

useManager();

describe('chairs and providers that are no longer in use', () => {
  it('say how many appointments are still to come, not counting what was cancelled, lapsed or is over', async () => {
    const patient = await buildPatient(db, built);
    const entry = (days: number, status: 'booked' | 'cancelled') => ({
      practiceId: built.practice.id,
      locationId: built.location.id,
      kind: 'appointment' as const,
      status,
      patientId: patient.id,
      providerId: built.providers[0]!.id,
      chairId: built.chairs[0]!.id,
      startsAt: inDays(built, days, 600),
      endsAt: inDays(built, days, 630),
    });
    await db.database
      .insert(tables.bookEntries)
      .values([entry(-2, 'booked'), entry(2, 'booked'), entry(3, 'booked'), entry(4, 'cancelled')]);
    const [chair] = await listChairs(db.sql, manager);
    const { name, position } = chair!;
    await inTransaction((tx) => changeChair(tx, manager, chair!.id, { name, position, active: false }));
    expect(await listChairs(db.sql, manager)).toMatchObject([
      { active: false, upcoming: 2 },
      { active: true, upcoming: 0 },
    ]);
    const id = built.providers[0]!.id;
    await inTransaction((tx) =>
      changeProvider(tx, manager, id, { title: 'Dr', name: 'Noor', colour: 3, active: false }),
    );
    expect((await listProviders(db.sql, manager)).find((one) => one.id === id)).toMatchObject({
      active: false,
      upcoming: 2,
    });
    // Where they can be moved from.
    const columnsIn = async (days: number) => {
      const day = addDays(localDay(Date.now(), built.practice.timeZone), days);
      const { timeZone, id: practiceId } = built.practice;
      const read = await readDay(db.sql, {
        practiceId,
        locationId: built.location.id,
        day,
        weekday: weekdayOf(day),
        timeZone,
      });
      return [read.providers, read.chairs].map((columns) => columns.length);
    };
    expect(await columnsIn(2)).toEqual([2, 2]);
    expect(await columnsIn(4)).toEqual([1, 1]);
  });

  it('need a location of the practice to be added to', async () => {
    const details = { name: 'Chair 9', position: 9, active: true };
    await expect(inTransaction((tx) => addChair(tx, manager, elsewhere.location.id, details))).rejects.toEqual(
      refusal('invalid', 'locationId'),
    );
  });
});
