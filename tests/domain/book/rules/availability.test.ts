import { describe, expect, it } from 'vitest';
import { availabilityOf } from '../../../../domain/book/rules/availability.ts';

const rule = {
  now: Date.parse('2026-12-28T10:07:00Z'),
  zone: 'Europe/Amsterdam',
  firstAllowedDay: '2026-12-29',
  daysAhead: 14,
  earliestNoticeMinutes: 0,
};

describe('where a patient may look', () => {
  it('begins with the first allowed day and ends with the last day ahead', () => {
    expect(availabilityOf(rule)).toMatchObject({ fromDay: '2026-12-29', untilDay: '2027-01-12' });
  });

  it('begins today where the interval is over, with the next quarter', () => {
    expect(availabilityOf({ ...rule, firstAllowedDay: '2026-12-01' })).toEqual({
      fromDay: '2026-12-28',
      untilDay: '2027-01-12',
      notBefore: Date.parse('2026-12-28T10:15:00Z'),
    });
  });

  it('leaves the earliest notice, over midnight too', () => {
    const { fromDay, notBefore } = availabilityOf({ ...rule, earliestNoticeMinutes: 2 * 24 * 60 });
    expect([fromDay, new Date(notBefore).toISOString()]).toEqual(['2026-12-30', '2026-12-30T10:15:00.000Z']);
  });

  it('is by the clock of the practice', () => {
    const late = { ...rule, now: Date.parse('2026-12-31T23:30:00Z'), firstAllowedDay: '2026-12-01', daysAhead: 1 };
    expect(availabilityOf(late)).toMatchObject({ fromDay: '2027-01-01', untilDay: '2027-01-03' });
    expect(availabilityOf({ ...late, zone: 'Europe/London' })).toMatchObject({
      fromDay: '2026-12-31',
      untilDay: '2027-01-02',
    });
  });

  it('is nowhere where the interval is longer than the days ahead', () => {
    const { fromDay, untilDay } = availabilityOf({ ...rule, firstAllowedDay: '2027-01-25' });
    expect(fromDay >= untilDay).toBe(true);
  });
});
