import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Sql } from 'postgres';
import type { Inconsistency } from '../domain/bookings/consistency.ts';
import { workflowIdOf } from '../domain/contract.ts';
import { runningWorkflows } from './sweep.ts';

/**
 * Compares the unsettled bookings with the workflows that run. A row and its workflow change one after the other, and the
 * engine's list comes a moment late: only what is so all the while is told.
 * @param patienceMs how long it looks again, in milliseconds, where something is found
 */
export async function findStrayBookings(sql: Sql, client: Client, patienceMs = 5_000): Promise<Inconsistency[]> {
  const end = Date.now() + patienceMs;
  let found = await strayNow(sql, client);
  while (found.length > 0 && Date.now() < end) {
    await pause(250);
    const now = await strayNow(sql, client);
    const still = (rule: string) => new Set(now.find((one) => one.rule === rule)?.ids);
    found = some(found.map(({ rule, ids }) => ({ rule, ids: ids.filter((id) => still(rule).has(id)) })));
  }
  return found;
}

async function strayNow(sql: Sql, client: Client): Promise<Inconsistency[]> {
  const running = await runningWorkflows(client);
  const known = [...running].map((workflowId) => workflowId.slice(workflowIdOf('').length));
  const bookings = await sql<{ id: string; settled: boolean }[]>`
    select id, settled_at is not null as settled from bookings b
    where id::text = any(${known}) or (settled_at is null and not exists (
      select from workflow_messages m where m.booking_id = b.id and m.sent_at is null and m.parked_at is null))
    order by id`;
  const idsOf = (settled: boolean) => bookings.filter((booking) => booking.settled === settled).map(({ id }) => id);
  return some([
    {
      rule: 'a booking that is not settled has a running workflow',
      ids: idsOf(false).filter((id) => !running.has(workflowIdOf(id))),
    },
    { rule: 'a booking that is settled has none', ids: idsOf(true) },
  ]);
}

const some = (found: Inconsistency[]) => found.filter(({ ids }) => ids.length > 0);
