import { describe, expect, it } from 'vitest';
import { choicesWithOwn } from '../../../views/forms/choices.ts';
import { readerIn } from '../reader.ts';

const offered = [
  { id: 'a', name: 'Dr Noor Beekman' },
  { id: 'b', name: 'Sam Winter' },
];
const values = (own?: Parameters<typeof choicesWithOwn>[2]) =>
  choicesWithOwn(readerIn(), offered, own).map(({ value }) => value);

describe('what a select offers', () => {
  it('is the list, where nothing was chosen or it is still offered', () => {
    for (const own of [undefined, null, { id: null, name: null }, { id: 'b', name: 'Sam Winter' }])
      expect(values(own)).toEqual(['a', 'b']);
  });

  it('holds also what was chosen and is offered no longer, and says so', () => {
    expect(values({ id: 'c', name: 'Left Long-Ago' })).toEqual(['c', 'a', 'b']);
    expect(choicesWithOwn(readerIn('nl'), [], { id: 'c', name: 'Left Long-Ago' })).toEqual([
      { value: 'c', label: 'Left Long-Ago (niet meer in gebruik)' },
    ]);
  });
});
