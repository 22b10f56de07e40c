import { describe, expect, it } from 'vitest';
import { weekOf } from '../../../domain/practice/hours.ts';
import { addLocation, changeLocation, readLocation } from '../../../domain/practice/locations.ts';
import { changePractice, type PracticeDetails, readPractice } from '../../../domain/practice/practice.ts';
import {
  db,
  elsewhere,
  inTransaction,
  lastAudit,
  manager,
  mornings,
  nobodyElses,
  refusal,
  told,
  useManager,
} from './managing.ts';

useManager();

describe('the practice', () => {
  const details = async (): Promise<PracticeDetails> => {
    const { id: _id, createdAt: _at, timeZone: _zone, ...rest } = await readPractice(db.database, manager);
    return rest;
  };

  it('changes, says who changed which fields, and tells open screens', async () => {
    const wish = { ...(await details()), appointmentWorkflow: false, reminderDays: [2], smsSender: 'Tooth' };
    expect(await told(() => inTransaction((tx) => changePractice(tx, manager, wish)))).toEqual([
      'book',
      'followUp',
      'online',
      'tasks',
    ]);
    expect(await details()).toEqual(wish);
    expect(await lastAudit()).toMatchObject({
      action: 'practice.changed',
      userId: manager.userId,
      details: { fields: 'appointmentWorkflow reminderDays smsSender' },
    });
    expect(await readPractice(db.database, { ...nobodyElses, practiceId: elsewhere.practice.id })).toMatchObject({
      appointmentWorkflow: true,
    });
  });

  it('is left alone, and nobody told, when nothing is changed', async () => {
    const wish = await details();
    expect(await told(() => inTransaction((tx) => changePractice(tx, manager, wish)))).toEqual([]);
    expect(await lastAudit()).toBeUndefined();
  });
});

describe('locations', () => {
  const address = { name: 'West', street: 'Weg 1', postalCode: '1000 AB', city: 'Utrecht', phone: '030 000 0000' };

  it('come with their opening hours, and change with them', async () => {
    const id = await inTransaction((tx) => addLocation(tx, manager, address, mornings));
    expect(await readLocation(db.database, manager, id)).toMatchObject({ ...address, week: mornings });
    await inTransaction((tx) => changeLocation(tx, manager, id, { ...address, city: 'Zeist' }, weekOf([])));
    expect(await readLocation(db.database, manager, id)).toMatchObject({ city: 'Zeist', week: weekOf([]) });
    expect(await lastAudit()).toMatchObject({ action: 'location.changed', details: { fields: 'city week' } });
  });

  it('of another practice are not found', async () => {
    const id = elsewhere.location.id;
    await expect(readLocation(db.database, manager, id)).rejects.toEqual(refusal('not_found'));
    await expect(inTransaction((tx) => changeLocation(tx, manager, id, address, mornings))).rejects.toEqual(
      refusal('not_found'),
    );
  });
});
