import { describe, expect, it } from 'vitest';
import { weekOf } from '../../../domain/practice/hours.ts';
import { addLocation } from '../../../domain/practice/locations.ts';
import { configureOnlineBooking, readOnlineConfiguration } from '../../../domain/practice/onlineBooking.ts';
import { changeWorkingHours, readWorkingWeeks } from '../../../domain/practice/workingHours.ts';
import { built, db, elsewhere, inTransaction, manager, mornings, refusal, told, useManager } from './managing.ts';

useManager();

describe('a provider’s online configuration', () => {
  it('keeps the chairs in order, and tells those who look at tasks', async () => {
    const providerId = built.providers[0]!.id;
    const chairIds = [built.chairs[1]!.id, built.chairs[0]!.id];
    const wish = { bookable: true, daysAhead: 30, earliestNoticeMinutes: 60, chairIds };
    const topics = await told(() => inTransaction((tx) => configureOnlineBooking(tx, manager, providerId, wish)));
    expect(topics).toEqual(['followUp', 'tasks']);
    expect(await readOnlineConfiguration(db.database, manager, providerId)).toEqual(wish);
  });

  it('takes no chair and no provider of another practice', async () => {
    const wish = { bookable: true, daysAhead: 30, earliestNoticeMinutes: 60, chairIds: [elsewhere.chairs[0]!.id] };
    const [own, theirs] = [built.providers[0]!.id, elsewhere.providers[0]!.id];
    await expect(inTransaction((tx) => configureOnlineBooking(tx, manager, own, wish))).rejects.toEqual(
      refusal('invalid', 'chair'),
    );
    await expect(inTransaction((tx) => configureOnlineBooking(tx, manager, theirs, wish))).rejects.toEqual(
      refusal('not_found'),
    );
    expect((await readOnlineConfiguration(db.database, manager, own)).daysAhead).toBe(365);
  });
});

describe('working hours', () => {
  it('change at one location, and never overlap with those at another', async () => {
    const providerId = built.providers[0]!.id;
    const address = { name: 'West', street: 'Weg 1', postalCode: '1000 AB', city: 'Utrecht', phone: '030 000 0000' };
    const west = await inTransaction((tx) => addLocation(tx, manager, address, mornings));
    await expect(inTransaction((tx) => changeWorkingHours(tx, manager, providerId, west, mornings))).rejects.toEqual(
      refusal('invalid', 'day1'),
    );
    await inTransaction((tx) => changeWorkingHours(tx, manager, providerId, built.location.id, weekOf([])));
    await inTransaction((tx) => changeWorkingHours(tx, manager, providerId, west, mornings));
    expect(await readWorkingWeeks(db.sql, manager, providerId)).toEqual([
      { location: { id: built.location.id, name: 'Canal House' }, week: weekOf([]) },
      { location: { id: west, name: 'West' }, week: mornings },
    ]);
    await expect(
      inTransaction((tx) => changeWorkingHours(tx, manager, providerId, elsewhere.location.id, mornings)),
    ).rejects.toEqual(refusal('not_found'));
  });
});
