import { describe, expect, it } from 'vitest';
import { readPeriods, rowsOf, weekdayInBoth, weekOf, writePeriods } from '../../../domain/practice/hours.ts';

const period = (fromMinute: number, untilMinute: number) => ({ fromMinute, untilMinute });

describe('hours as people write them', () => {
  it.each([
    ['', []],
    ['  ', []],
    ['8:00-12:30', [period(480, 750)]],
    ['08:00 – 12:30; 13.15—17.00', [period(480, 750), period(795, 1020)]],
    ['13:00-17:00, 8:00-12:00', [period(480, 720), period(780, 1020)]],
    ['8:00-12:00,12:00-17:00', [period(480, 720), period(720, 1020)]],
    ['0:00-24:00', [period(0, 1440)]],
  ])('reads %j', (text, periods) => expect(readPeriods(text)).toEqual(periods));

  it.each([
    ['8-12', 'hours_format'],
    ['always', 'hours_format'],
    ['8:00', 'hours_format'],
    ['8:00-12:00,', 'hours_format'],
    ['8:00-12:60', 'hours_format'],
    ['24:30-25:00', 'hours_format'],
    ['12:00-8:00', 'hours_order'],
    ['8:00-8:00', 'hours_order'],
    ['24:00-24:00', 'hours_order'],
    ['8:00-12:00, 11:59-13:00', 'hours_overlap'],
    ['8:00-17:00, 12:00-13:00', 'hours_overlap'],
  ])('refuses %j: %s', (text, why) => expect(readPeriods(text)).toBe(why));

  it('reads again what it wrote', () => {
    const periods = [period(0, 485), period(795, 1440)];
    expect(writePeriods(periods)).toBe('00:00–08:05, 13:15–24:00');
    expect(readPeriods(writePeriods(periods))).toEqual(periods);
  });
});

describe('weeks', () => {
  it('come from rows in any order, and go back into rows', () => {
    const rows = [
      { weekday: 7, ...period(600, 720) },
      { weekday: 1, ...period(780, 1020) },
      { weekday: 1, ...period(480, 720) },
    ];
    const week = weekOf(rows);
    expect(week[0]).toEqual([period(480, 720), period(780, 1020)]);
    expect(week.slice(1, 6)).toEqual([[], [], [], [], []]);
    expect(rowsOf(week)).toEqual([rows[2], rows[1], rows[0]]);
  });

  it('meet on the first weekday on which they overlap; touching is not meeting', () => {
    const one = weekOf([
      { weekday: 2, ...period(480, 720) },
      { weekday: 4, ...period(480, 720) },
    ]);
    expect(weekdayInBoth(one, weekOf([{ weekday: 2, ...period(720, 800) }]))).toBeNull();
    expect(weekdayInBoth(one, weekOf([{ weekday: 3, ...period(480, 720) }]))).toBeNull();
    expect(weekdayInBoth(one, weekOf([{ weekday: 4, ...period(719, 800) }]))).toBe(4);
  });
});
