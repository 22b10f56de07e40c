import { addDays, instantAt, localDay, minuteOfDay } from './localTime.ts';

/** Minutes after local midnight; may cross midnight; equal ends mean that no hours are quiet. */
export interface QuietHours {
  fromMinute: number;
  untilMinute: number;
}

/** The earliest instant, not before the one given, that is outside the quiet hours. Epoch milliseconds. */
export function earliestOutsideQuietHours(instant: number, zone: string, { fromMinute, untilMinute }: QuietHours): number {
  if (fromMinute === untilMinute) return instant;
  const minute = minuteOfDay(instant, zone);
  const crossesMidnight = fromMinute > untilMinute;
  const quiet = crossesMidnight ? minute >= fromMinute || minute < untilMinute : minute >= fromMinute && minute < untilMinute;
  if (!quiet) return instant;
  const today = localDay(instant, zone);
  const endsTomorrow = crossesMidnight && minute >= fromMinute;
  return Math.max(instant, instantAt(endsTomorrow ? addDays(today, 1) : today, untilMinute, zone));
}
