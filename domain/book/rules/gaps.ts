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
  /** What the provider has, what closes the location, and what the patient has elsewhere; in any order. */
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
  const free: Piece[] = [];
  for (const [rank, { busy }] of chairs.entries()) {
    for (const { from, until } of without(provider, joined(busy))) free.push({ from, until, rank });
  }
  free.sort((a, b) => a.from - b.from || b.until - a.until || a.rank - b.rank);
  return longest(free, chairs, length);
}

interface Piece extends Stretch {
  /** The how-many-eth of the chairs it is free in. */
  rank: number;
}

/** Of sorted pieces those that are long enough and do not lie within another, each with what it is joined to. */
function longest(free: Piece[], chairs: Search['chairs'], length: number): Gap[] {
  const gaps: Gap[] = [];
  let around: Stretch = { from: 0, until: Number.NEGATIVE_INFINITY };
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, until, rank } of free) {
    if (from > around.until) around = { from, until };
    else if (until > around.until) around.until = until;
    if (until - from < length || until <= reached) continue;
    reached = until;
    gaps.push({ from, until, chairId: chairs[rank]!.id, around });
  }
  return gaps;
}
