import { addDays, instantAt, localDay, startOfDay } from './localTime.ts';
import { earliestOutsideQuietHours, type QuietHours } from './quietHours.ts';

/** When what is left of a departure's tasks goes to Follow Up: the end of the local day. Epoch milliseconds. */
export function endOfDepartureDay(day: string, zone: string): number {
  return startOfDay(addDays(day, 1), zone);
}

/** A link is good until the end of the local day this many days after it was sent. Epoch milliseconds. */
export function linkExpiry(sentAt: number, validityDays: number, zone: string): number {
  return startOfDay(addDays(localDay(sentAt, zone), validityDays + 1), zone);
}

export interface ReminderRule {
  sentAt: number;
  expiresAt: number;
  /** Days after sending. */
  afterDays: number[];
  /** Minutes after local midnight. */
  minute: number;
  zone: string;
  quiet: QuietHours;
}

/** Sooner than this after sending, a reminder only annoys. */
const leastDistanceMs = 12 * 3_600_000;

/**
 * When to remind: absolute instants between sending and expiry, sorted, outside the quiet hours, none twice. One that falls
 * into the quiet hours waits for their end. Epoch milliseconds.
 */
export function reminderTimes({ sentAt, expiresAt, afterDays, minute, zone, quiet }: ReminderRule): number[] {
  const sentOn = localDay(sentAt, zone);
  const times = afterDays
    .map((days) => earliestOutsideQuietHours(instantAt(addDays(sentOn, days), minute, zone), zone, quiet))
    .filter((time) => time - sentAt >= leastDistanceMs && time < expiresAt);
  return [...new Set(times)].sort((a, b) => a - b);
}
