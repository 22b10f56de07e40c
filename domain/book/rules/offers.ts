import type { Gap } from './gaps.ts';

export interface OfferRule {
  /** The appointment's length, and the shortest appointment worth leaving room for, in milliseconds. */
  length: number;
  shortestUseful: number;
  /** Noon of the start's local day, in epoch milliseconds. */
  noonOf(start: number): number;
  /** How many starts a half-day offers at most. */
  most: number;
}

const hourMs = 3_600_000;
/** Every zone's offset is a whole number of quarters, so that quarters are the same everywhere. */
const quarterMs = hourMs / 4;

/**
 * The starts a patient is offered: few and good. At most `most` a half-day, on the quarter hour or flush with a
 * neighbouring appointment, leaving no useless remnant where that can be avoided; spread over the half-day. A half-day
 * with any fitting start has at least one. Sorted epoch milliseconds, none twice.
 */
export function offeredStarts(gaps: Gap[], rule: OfferRule): number[] {
  const halfDays = new Map<number, Map<number, number>>();
  const noonOf = rememberingNoon(rule.noonOf);
  for (const gap of gaps) {
    for (const start of startsOf(gap, rule.length)) {
      const noon = noonOf(start);
      const halfDay = start < noon ? noon - 1 : noon;
      const starts = halfDays.get(halfDay) ?? new Map<number, number>();
      halfDays.set(halfDay, starts.set(start, uselessRemnants(start, gap, rule)));
    }
  }
  return [...halfDays.values()].flatMap((starts) => spread(leastWasteful(starts), rule.most)).sort((a, b) => a - b);
}

function startsOf({ from, until }: Gap, length: number): Set<number> {
  const last = until - length;
  const starts = new Set([from, last]);
  for (let start = Math.ceil(from / quarterMs) * quarterMs; start < last; start += quarterMs) starts.add(start);
  return starts;
}

/** How many stretches beside the appointment would be too short for any other. */
function uselessRemnants(start: number, { around }: Gap, { length, shortestUseful }: OfferRule): number {
  const useless = (remnant: number) => (remnant > 0 && remnant < shortestUseful ? 1 : 0);
  return useless(start - around.from) + useless(around.until - start - length);
}

function leastWasteful(starts: Map<number, number>): number[] {
  const least = Math.min(...starts.values());
  return [...starts.keys()].filter((start) => starts.get(start) === least).sort((a, b) => a - b);
}

/** The first, the last, and what is nearest to equal steps between them. */
function spread(starts: number[], most: number): number[] {
  if (starts.length <= most) return starts;
  const first = starts[0]!;
  const step = most > 1 ? (starts.at(-1)! - first) / (most - 1) : 0;
  const left = [...starts];
  return Array.from({ length: most }, (_, i) => takeNearest(left, first + i * step));
}

function takeNearest(left: number[], wanted: number): number {
  const nearest = left.reduce((best, start) => (Math.abs(start - wanted) < Math.abs(best - wanted) ? start : best));
  left.splice(left.indexOf(nearest), 1);
  return nearest;
}

/** Asks for a day's noon once. Within ten hours of noon it is the same day, whatever the clocks do. */
function rememberingNoon(noonOf: OfferRule['noonOf']): OfferRule['noonOf'] {
  let noon = Number.NEGATIVE_INFINITY;
  return (start) => {
    if (Math.abs(start - noon) >= 10 * hourMs) noon = noonOf(start);
    return noon;
  };
}
