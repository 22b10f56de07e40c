import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { amongRivals } from '../../../domain/book/rivals.ts';

const wish = (by: string) => ({ providerId, startsAt: new Date(0), by });
const providerId = randomUUID();

/** A claim whose answer is given by hand. */
function byHand() {
  let resolve!: (answer: { taken: boolean }) => void;
  let reject!: (error: Error) => void;
  const answer = new Promise<{ taken: boolean }>((...ends) => {
    [resolve, reject] = ends;
  });
  let asked = 0;
  const claim = () => {
    asked++;
    return answer;
  };
  return { claim, resolve, reject, asked: () => asked };
}

describe('rivals for one time', () => {
  it('do not ask the book once one of them has it', async () => {
    const [first, others] = [byHand(), byHand()];
    const winner = amongRivals(wish('a'), first.claim);
    const losers = ['b', 'c', 'd'].map((by) => amongRivals(wish(by), others.claim));
    first.resolve({ taken: false });
    expect(await winner).toEqual({ taken: false });
    expect(await Promise.all(losers)).toEqual([{ taken: true }, { taken: true }, { taken: true }]);
    expect(others.asked()).toBe(0);
  });

  it.each([
    ['found it taken', (first: ReturnType<typeof byHand>) => first.resolve({ taken: true })],
    ['failed', (first: ReturnType<typeof byHand>) => first.reject(new Error('the connection is gone'))],
  ])('ask for themselves when the first %s', async (_, end) => {
    const first = byHand();
    const failing = amongRivals(wish('a'), first.claim).catch(() => null);
    const second = amongRivals(wish('b'), async () => ({ taken: false }));
    end(first);
    expect(await second).toEqual({ taken: false });
    await failing;
  });

  it('are others: the same one asks again and gets the book’s own answer', async () => {
    const first = byHand();
    const one = amongRivals(wish('a'), first.claim);
    const again = amongRivals(wish('a'), async () => ({ taken: false }));
    expect(await again).toEqual({ taken: false });
    first.resolve({ taken: false });
    await one;
  });

  it('are forgotten when the answer is there', async () => {
    await amongRivals(wish('a'), async () => ({ taken: false }));
    const next = byHand();
    const asked = amongRivals(wish('b'), next.claim);
    expect(next.asked()).toBe(1);
    next.resolve({ taken: true });
    expect(await asked).toEqual({ taken: true });
  });
});
