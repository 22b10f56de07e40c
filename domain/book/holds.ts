import { and, desc, eq } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries } from '../../drizzle/schema/index.ts';

export type BookEntry = typeof bookEntries.$inferSelect;

/** The hold a booking made last, whatever became of it. */
export async function latestHold(tx: Tx, bookingId: string): Promise<BookEntry | null> {
  const [hold] = await tx
    .select()
    .from(bookEntries)
    .where(and(eq(bookEntries.bookingId, bookingId), eq(bookEntries.kind, 'hold')))
    .orderBy(desc(bookEntries.createdAt), desc(bookEntries.id))
    .limit(1);
  return hold ?? null;
}

/** Gives a booking's held time back. A confirmed one is never released. Under the booking's lock. */
export async function releaseHold(tx: Tx, bookingId: string): Promise<void> {
  await tx
    .update(bookEntries)
    .set({ status: 'released' })
    .where(and(eq(bookEntries.bookingId, bookingId), eq(bookEntries.kind, 'hold'), eq(bookEntries.status, 'held')));
}
