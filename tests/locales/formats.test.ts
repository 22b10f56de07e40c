import { describe, expect, it } from 'vitest';
import { formats } from '../../locales/formats.ts';

const amsterdam = formats('en', 'Europe/Amsterdam');
const at = (instant: string) => new Date(instant);

describe('times on the nights of the clock change', () => {
  it('leave out the hour that the spring skips', () => {
    expect(amsterdam.time(at('2026-03-29T00:59:00Z'))).toBe('01:59');
    expect(amsterdam.time(at('2026-03-29T01:00:00Z'))).toBe('03:00');
  });

  it('show the autumn’s hour twice, on the same day', () => {
    for (const instant of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']) {
      expect(amsterdam.time(at(instant))).toBe('02:30');
      expect(amsterdam.shortDay(at(instant))).toBe('Sun 25 Oct');
    }
  });

  it('go with a zone that changes by half an hour', () => {
    const lordHowe = formats('en', 'Australia/Lord_Howe');
    expect(lordHowe.time(at('2026-04-04T14:59:00Z'))).toBe('01:59');
    expect(lordHowe.time(at('2026-04-04T15:00:00Z'))).toBe('01:30');
    expect(lordHowe.time(at('2026-10-03T15:30:00Z'))).toBe('02:30');
  });
});

describe('days at the turn of a day and of a year', () => {
  const newYear = at('2026-12-31T23:30:00Z');

  it('begin at the practice’s midnight, which is 00, not 24', () => {
    expect(amsterdam.time(at('2026-12-31T23:00:00Z'))).toBe('00:00');
    expect(formats('nl', 'Europe/Amsterdam').dateTime(at('2026-12-31T23:00:00Z'))).toBe('1 jan, 00:00');
  });

  it('belong to the year of the practice’s clock', () => {
    expect(amsterdam.fullDay(newYear)).toBe('Friday 1 January 2027');
    expect(formats('en', 'America/New_York').fullDay(newYear)).toBe('Thursday 31 December 2026');
    expect(formats('nl', 'Europe/Amsterdam').fullDay(newYear)).toBe('vrijdag 1 januari 2027');
    expect(amsterdam.shortDay(newYear)).toBe('Fri 1 Jan');
    expect(formats('nl', 'Europe/Amsterdam').shortDay(newYear)).toBe('vr 1 jan');
  });

  it('of the calendar stay themselves in every zone, a leap day too', () => {
    for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Amsterdam']) {
      const { date, longDayOf, fullDayOf, month, shortMonth } = formats('en', zone);
      expect(date('2028-02-29')).toBe('29/02/2028');
      expect(longDayOf('2028-02-29')).toBe('Tuesday 29 February');
      expect(fullDayOf('2027-01-01')).toBe('Friday 1 January 2027');
      expect([month('2027-01'), shortMonth('2026-12')]).toEqual(['January 2027', 'Dec']);
    }
  });
});

describe('lists and numbers', () => {
  it('are written as the language does', () => {
    expect(formats('en', 'UTC').either(['SMS', 'email'])).toBe('SMS or email');
    expect(formats('nl', 'UTC').either(['sms', 'e-mail'])).toBe('sms of e-mail');
    expect([formats('en', 'UTC').integer(12345), formats('nl', 'UTC').integer(12345)]).toEqual(['12,345', '12.345']);
  });
});
