import { joined, type Stretch, without } from './stretches.ts';

/** A free stretch, long enough, in which one chair stays free throughout. */
export interface Gap extends Stretch {
  chairId: string;
}

export interface Search {
  /** When the provider works at the open location; sorted and separate. */
  openings: Stretch[];
  /** What the provider has, and what closes the location; in any order. */
  providerBusy: Stretch[];
  /** Permitted chairs, the preferred one first, each with what takes it; in any order. */
  chairs: { id: string; busy: Stretch[] }[];
  /** How long the appointment is, in milliseconds. */
  length: number;
  /** Only starts from here on, and ends up to there. */
  from: number;
  until: number;
}

/**
 * Every gap of every permitted chair, sorted by start, then by the chairs' order. Gaps of different chairs may overlap; one
 * chair's never do, and none can be made longer.
 */
export function findGaps({ openings, providerBusy, chairs, length, from, until }: Search): Gap[] {
  const open = openings
    .map((opening) => ({ from: Math.max(opening.from, from), until: Math.min(opening.until, until) }))
    .filter((opening) => opening.until - opening.from >= length);
  const provider = without(open, joined(providerBusy)).filter((free) => free.until - free.from >= length);
  const gaps = chairs.flatMap(({ id, busy }) =>
    without(provider, joined(busy))
      .filter((free) => free.until - free.from >= length)
      .map((free) => ({ ...free, chairId: id })),
  );
  return chairs.length > 1 ? gaps.sort((a, b) => a.from - b.from) : gaps;
}
