import { once } from 'node:events';
import { confirm } from '../../domain/bookings/confirm.ts';
import { type Figure, inTurn, type Spread, spreadOf, until } from '../figure.ts';
import { allWait, holdTimes, openBookings } from '../openBookings.ts';
import { startWorker } from '../processes.ts';

const aRound = 500;

export const recovery: Figure = {
  name: 'recovery',
  what: `${aRound} confirmations that came while the worker was killed: from its restart until all are booked`,
  unit: 'ms',
  better: 'lower',
  target: 'ours/peer ≤ 1.5',
  async measure(ground) {
    const book = await ground.openBook();
    const { sql, database } = book;
    const count = ground.sized(aRound);
    let worker = await startWorker(ground, book);
    let opened = 0;
    const starting: number[] = [];

    /** So many links whose patients hold a time, and whose workflows wait. @returns confirms all, in one transaction */
    async function patientsWhoHold() {
      const { bookingIds } = await openBookings(book, { count, after: opened });
      await holdTimes(book, bookingIds, opened);
      opened += count;
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
      };
    }

    /** What comes after the appointment is over too, so that nothing of it stands in the next round's way. */
    const atRest = () =>
      until(
        async () => {
          const [row] =
            await sql`select not exists (select from bookings where state = 'booked_online' and settled_at is null) as rest`;
          return row!.rest;
        },
        { seconds: 120, everyMs: 50 },
      );

    async function afterKill(): Promise<Spread> {
      const { confirmAll, allBooked } = await patientsWhoHold();
      const gone = once(worker.process, 'exit');
      process.kill(worker.pid, 'SIGKILL');
      await gone;
      await confirmAll();
      const began = performance.now();
      worker = await startWorker(ground, book);
      starting.push(performance.now() - began);
      await allBooked();
      const took = performance.now() - began;
      await atRest();
      return { p50: took, p95: took };
    }

    async function withoutKill(): Promise<Spread> {
      const { confirmAll, allBooked } = await patientsWhoHold();
      await confirmAll();
      const began = performance.now();
      await allBooked();
      const took = performance.now() - began;
      await atRest();
      return { p50: took, p95: took };
    }

    await afterKill();
    await withoutKill();
    starting.length = 0;
    const { ours, peer } = await inTurn(afterKill, withoutKill);
    const ratio = ours.p50 / peer.p50;
    return {
      ours,
      peer: { name: 'the same worker, not killed: from the commit of all', ...peer },
      ratio,
      pass: ratio <= 1.5,
      notes: [`of that the worker’s start, until it says that it is ready: ${Math.round(spreadOf(starting).p50)} ms`],
    };
  },
};
