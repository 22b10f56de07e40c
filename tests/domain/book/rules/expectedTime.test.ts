import { describe, expect, it } from 'vitest';
import {
  expectedMinutes,
  formatLength,
  longestMinutes,
  parseLength,
} from '../../../../domain/book/rules/expectedTime.ts';

describe('Expected Time', () => {
  it('is the sum of the Estimated Times', () => {
    expect(expectedMinutes([20, 15, 10], null)).toBe(45);
    expect(expectedMinutes([], null)).toBe(0);
  });

  it('is what was set by hand, where something was', () => {
    expect(expectedMinutes([20, 15], 60)).toBe(60);
    expect(expectedMinutes([20, 15], 0)).toBe(0);
  });

  it('is read as hours and minutes', () => {
    expect(['0:45', '00:45', ' 1:05 ', '08:00', '0:01'].map(parseLength)).toEqual([45, 45, 65, 480, 1]);
  });

  it('is refused where it has another form, no length or too long a one', () => {
    for (const text of ['', '45', '1:5', '0:60', '1.30', '-1:00', '1:30:00', '100:00', '0:4５', '1:30 pm']) {
      expect(parseLength(text)).toBe('length_format');
    }
    expect(['0:00', '00:00'].map(parseLength)).toEqual(['length_zero', 'length_zero']);
    expect(['8:01', '25:00', '99:59'].map(parseLength)).toEqual([
      'length_too_long',
      'length_too_long',
      'length_too_long',
    ]);
  });

  it('is read again as it was written', () => {
    for (let minutes = 1; minutes <= longestMinutes; minutes++)
      expect(parseLength(formatLength(minutes))).toBe(minutes);
    expect([5, 60, 480].map(formatLength)).toEqual(['0:05', '1:00', '8:00']);
  });
});
