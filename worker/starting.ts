import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdReusePolicy,
  type WorkflowStartOptions,
} from '@temporalio/client';
import { bookingWorkflow, workflowIdOf } from '../domain/contract.ts';
import { bookingStageKey, practiceIdKey } from './temporal.ts';

/** Whose workflow is started, and by which workers it is worked on. */
export interface Starting {
  taskQueue: string;
  bookingId: string;
  practiceId: string;
}

/** What every start of a booking's workflow says. */
export const startOf = ({ taskQueue, bookingId, practiceId }: Starting) =>
  ({
    taskQueue,
    workflowId: workflowIdOf(bookingId),
    args: [bookingId],
    typedSearchAttributes: [
      { key: practiceIdKey, value: practiceId },
      { key: bookingStageKey, value: 'departing' },
    ],
  }) satisfies WorkflowStartOptions;

/** Starts a booking's workflow, also after one that ended. @returns whether none was running */
export async function startIfAbsent(client: Client, starting: Starting): Promise<boolean> {
  try {
    await client.workflow.start(bookingWorkflow, {
      ...startOf(starting),
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
