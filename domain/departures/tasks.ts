import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { departureTasks } from '../../drizzle/schema/index.ts';
import { Refusal } from '../refusal.ts';

export type DepartureTask = typeof departureTasks.$inferSelect;
export type DepartureTaskOutcome = NonNullable<DepartureTask['outcome']>;

/** @throws Refusal not_found, also for another practice's task. */
export async function readTask(tx: Tx, practiceId: string, id: string): Promise<DepartureTask> {
  const [task] = await tx
    .select()
    .from(departureTasks)
    .where(and(eq(departureTasks.id, id), eq(departureTasks.practiceId, practiceId)));
  if (!task) throw new Refusal('not_found');
  return task;
}

/** Takes a booking's task off the Departure Task List. Safe to repeat: the first outcome stays. */
export async function closeTaskOf(tx: Tx, bookingId: string, outcome: DepartureTaskOutcome): Promise<void> {
  await tx
    .update(departureTasks)
    .set({ closedAt: new Date(), outcome })
    .where(and(eq(departureTasks.bookingId, bookingId), isNull(departureTasks.closedAt)));
}
