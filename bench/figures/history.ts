import { Client, Connection } from '@temporalio/client';
import { eq } from 'drizzle-orm';
import { tokenOf } from '../../domain/bookings/links.ts';
import { sendLink } from '../../domain/bookings/sendLink.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import { depart } from '../../domain/departures/depart.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { holdTime, inTheChair, patientsBrowser } from '../bookings.ts';
import { type Figure, rounds, spreadOf, until } from '../figure.ts';
import { linkKeys, startApi, startWorker } from '../processes.ts';

export const history: Figure = {
  name: 'history',
  what: 'events of a finished booking’s history: link by SMS and email, one reminder, confirmed',
  unit: 'events',
  better: 'lower',
  target: '≤ 60 events, ≤ 25 kB',
  async measure(ground) {
    const book = await ground.openBook();
    const { database, sql, practice } = book;
    const [api] = await Promise.all([startApi(ground, book), startWorker(ground, book)]);
    const connection = await Connection.connect({ address: ground.temporalAddress });
    ground.atEnd(() => connection.close());
    const client = new Client({ connection });
    const seen: { events: number; bytes: number }[] = [];
    let kinds = '';
    for (const [i, patient] of (await inTheChair(book, rounds)).entries()) {
      const bookingId = await database.transaction(
        async (tx) => (await depart(tx, practice.staff, patient.appointmentId)).bookingIds[0]!,
      );
      const [task] = await database
        .select()
        .from(tables.departureTasks)
        .where(eq(tables.departureTasks.bookingId, bookingId));
      await until(
        async () =>
          (await sql`select from departure_tasks where booking_id = ${bookingId} and guarded_at is not null`).length ===
          1,
      );
      await database.transaction(async (tx) => {
        await sendLink(tx, linkKeys, practice.staff, task!.id, ['sms', 'email']);
        // The first reminder comes after days; here it comes at once.
        await tx
          .update(tables.bookings)
          .set({ reminderTimes: [new Date(Date.now() + 700)] })
          .where(eq(tables.bookings.id, bookingId));
      });
      await until(
        async () =>
          (
            await sql`select from messages where booking_id = ${bookingId} and kind = 'reminder' and sent_at is not null`
          ).length === 2,
      );
      const [link] = await database
        .select()
        .from(tables.bookingLinks)
        .where(eq(tables.bookingLinks.bookingId, bookingId));
      const sent = { ...patient, bookingId, token: tokenOf(linkKeys, link!) };
      await holdTime(book, sent, i);
      await (await patientsBrowser(api.url, sent.token)).confirm(sent, i);
      const handle = client.workflow.getHandle(workflowIdOf(bookingId));
      const outcome = await handle.result();
      if (outcome !== 'booked_online') throw new Error(`the booking ended as ${outcome}`);
      const { historyLength, historySize } = await handle.describe();
      seen.push({ events: historyLength, bytes: historySize ?? 0 });
      kinds = kindsOf((await handle.fetchHistory()).events ?? []);
    }
    const events = spreadOf(seen.map((one) => one.events));
    const kilobytes = spreadOf(seen.map((one) => one.bytes / 1000));
    return {
      ours: events,
      peer: null,
      ratio: null,
      pass: events.p50 <= 60 && kilobytes.p50 <= 25,
      notes: [`${kilobytes.p50.toFixed(1)} kB`, kinds],
    };
  },
};

/** How many events of each kind, the last booking's. */
function kindsOf(events: object[]): string {
  const counts = new Map<string, number>();
  for (const event of events) {
    const kind = Object.entries(event).find(([name, value]) => name.endsWith('EventAttributes') && value)?.[0];
    const name = kind?.replace('EventAttributes', '') ?? 'other';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}
