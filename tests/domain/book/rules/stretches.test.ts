import { describe, expect, it } from 'vitest';
import { joined, without } from '../../../../domain/book/rules/stretches.ts';

const s = (from: number, until: number) => ({ from, until });

describe('stretches', () => {
  it('are joined where they touch or overlap, in whatever order they come', () => {
    expect(joined([s(50, 60), s(0, 10), s(10, 20), s(15, 18), s(55, 70)])).toEqual([s(0, 20), s(50, 70)]);
  });

  it('without a length neither stand alone nor join others', () => {
    expect(joined([s(5, 5), s(10, 20), s(20, 20), s(30, 25)])).toEqual([s(10, 20)]);
  });

  it('lose what is taken away at both ends, in the middle and across several', () => {
    expect(without([s(0, 30), s(40, 60), s(70, 80)], [s(0, 5), s(10, 12), s(25, 45), s(55, 90)])).toEqual([
      s(5, 10),
      s(12, 25),
      s(45, 55),
    ]);
  });
});
