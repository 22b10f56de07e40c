import { minuteOfDay, nextClockChange } from './localTime.ts';

/** Minutes after local midnight; may cross midnight; equal ends mean that no hours are quiet. */
export interface QuietHours {
  fromMinute: number;
  untilMinute: number;
}

const minuteMs = 60_000;
/** An answer that comes this soon after the person acted is welcome at any hour. */
const awakeMs = 15 * minuteMs;
const dayMinutes = 24 * 60;

/**
 * The earliest instant, not before the one given, at which the zone's clock shows no quiet hour. Epoch milliseconds. Where
 * the clock skips the end of the quiet hours they end with the change; where it goes through their end twice they come back.
 */
export function earliestOutsideQuietHours(instant: number, zone: string, quiet: QuietHours): number {
  const minute = minuteOfDay(instant, zone);
  if (!isQuiet(minute, quiet)) return instant;
  const minutesLeft = (quiet.untilMinute - minute + dayMinutes) % dayMinutes;
  const end = (Math.floor(instant / minuteMs) + minutesLeft) * minuteMs;
  const change = nextClockChange(instant, zone);
  return change !== null && change < end ? earliestOutsideQuietHours(change, zone, quiet) : end;
}

/** Whether who acted then waits for the answer still, so that it may leave in quiet hours too. Epoch milliseconds. */
export const isAwake = (actedAt: number, instant: number): boolean => instant - actedAt < awakeMs;

function isQuiet(minute: number, { fromMinute, untilMinute }: QuietHours): boolean {
  if (fromMinute <= untilMinute) return minute >= fromMinute && minute < untilMinute;
  return minute >= fromMinute || minute < untilMinute;
}
