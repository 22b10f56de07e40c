import { joined, type Stretch, without } from './stretches.ts';

/** A free stretch, long enough, in which one chair stays free throughout. */
export interface Gap extends Stretch {
  chairId: string;
  /** All the free time around it: from when until when the provider could work on in one permitted chair or another. */
  around: Stretch;
}

export interface Search {
  /** When the provider works at the open location; sorted and separate. */
  openings: Stretch[];
  /** What the provider has, and what closes the location; in any order. */
  providerBusy: Stretch[];
  /** Permitted chairs, the preferred one first, each with what takes it; in any order. */
  chairs: { id: string; busy: Stretch[] }[];
  /** How long the appointment is, in milliseconds; for one without a length there are no gaps. */
  length: number;
  /** Only starts from here on, and ends up to there. */
  from: number;
  until: number;
}

/**
 * Every gap of a provider in the permitted chairs, sorted. None can be made longer, and none lies within another: of chairs
 * that are free at the same time the one that stays free longest is named, of equal ones the preferred. Gaps of different
 * chairs may overlap. A start fits if, and only if, it lies with its whole length in one of the gaps.
 */
export function findGaps({ openings, providerBusy, chairs, length, from, until }: Search): Gap[] {
  if (length <= 0) return [];
  const fits = (stretch: Stretch) => stretch.until - stretch.from >= length;
  const open = openings.map((opening) => ({
    from: Math.max(opening.from, from),
    until: Math.min(opening.until, until),
  }));
  const provider = without(open.filter(fits), joined(providerBusy)).filter(fits);
  const free = chairs.flatMap(({ id, busy }) =>
    without(provider, joined(busy)).map((stretch) => ({ ...stretch, chairId: id })),
  );
  const around = joined(free);
  let next = 0;
  return longest(free.filter(fits)).map((gap) => {
    while (around[next]!.until < gap.until) next++;
    return { ...gap, around: around[next]! };
  });
}

/** Sorts, and leaves out what lies within another. */
function longest<S extends Stretch>(stretches: S[]): S[] {
  const kept: S[] = [];
  for (const stretch of stretches.sort((a, b) => a.from - b.from || b.until - a.until)) {
    const last = kept.at(-1);
    if (!last || stretch.until > last.until) kept.push(stretch);
  }
  return kept;
}
