import { confirm } from '../domain/bookings/confirm.ts';
import { until } from './figure.ts';
import type { Book } from './ground.ts';
import { allWait, holdTimes, openBookings } from './openBookings.ts';

export interface Confirmations {
  /** All of them in one transaction. */
  confirmAll(): Promise<void>;
  /** Until each has its appointment in the book. */
  allBooked(): Promise<void>;
  /** Until what comes after the appointment is over too, so that nothing of it stands in the next round's way. */
  atRest(): Promise<void>;
}

/** So many links whose patients hold a time, and whose workflows wait. @param after how many patients have theirs already */
export async function patientsWhoHold(book: Book, count: number, after: number): Promise<Confirmations> {
  const { sql, database } = book;
  const { bookingIds } = await openBookings(book, { count, after });
  await holdTimes(book, bookingIds, after);
  await allWait(book, 120);
  return {
    confirmAll: () =>
      database.transaction(async (tx) => {
        for (const id of bookingIds) await confirm(tx, id);
      }),
    allBooked: () =>
      until(
        async () => {
          const [row] = await sql`
            select count(*)::int as booked from bookings b join book_entries e on e.booking_id = b.id and e.kind = 'appointment'
            where b.id = any(${bookingIds}::uuid[]) and b.state = 'booked_online'`;
          return row!.booked === count;
        },
        { seconds: 120, everyMs: 10 },
      ),
    atRest: () =>
      until(
        async () => {
          const [row] =
            await sql`select not exists (select from bookings where state = 'booked_online' and settled_at is null) as rest`;
          return row!.rest;
        },
        { seconds: 120, everyMs: 50 },
      ),
  };
}
