import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { bookingWorkflow, workflowIdOf } from '../domain/contract.ts';
import { forgetFailures } from '../domain/openBookings/failingSteps.ts';
import { faultOf } from '../drizzle/faults.ts';
import { startIfAbsent } from './starting.ts';

export interface SweepOptions {
  sql: Sql;
  client: Client;
  taskQueue: string;
  log: Logger;
  /** Told after each sweep that came to its end how many it started. */
  onSwept?(started: number): void;
}

const pageSize = 1_000;

/** Sees to it, at start and as often as it is told, that every unsettled booking has a running workflow. */
export function startSweep(options: SweepOptions & { everySeconds: number }): { stop(): void } {
  const run = () =>
    sweep(options)
      .then((started) => {
        options.onSwept?.(started);
        if (started > 0) options.log.warn({ started }, 'bookings had no running workflow; they were started again');
      })
      .catch((error) =>
        options.log.warn({ err: faultOf(error) }, 'the sweep did not finish; the next one tries again'),
      );
  void run();
  const timer = setInterval(run, options.everySeconds * 1_000);
  return { stop: () => clearInterval(timer) };
}

/** Ids of the bookings' workflows that run, as the engine lists them: a moment late. */
export async function runningWorkflows(client: Client): Promise<Set<string>> {
  const running = new Set<string>();
  for await (const { workflowId } of client.workflow.list({
    query: `WorkflowType = '${bookingWorkflow}' AND ExecutionStatus = 'Running'`,
  })) {
    running.add(workflowId);
  }
  return running;
}

/**
 * Starts a workflow for each unsettled booking that has none: terminated by hand, reset, or lost with a development store.
 * A run begins by reading its row and goes on from any state. @returns how many were started
 */
export async function sweep({ sql, client, taskQueue }: SweepOptions): Promise<number> {
  const running = await runningWorkflows(client);
  let started = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await sql<{ id: string; practice_id: string; on_its_way: boolean; missing: boolean }[]>`
      select id, practice_id, workflow_missing_since is not null as missing, exists (
        select from workflow_messages m where m.booking_id = b.id and m.sent_at is null and m.parked_at is null) as on_its_way
      from bookings b where settled_at is null and id > ${after} order by id limit ${pageSize}`;
    for (const { id, practice_id, on_its_way, missing } of page) {
      const isThere = on_its_way || running.has(workflowIdOf(id));
      if (isThere && missing) await sql`update bookings set workflow_missing_since = null where id = ${id}`;
      if (isThere) continue;
      // The list of running workflows may lag behind: who is running after all, refuses.
      const starting = { taskQueue, bookingId: id, practiceId: practice_id };
      if (!(await startIfAbsent(client, starting))) continue;
      started++;
      // Said to managers until the next sweep finds it running.
      await sql`update bookings set workflow_missing_since = coalesce(workflow_missing_since, clock_timestamp()) where id = ${id}`;
      await forgetFailures(sql, id);
    }
    if (page.length < pageSize) return started;
    after = page.at(-1)!.id;
  }
}
