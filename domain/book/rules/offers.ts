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

const quarterMs = 15 * 60_000;

/**
 * The starts a patient is offered: few and good. At most `most` a half-day, on the quarter hour or flush with a
 * neighbouring appointment, leaving no useless remnant where that can be avoided; spread over the half-day. A half-day
 * with any fitting start has at least one. Sorted epoch milliseconds, none twice.
 */
export function offeredStarts(gaps: Gap[], rule: OfferRule): number[] {
  const halfDays = new Map<string, Map<number, number>>();
  for (const gap of gaps) {
    for (const [start, waste] of startsOf(gap, rule)) {
      const noon = rule.noonOf(start);
      const half = `${noon} ${start < noon}`;
      const starts = halfDays.get(half) ?? new Map<number, number>();
      halfDays.set(half, starts.set(start, Math.min(waste, starts.get(start) ?? waste)));
    }
  }
  return [...halfDays.values()].flatMap((starts) => pick(starts, rule.most)).sort((a, b) => a - b);
}

/** Each sensible start of a gap, with how many useless remnants it leaves. */
function startsOf({ from, until }: Gap, { length, shortestUseful }: OfferRule): [number, number][] {
  const last = until - length;
  const starts = new Set([from, last]);
  for (let start = Math.ceil(from / quarterMs) * quarterMs; start <= last; start += quarterMs) starts.add(start);
  const useless = (remnant: number) => (remnant > 0 && remnant < shortestUseful ? 1 : 0);
  return [...starts].map((start) => [start, useless(start - from) + useless(last - start)]);
}

/** The least wasteful ones, evenly spread when there are too many. */
function pick(starts: Map<number, number>, most: number): number[] {
  const least = Math.min(...starts.values());
  const good = [...starts].filter(([, waste]) => waste === least).map(([start]) => start).sort((a, b) => a - b);
  if (good.length <= most) return good;
  return Array.from({ length: most }, (_, i) => good[Math.round((i * (good.length - 1)) / Math.max(1, most - 1))]!);
}
