import { isGrpcServiceError } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { faultOf } from '../drizzle/faults.ts';

/** A row of `workflow_messages`, leased to one relay. */
export interface WorkflowMessage {
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

/** A message whose carrier died is taken up by another after this long. */
const leaseSeconds = 15;
/** gRPC codes that say that the set-up is wrong, not the message: unauthenticated, permission denied. */
const hopeless = new Set([7, 16]);
/** And those that say that this message will never be taken: invalid argument, failed precondition, out of range. */
const refused = new Set([3, 9, 11]);

/** Whether the engine's answer says that no message will ever be taken. */
export const isHopeless = (error: unknown): boolean => hopeless.has(codeOf(error));

function codeOf(error: unknown): number {
  if (isGrpcServiceError(error)) return Number(error.code);
  const { cause } = error as Error;
  return isGrpcServiceError(cause) ? Number(cause.code) : -1;
}

/** The oldest messages whose time has come, `most` of them at most: this relay's alone until the lease ends. */
export async function lease(sql: Sql, began: string, most: number): Promise<WorkflowMessage[]> {
  return sql<WorkflowMessage[]>`
    update workflow_messages set attempts = attempts + 1, next_attempt_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    where id in (
      select id from workflow_messages
      where sent_at is null and parked_at is null and (next_attempt_at is null or next_attempt_at <= clock_timestamp())
      order by id limit ${most} for update skip locked)
    returning id, practice_id, booking_id, name, request_id, trace_parent, attempts,
      created_at < ${began}::timestamptz as waited`;
}

/** Notes what was carried, all of one turn of the loop together. What is not noted is carried again. */
export function marks(sql: Sql, log: Logger) {
  let ids: string[] = [];
  let marking: Promise<void> | null = null;

  async function write(): Promise<void> {
    marking = null;
    const carried = ids;
    ids = [];
    await sql`update workflow_messages set sent_at = clock_timestamp() where id = any(${carried}::bigint[])`.catch(
      (error) => log.warn({ err: faultOf(error) }, 'messages were carried but not marked; they will be carried again'),
    );
  }

  return {
    mark(id: string): void {
      ids.push(id);
      marking ??= new Promise((resolve) => setImmediate(resolve)).then(write);
    },
    areBeingMarked: () => marking !== null,
  };
}

/** What the engine refused is parked for a manager; what it could not take now is tried again, ever more rarely. */
export async function putBack(sql: Sql, log: Logger, message: WorkflowMessage, error: Error): Promise<void> {
  try {
    if (refused.has(codeOf(error))) {
      log.error({ ...namesOf(message), err: error }, 'a message to a workflow was refused and is parked');
      await sql`update workflow_messages set parked_at = clock_timestamp(), last_error = ${error.message} where id = ${message.id}`;
      return;
    }
    const seconds = Math.min(5, 0.25 * 2 ** Math.min(message.attempts, 10));
    await sql`
      update workflow_messages set last_error = ${error.message}, next_attempt_at = clock_timestamp() + make_interval(secs => ${seconds})
      where id = ${message.id}`;
  } catch (failure) {
    log.warn({ ...namesOf(message), err: faultOf(failure) }, 'a message was not put back; its lease ends by itself');
  }
}

/** A message as the log names it. */
export const namesOf = ({ id, booking_id, request_id }: WorkflowMessage) => ({
  reqId: request_id ?? undefined,
  booking: booking_id,
  message: id,
});
