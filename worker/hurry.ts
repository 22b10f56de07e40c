import { type Client, isGrpcServiceError } from '@temporalio/client';
import type { Sql } from 'postgres';
import { workflowIdOf } from '../domain/contract.ts';
import { forgetFailures } from '../domain/openBookings/failingSteps.ts';
import { type Starting, startIfAbsent } from './starting.ts';

/** Not found: it went well meanwhile. Unimplemented: an engine that can't be hurried tries again by itself. */
const harmless = new Set([5, 12]);

/**
 * What a manager's *try again now* asks of the engine: where no workflow runs, one is started, also after one that ended;
 * where one runs, steps that wait for their next attempt are tried at once.
 */
export async function startOrHurry(client: Client, sql: Sql, starting: Starting): Promise<void> {
  if (await startIfAbsent(client, starting)) await forgetFailures(sql, starting.bookingId);
  else await hurry(client, workflowIdOf(starting.bookingId));
}

async function hurry(client: Client, workflowId: string): Promise<void> {
  const { pendingActivities } = (await client.workflow.getHandle(workflowId).describe()).raw;
  const { namespace } = client.options;
  for (const { activityId: id, attempt } of pendingActivities ?? []) {
    if ((attempt ?? 0) < 2) continue;
    try {
      // Let go again after a pause, a step is tried at once and its attempts go on being counted.
      await client.workflowService.pauseActivity({ namespace, execution: { workflowId }, id });
      await client.workflowService.unpauseActivity({ namespace, execution: { workflowId }, id });
    } catch (error) {
      if (!isGrpcServiceError(error) || !harmless.has(Number(error.code))) throw error;
    }
  }
}
