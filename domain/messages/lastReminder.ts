import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Database } from '../../drizzle/database.ts';

/** An answer waits no longer for a carrier, in milliseconds. */
const longestMs = 3_000;

/**
 * Waits, for a moment at most, until a reminder that was being handed over when the patient confirmed has left, so that none
 * comes after they were told that it is booked. After the yes none begins any more.
 */
export async function lastReminderLeft(database: Database, bookingId: string): Promise<void> {
  for (const until = Date.now() + longestMs; Date.now() < until; await pause(25)) {
    const underWay = await database.execute(sql`
      select from messages where booking_id = ${bookingId} and kind = 'reminder' and state = 'sending'
        and attempt_started_at > clock_timestamp() - interval '12 seconds'`);
    if (underWay.length === 0) return;
  }
}
