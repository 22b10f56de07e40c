import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDate } from '../../../domain/people/birthDate.ts';

describe('a date as people write it', () => {
  it.each([
    '1984-05-06',
    '6-5-1984',
    '06/05/1984',
    '6.5.1984',
    '06 05 1984',
    '06-05-84',
    '06051984',
    '19840506',
    '6 mei 1984',
    '6 May 1984',
    '6th May 1984',
    'May 6, 1984',
    ' 6 MEI 84 ',
  ])('is understood: %s', (written) => {
    expect(readDate(written, 2026)).toBe('1984-05-06');
  });

  it('means the last such year where the century is left out', () => {
    expect(readDate('1-2-26', 2026)).toBe('2026-02-01');
    expect(readDate('1-2-27', 2026)).toBe('1927-02-01');
  });

  it.each([
    '',
    '31-2-2000',
    '29-2-2023',
    '2000-13-01',
    '0-1-2000',
    '1984',
    '12',
    'mei 1984',
    '6 foo 1984',
    '6-5-19844',
    'x1-2-2000',
    '1-2-1700',
  ])('is none: %s', (written) => {
    expect(readDate(written, 2026)).toBeNull();
  });

  it('is the same day in every notation', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10);
          const [y, m, d] = iso.split('-') as [string, string, string];
          for (const written of [iso, `${d}-${m}-${y}`, `${Number(d)}/${Number(m)}/${y}`, `${d}${m}${y}`]) {
            expect(readDate(written, 2026)).toBe(iso);
          }
        },
      ),
    );
  });
});
