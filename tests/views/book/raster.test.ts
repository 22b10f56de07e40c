import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeOf, rasterCss, rasterMinutes } from '../../../views/book/raster.ts';

const css = rasterCss();

it('every stretch of a day has its classes in the style sheet', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1435 }), fc.integer({ min: 1, max: 1440 }), (from, length) => {
      const until = Math.min(1440, from + length);
      for (const name of placeOf(from, until).split(' ')) expect(css).toContain(`.${name}{`);
    }),
  );
});

it('a stretch covers every minute of its time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1435 }), fc.integer({ min: 1, max: 1440 }), (from, length) => {
      const until = Math.min(1440, from + length);
      const [, row, rows] = /at-(\d+) len-(\d+)/.exec(placeOf(from, until))!.map(Number);
      expect(row! * rasterMinutes).toBeLessThanOrEqual(from);
      expect((row! + rows!) * rasterMinutes).toBeGreaterThanOrEqual(until);
    }),
  );
});
