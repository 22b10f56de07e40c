import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { bookingWorkflow, toBooking, tryAgain } from '../domain/contract.ts';
import { comingFrom } from '../domain/origin.ts';
import { faultOf } from '../drizzle/faults.ts';
import { noSpans, type SpanOptions, type Spans } from '../gateways/spans.ts';
import { startOrHurry } from './hurry.ts';
import { startOf } from './starting.ts';
import { traced } from './traced.ts';
import { isHopeless, lease, marks, namesOf, putBack, type WorkflowMessage } from './workflowMessages.ts';

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
const sweepMs = 5_000;

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
  const sent = marks(sql, log);

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
      sent.mark(message.id);
    } catch (error) {
      if (isHopeless(error)) onHopeless(error as Error);
      else await putBack(sql, log, message, error as Error);
    } finally {
      inFlight--;
      if (inFlight === mostInFlight - 1) void pump();
    }
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
      for (let waited = 0; (inFlight > 0 || sent.areBeingMarked()) && waited < 2_000; waited += 20)
        await new Promise((r) => setTimeout(r, 20));
    },
  };
}

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
