import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { bookingWorkflow, toBooking, tryAgain } from '../domain/contract.ts';
import { comingFrom } from '../domain/origin.ts';
import { faultOf } from '../drizzle/faults.ts';
import { noSpans, type SpanOptions, type Spans } from '../gateways/spans.ts';
import { startOrHurry } from './hurry.ts';
import { startOf } from './starting.ts';
import { traced } from './traced.ts';

interface WorkflowMessage {
  id: string;
  practice_id: string;
  booking_id: string;
  name: string;
  request_id: string | null;
  trace_parent: string | null;
  attempts: number;
  /** Written before this relay began. */
  waited: boolean;
}

export interface RelayOptions {
  /** A client of its own: it listens, and commits without waiting for the disk, since repeating is harmless. */
  sql: Sql;
  client: Client;
  taskQueue: string;
  log: Logger;
  /** By default nowhere. */
  spans?: Spans;
  /** The engine will never take any message: the process must end loudly. */
  onHopeless(error: Error): void;
}

const mostInFlight = 128;
/** A message whose carrier died is taken up by another after this long. */
const leaseSeconds = 15;
const sweepMs = 5_000;

/** gRPC codes that say that the set-up is wrong, not the message: unauthenticated, permission denied. */
const hopeless = new Set([7, 16]);
/** And those that say that this message will never be taken: invalid argument, failed precondition, out of range. */
const refused = new Set([3, 9, 11]);

/**
 * Carries `workflow_messages` to the workflows, at least once and in no promised order: a signal only wakes a workflow, its
 * row decides. Running: signalled; absent: started; closed: done, since the row had the last word before.
 */
export async function startRelay({
  sql,
  client,
  taskQueue,
  log,
  spans = noSpans,
  onHopeless,
}: RelayOptions): Promise<{ stop(): Promise<void> }> {
  const [{ began } = { began: '' }] = await sql<{ began: string }[]>`select clock_timestamp()::text as began`;
  let inFlight = 0;
  let claiming = false;
  let again = false;
  let stopped = false;
  let sent: string[] = [];
  let marking: Promise<void> | null = null;

  async function pump(): Promise<void> {
    if (claiming) {
      again = true;
      return;
    }
    claiming = true;
    try {
      do {
        again = false;
        if (stopped || inFlight >= mostInFlight) break;
        const batch = await lease(sql, began, mostInFlight - inFlight);
        for (const message of batch) void carry(message);
        again ||= batch.length > 0 && inFlight < mostInFlight;
      } while (again);
    } catch (error) {
      log.warn({ err: faultOf(error) }, 'the relay cannot read its messages; the next sweep tries again');
    } finally {
      claiming = false;
    }
  }

  async function carry(message: WorkflowMessage): Promise<void> {
    inFlight++;
    try {
      const origin = { requestId: message.request_id, traceParent: message.trace_parent };
      await comingFrom(origin, () =>
        traced(spans, `relay ${message.name}`, spanOf(message), () =>
          client.withDeadline(Date.now() + 5_000, () => hand(client, sql, taskQueue, message)),
        ),
      );
      log.info({ ...namesOf(message), news: message.name }, 'carried to the workflow');
      sent.push(message.id);
      marking ??= new Promise((resolve) => setImmediate(resolve)).then(markSent);
    } catch (error) {
      await putBack(message, error as Error).catch((failure) =>
        log.warn(
          { ...namesOf(message), err: faultOf(failure) },
          'a message was not put back; its lease ends by itself',
        ),
      );
    } finally {
      inFlight--;
      if (inFlight === mostInFlight - 1) void pump();
    }
  }

  async function markSent(): Promise<void> {
    marking = null;
    const ids = sent;
    sent = [];
    await sql`update workflow_messages set sent_at = clock_timestamp() where id = any(${ids}::bigint[])`.catch(
      (error) => log.warn({ err: faultOf(error) }, 'messages were carried but not marked; they will be carried again'),
    );
  }

  async function putBack(message: WorkflowMessage, error: Error): Promise<void> {
    const code = isGrpcServiceError(error)
      ? Number(error.code)
      : isGrpcServiceError(error.cause)
        ? Number(error.cause.code)
        : null;
    if (code !== null && hopeless.has(code)) return onHopeless(error);
    if (code !== null && refused.has(code)) {
      log.error({ ...namesOf(message), err: error }, 'a message to a workflow was refused and is parked');
      await sql`update workflow_messages set parked_at = clock_timestamp(), last_error = ${error.message} where id = ${message.id}`;
      return;
    }
    const seconds = Math.min(5, 0.25 * 2 ** Math.min(message.attempts, 10));
    await sql`
      update workflow_messages set last_error = ${error.message}, next_attempt_at = clock_timestamp() + make_interval(secs => ${seconds})
      where id = ${message.id}`;
  }

  const listening = await sql.listen(
    'workflow_messages',
    () => void pump(),
    () => void pump(),
  );
  const sweeping = setInterval(() => void pump(), sweepMs);
  return {
    stop: async () => {
      stopped = true;
      clearInterval(sweeping);
      await listening.unlisten().catch(() => {});
      for (let waited = 0; (inFlight > 0 || marking) && waited < 2_000; waited += 20)
        await new Promise((r) => setTimeout(r, 20));
    },
  };
}

async function lease(sql: Sql, began: string, most: number): Promise<WorkflowMessage[]> {
  return sql<WorkflowMessage[]>`
    update workflow_messages set attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where id in (
      select id from workflow_messages
      where sent_at is null and parked_at is null and (next_attempt_at is null or next_attempt_at <= clock_timestamp())
      order by id limit ${most} for update skip locked)
    returning id, practice_id, booking_id, name, request_id, trace_parent, attempts,
      created_at < ${began}::timestamptz as waited`;
}

/** A message as the log names it. */
const namesOf = ({ id, booking_id, request_id }: WorkflowMessage) => ({
  reqId: request_id ?? undefined,
  booking: booking_id,
  message: id,
});

const spanOf = ({ booking_id, attempts }: WorkflowMessage): SpanOptions => ({
  kind: 'producer',
  attributes: { 'nextvisit.booking': booking_id, 'nextvisit.attempt': attempts },
});

async function hand(client: Client, sql: Sql, taskQueue: string, message: WorkflowMessage): Promise<void> {
  const starting = { taskQueue, bookingId: message.booking_id, practiceId: message.practice_id };
  if (message.name === tryAgain) return startOrHurry(client, sql, starting);
  const options = { ...startOf(starting), workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE };
  try {
    if (message.name === toBooking.departed) {
      await client.workflow.start(bookingWorkflow, options);
    } else {
      if (message.waited) await offerToAnybody(client, options.workflowId);
      await client.workflow.signalWithStart(bookingWorkflow, {
        ...options,
        signal: message.name,
        signalArgs: [message.id],
      });
    }
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/**
 * What waited for a relay most likely waited for a worker too: the one that has the run in memory may be gone, and whoever is
 * there should not be offered it two seconds late. Where this fails it is.
 */
async function offerToAnybody(client: Client, workflowId: string): Promise<void> {
  const { namespace } = client.options;
  await client.workflowService.resetStickyTaskQueue({ namespace, execution: { workflowId } }).catch(() => {});
}
