import { describe, expect, it } from 'vitest';
import { bookingIntervals, firstAllowedDay } from '../../../../domain/book/rules/interval.ts';

describe('the booking interval', () => {
  it('is one to seven days, or two, three or four weeks', () => {
    expect(bookingIntervals).toEqual([1, 2, 3, 4, 5, 6, 7, 14, 21, 28]);
  });

  it('counts local days, over leap days, the end of the year and clock changes', () => {
    expect(firstAllowedDay('2028-02-28', 1)).toBe('2028-02-29');
    expect(firstAllowedDay('2028-02-29', 28)).toBe('2028-03-28');
    expect(firstAllowedDay('2027-02-28', 1)).toBe('2027-03-01');
    expect(firstAllowedDay('2026-12-31', 1)).toBe('2027-01-01');
    expect(firstAllowedDay('2026-12-24', 14)).toBe('2027-01-07');
    expect(firstAllowedDay('2026-10-24', 1)).toBe('2026-10-25');
    expect(firstAllowedDay('2026-10-25', 1)).toBe('2026-10-26');
  });
});
