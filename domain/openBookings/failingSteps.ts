import { sql as query } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Database } from '../../drizzle/database.ts';
import { notifyLive } from '../live.ts';

/** An attempt at a step of a booking's workflow that failed. */
export interface FailedAttempt {
  step: string;
  /** The booking, or the first of the messages that were to be delivered. */
  subjectId: string;
  /** When the step was first tried. */
  since: Date;
  attempts: number;
  /** Null where it is not tried again by itself. */
  nextAttemptAt: Date | null;
  /** A stable word, and the code that came with it. */
  reason: string;
  code: string | null;
  /** Only where nothing is noted yet. */
  keep?: boolean;
}

/** Notes that a step keeps failing, so that a manager sees it. Never waits long for a lock. */
export async function noteFailing(database: Database, failed: FailedAttempt): Promise<void> {
  const { step, subjectId, since, attempts, nextAttemptAt, reason, code, keep = false } = failed;
  await database.transaction(async (tx) => {
    await tx.execute(query`set local lock_timeout = '1s'`);
    const [noted] = await tx.execute<{ practiceId: string }>(query`
      insert into failing_steps (practice_id, booking_id, step, subject_id, since, attempts, last_failed_at, next_attempt_at, reason, code)
      select practice_id, booking_id, ${step}, ${subjectId}::uuid, ${since.toISOString()}::timestamptz, ${attempts}::int, clock_timestamp(),
        ${nextAttemptAt?.toISOString() ?? null}::timestamptz, ${reason}, ${code}
      from (select practice_id, id as booking_id from bookings where id = ${subjectId}::uuid
        union all select practice_id, booking_id from messages where id = ${subjectId}::uuid) as subject
      on conflict (booking_id, step, subject_id) do update set since = least(failing_steps.since, excluded.since),
        attempts = excluded.attempts, last_failed_at = excluded.last_failed_at, next_attempt_at = excluded.next_attempt_at,
        reason = excluded.reason, code = excluded.code
      where not ${keep}::boolean
      returning practice_id as "practiceId"`);
    if (noted) await notifyLive(tx, noted.practiceId, 'bookings');
  });
}

/** Takes the note away: the step went well after all. */
export async function noteWell(database: Database, step: string, subjectId: string): Promise<void> {
  await database.transaction(async (tx) => {
    const [noted] = await tx.execute<{ practiceId: string }>(query`
      delete from failing_steps where step = ${step} and subject_id = ${subjectId}::uuid returning practice_id as "practiceId"`);
    if (noted) await notifyLive(tx, noted.practiceId, 'bookings');
  });
}

/** A fresh run counts its attempts anew. */
export async function forgetFailures(sql: Sql, bookingId: string): Promise<void> {
  await sql`delete from failing_steps where booking_id = ${bookingId}`;
}
