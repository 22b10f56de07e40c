import type { Ground } from './ground.ts';

/** Half of the samples are not above p50, and 95 of 100 not above p95. */
export interface Spread {
  p50: number;
  p95: number;
}

export interface Measured {
  ours: Spread;
  peer: ({ name: string } & Spread) | null;
  /** As the target says it; null where there is no peer. */
  ratio: number | null;
  pass: boolean;
  /** More to say to people: where time goes, what was done. */
  notes?: string[];
}

export interface Figure {
  name: string;
  /** What is measured, in a few words. */
  what: string;
  unit: string;
  better: 'higher' | 'lower';
  target: string;
  measure(ground: Ground): Promise<Measured>;
}

/** At least five: a machine's quiet and busy moments even out. */
export const rounds = 5;

export function spreadOf(samples: number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p95: at(0.95) };
}

/** Measures ours and the peer in turn, round by round; of each the median round counts. */
export async function inTurn(ours: (round: number) => Promise<Spread>, peer: (round: number) => Promise<Spread>) {
  const seen = { ours: [] as Spread[], peer: [] as Spread[] };
  for (let round = 0; round < rounds; round++) {
    // Who begins changes, so that neither always finds the machine warm.
    for (const side of round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const)) {
      seen[side].push(await (side === 'ours' ? ours : peer)(round));
    }
  }
  return { ours: medianOf(seen.ours), peer: medianOf(seen.peer) };
}

const medianOf = (spreads: Spread[]): Spread => ({
  p50: spreadOf(spreads.map(({ p50 }) => p50)).p50,
  p95: spreadOf(spreads.map(({ p95 }) => p95)).p50,
});

/** Milliseconds of one piece of work. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** The milliseconds of pieces of work, one after another. */
export async function oneByOne(count: number, work: (i: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < count; i++) samples.push(await timed(() => work(i)));
  return samples;
}

/** Does work for each item, so many at once. */
export async function atOnce<T>(
  items: T[],
  width: number,
  work: (item: T, i: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const i = next++;
      await work(items[i]!, i);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}

/** Waits until something holds, asking again and again. @throws when it takes too long */
export async function until(
  holds: () => Promise<boolean>,
  { seconds = 30, everyMs = 1 }: { seconds?: number; everyMs?: number } = {},
): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await holds()); ) {
    if (Date.now() > end) throw new Error(`what was waited for did not come in ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
