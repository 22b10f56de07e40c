import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { departureTasks } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { notifyLive } from '../live.ts';
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

/** Says who is working on a task; the last one who began counts. */
export async function takeTask(tx: Tx, by: Staff, id: string): Promise<void> {
  await tx
    .update(departureTasks)
    .set({ takenBy: by.userId, takenAt: new Date() })
    .where(
      and(eq(departureTasks.id, id), eq(departureTasks.practiceId, by.practiceId), isNull(departureTasks.closedAt)),
    );
  await notifyLive(tx, by.practiceId, 'tasks');
}

/** And that they no longer are. */
export async function letGoOfTask(tx: Tx, by: Staff, id: string): Promise<void> {
  await tx
    .update(departureTasks)
    .set({ takenBy: null, takenAt: null })
    .where(
      and(
        eq(departureTasks.id, id),
        eq(departureTasks.practiceId, by.practiceId),
        eq(departureTasks.takenBy, by.userId),
      ),
    );
  await notifyLive(tx, by.practiceId, 'tasks');
}
