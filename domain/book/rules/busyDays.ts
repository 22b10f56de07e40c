import type { Stretch } from './stretches.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const comma = ','.charCodeAt(0);
const equals = '='.charCodeAt(0);
const zero = '0'.charCodeAt(0);
const nine = '9'.charCodeAt(0);
const idLength = 36;

/** Stands in place of a day that changed while somebody else was writing it out: the entries have to be asked. */
const mark = '!';

export const isMarked = (days: string): boolean => days.includes(mark);

/** Which holds count: not those that ran out (`now` in epoch milliseconds), and not a booking's own. */
export interface HoldRule {
  now: number;
  bookingId: string | null;
}

/**
 * Adds to each wanted provider, chair or location what it has, from days as the book writes them out (`busy_day()`), spaces
 * between: `20781 <id>=420,495,510,555 <id>?600,630,1795522000000,<booking>`. Days in order give sorted stretches.
 */
export function addBusy(days: string, wanted: ReadonlyMap<string, Stretch[]>, rule: HoldRule): void {
  let midnight = 0;
  for (let at = 0; at < days.length; ) {
    const next = days.indexOf(' ', at);
    const end = next < 0 ? days.length : next;
    if (end - at <= idLength) midnight = Number(days.slice(at, end)) * dayMs;
    else {
      const busy = wanted.get(days.slice(at, at + idLength));
      if (busy) {
        if (days.charCodeAt(at + idLength) === equals) addStretches(days, at + idLength + 1, midnight, busy);
        else addHold(days.slice(at + idLength + 1, end), midnight, busy, rule);
      }
    }
    at = end + 1;
  }
}

/** Reads numbers sign by sign: of all a search does this is most. */
function addStretches(days: string, start: number, midnight: number, busy: Stretch[]): void {
  let number = 0;
  let from = -1;
  for (let at = start; ; at++) {
    const sign = days.charCodeAt(at);
    if (sign >= zero && sign <= nine) {
      number = number * 10 + sign - zero;
      continue;
    }
    const instant = midnight + number * minuteMs;
    number = 0;
    if (from < 0) from = instant;
    else {
      busy.push({ from, until: instant });
      from = -1;
    }
    if (sign !== comma) return;
  }
}

function addHold(hold: string, midnight: number, busy: Stretch[], { now, bookingId }: HoldRule): void {
  const [from, until, heldUntil, booking] = hold.split(',');
  if (Number(heldUntil) > now && booking !== bookingId)
    busy.push({ from: midnight + Number(from) * minuteMs, until: midnight + Number(until) * minuteMs });
}
