import { ApplicationFailure, type Info } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { type FailedAttempt, noteFailing, noteWell } from '../domain/openBookings/failingSteps.ts';
import type { Database } from '../drizzle/database.ts';
import { wordOf } from './failures.ts';

/** A first failure is often the last; from this attempt on a step that fails is noted where managers look. */
const notedFrom = 2;

/**
 * Keeps the table of failing steps: written when a retry fails, or the earlier attempts came to no end, and taken away when
 * one goes well. A step that goes well at once costs nothing. Steps inside the workflow's task have an ordinary twin, which
 * is the one that counts.
 */
export function noteFailures(database: Database, info: Info): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      // A booking's id, or those of the messages that leave together.
      const subjectId = [input.args[0]].flat()[0];
      if (info.isLocal || typeof subjectId !== 'string') return next(input);
      const failed = { step: info.activityType, subjectId, since: new Date(info.scheduledTimestampMs) };
      const note = (attempt: Omit<FailedAttempt, keyof typeof failed>) =>
        // Where even the note can't be written the database is away, and with it the page.
        noteFailing(database, { ...failed, ...attempt }).catch(() => {});
      if (info.attempt > notedFrom)
        await note({ attempts: info.attempt - 1, nextAttemptAt: new Date(), reason: 'no_end', code: null, keep: true });
      try {
        const result = await next(input);
        if (info.attempt >= notedFrom) await noteWell(database, info.activityType, subjectId).catch(() => {});
        return result;
      } catch (error) {
        const word = error instanceof ApplicationFailure ? wordOf(error) : { reason: 'unexpected', code: null };
        const final = error instanceof ApplicationFailure && error.nonRetryable === true;
        if (word && (final || info.attempt >= notedFrom))
          await note({ attempts: info.attempt, nextAttemptAt: final ? null : nextAttemptOf(info, error), ...word });
        throw error;
      }
    },
  };
}

/** When the engine tries again, as the retry policy or the failure itself says. */
function nextAttemptOf({ retryPolicy, attempt }: Info, error: unknown): Date {
  const asked = error instanceof ApplicationFailure ? error.nextRetryDelay : undefined;
  const first = Number(retryPolicy?.initialInterval ?? 1_000);
  const most = Number(retryPolicy?.maximumInterval ?? first * 100);
  const delay = first * (retryPolicy?.backoffCoefficient ?? 2) ** (attempt - 1);
  return new Date(Date.now() + Number(asked ?? Math.min(most, delay)));
}
