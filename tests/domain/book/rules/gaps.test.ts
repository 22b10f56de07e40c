import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findGaps, type Search } from '../../../../domain/book/rules/gaps.ts';
import { joined, type Stretch } from '../../../../domain/book/rules/stretches.ts';

const horizon = 120;

const stretch = fc
  .tuple(fc.integer({ min: 0, max: horizon }), fc.integer({ min: 0, max: 40 }))
  .map(([from, length]): Stretch => ({ from, until: Math.min(horizon, from + length) }));
const busy = fc.array(stretch, { maxLength: 6 });

const searches: fc.Arbitrary<Search> = fc.record({
  openings: fc.array(stretch, { maxLength: 4 }).map(joined),
  providerBusy: busy,
  chairs: fc
    .array(busy, { minLength: 0, maxLength: 4 })
    .map((chairs) => chairs.map((taken, i) => ({ id: `chair ${i}`, busy: taken }))),
  length: fc.integer({ min: 1, max: 30 }),
  from: fc.integer({ min: 0, max: 40 }),
  until: fc.integer({ min: 60, max: horizon }),
});

const holds = (stretches: Stretch[], minute: number) =>
  stretches.some(({ from, until }) => from <= minute && minute < until);

/** Looks at each minute by itself: can this chair be used by the provider in this minute? */
function usable(search: Search, chairBusy: Stretch[], minute: number): boolean {
  const inReach = minute >= search.from && minute < search.until && holds(search.openings, minute);
  return inReach && !holds(search.providerBusy, minute) && !holds(chairBusy, minute);
}

function naiveStarts(search: Search): number[] {
  const minutes = Array.from({ length: horizon }, (_, minute) => minute);
  return minutes.filter((start) =>
    search.chairs.some((chair) =>
      Array.from({ length: search.length }, (_, i) => start + i).every((minute) => usable(search, chair.busy, minute)),
    ),
  );
}

describe('gaps', () => {
  it('hold every start that fits and no other, as a look at each single minute finds', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const starts = new Set<number>();
        for (const { from, until } of findGaps(search)) {
          for (let start = from; start + search.length <= until; start++) starts.add(start);
        }
        expect([...starts].sort((a, b) => a - b)).toEqual(naiveStarts(search));
      }),
      { numRuns: 1000 },
    );
  });

  it('never overlap what the provider or the named chair has, and always fit', () => {
    fc.assert(
      fc.property(searches, (search) => {
        for (const gap of findGaps(search)) {
          const chair = search.chairs.find(({ id }) => id === gap.chairId)!;
          const taken = [...search.providerBusy, ...chair.busy].filter(({ from, until }) => from < until);
          expect(taken.filter(({ from, until }) => from < gap.until && gap.from < until)).toEqual([]);
          expect(gap.until - gap.from).toBeGreaterThanOrEqual(search.length);
        }
      }),
    );
  });

  it('can not be made longer in their chair', () => {
    fc.assert(
      fc.property(searches, (search) => {
        for (const { chairId, from, until } of findGaps(search)) {
          const chair = search.chairs.find(({ id }) => id === chairId)!;
          expect([usable(search, chair.busy, from - 1), usable(search, chair.busy, until)]).toEqual([false, false]);
        }
      }),
    );
  });

  it('stand in order, and none lies within another', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const gaps = findGaps(search);
        gaps.slice(1).forEach((gap, i) => {
          expect(gap.from).toBeGreaterThan(gaps[i]!.from);
          expect(gap.until).toBeGreaterThan(gaps[i]!.until);
        });
      }),
    );
  });

  it('know all the time around them that the provider could use in some chair', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const some = (minute: number) => search.chairs.some((chair) => usable(search, chair.busy, minute));
        for (const { from, until, around } of findGaps(search)) {
          expect(around.from <= from && until <= around.until).toBe(true);
          for (let minute = around.from; minute < around.until; minute++) expect(some(minute)).toBe(true);
          expect([some(around.from - 1), some(around.until)]).toEqual([false, false]);
        }
      }),
    );
  });

  const day: Search = {
    openings: [{ from: 0, until: 100 }],
    providerBusy: [],
    chairs: [{ id: 'A', busy: [] }],
    length: 30,
    from: 0,
    until: 100,
  };

  it('name the preferred chair among equally free ones, else the one that is free longest', () => {
    const two = {
      ...day,
      chairs: [
        { id: 'A', busy: [] },
        { id: 'B', busy: [] },
      ],
    };
    expect(findGaps(two)).toMatchObject([{ from: 0, until: 100, chairId: 'A' }]);
    const shorter = {
      ...day,
      chairs: [
        { id: 'A', busy: [{ from: 50, until: 60 }] },
        { id: 'B', busy: [] },
      ],
    };
    expect(findGaps(shorter)).toMatchObject([{ from: 0, until: 100, chairId: 'B' }]);
  });

  it('do not put one appointment into two chairs', () => {
    const chairs = [
      { id: 'A', busy: [{ from: 40, until: 100 }] },
      { id: 'B', busy: [{ from: 0, until: 40 }] },
    ];
    expect(findGaps({ ...day, chairs, length: 50 })).toMatchObject([{ from: 40, until: 100, chairId: 'B' }]);
  });

  it('touch appointments without overlapping them', () => {
    const providerBusy = [
      { from: 60, until: 70 },
      { from: 20, until: 30 },
    ];
    expect(findGaps({ ...day, providerBusy })).toMatchObject([
      { from: 30, until: 60 },
      { from: 70, until: 100 },
    ]);
  });

  it('are none for an appointment without a length, or without chairs', () => {
    expect(findGaps({ ...day, length: 0 })).toEqual([]);
    expect(findGaps({ ...day, chairs: [] })).toEqual([]);
  });

  it('are found without changing what was given', () => {
    const providerBusy = [
      { from: 60, until: 70 },
      { from: 65, until: 80 },
      { from: 20, until: 30 },
    ];
    const before = structuredClone(providerBusy);
    findGaps({ ...day, providerBusy });
    expect(providerBusy).toEqual(before);
  });
});
