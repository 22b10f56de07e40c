import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import type { Book } from '../ground.ts';
import type { FailingCarriers } from './carriers.ts';
import type { Minute } from './watch.ts';
import type { Week } from './week.ts';

export interface Verdict {
  what: string;
  found: string;
  holds: boolean;
}

/** What counts as flat: the last third no more than this above the second. The first is for warming up. */
const growth = 1.1;
const restLimitMs = 4 * 60_000;

/** Waits until all work is done. @returns what the book's checker finds then */
export async function atRest({ sql }: Book): Promise<string[]> {
  for (const until = Date.now() + restLimitMs; ; ) {
    const found = await findInconsistencies(sql, { atRest: true });
    if (found.length === 0 || Date.now() > until) return found.map(({ rule, ids }) => `${rule}: ${ids.length}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

export async function verdictsOf(
  book: Book,
  minutes: Minute[],
  week: Week,
  carriers: FailingCarriers,
  inconsistencies: string[],
): Promise<Verdict[]> {
  const lost = await confirmationsLost(book, week);
  const wrong = await lettersWrong(book, carriers);
  return [
    flat('memory of the api, MB', minutes, 'apiMb'),
    flat('memory of the worker, MB', minutes, 'workerMb'),
    flat('events of an ended history', minutes, 'events'),
    { what: 'longest history, events', ...atMost(Math.max(...minutes.map(({ longest }) => longest)), 150) },
    { what: 'requests answered wrongly', ...atMost(week.faults.length, 0) },
    { what: 'confirmations that do not stand', ...atMost(lost, 0) },
    {
      what: 'telephones and mailboxes with a letter too many or too few',
      found: wrong.join('; ') || '0',
      holds: wrong.length === 0,
    },
    {
      what: 'the book’s checker',
      found: inconsistencies.join('; ') || 'finds nothing',
      holds: inconsistencies.length === 0,
    },
  ];
}

function flat(what: string, minutes: Minute[], figure: 'apiMb' | 'workerMb' | 'events'): Verdict {
  const third = Math.floor(minutes.length / 3);
  if (third === 0) return { what, found: 'too short to say', holds: true };
  const mean = (some: Minute[]) => some.reduce((sum, one) => sum + one[figure], 0) / some.length;
  const [before, last] = [mean(minutes.slice(third, -third)), mean(minutes.slice(-third))];
  // Of a run that is short one look counts much, and the processes are still warming up.
  const found = `${before.toFixed(0)}, then ${last.toFixed(0)}${minutes.length < 9 ? ' (too short to say)' : ''}`;
  return { what, found, holds: minutes.length < 9 || last <= before * growth };
}

const atMost = (count: number, most: number) => ({ found: String(count), holds: count <= most });

/** Each patient who was told that it is booked has their appointment, at their time. */
async function confirmationsLost({ sql }: Book, { confirmed }: Week): Promise<number> {
  const rows = await sql<{ booking_id: string; starts_at: Date }[]>`
    select booking_id, starts_at from book_entries where kind = 'appointment' and made_by = 'online'`;
  const stands = new Map(rows.map((row) => [row.booking_id, row.starts_at.getTime()]));
  return [...confirmed].filter(([id, startsAt]) => stands.get(id) !== startsAt.getTime()).length;
}

/**
 * What the ledger says was taken is what the carriers have, letter by letter; one of which it says that nobody knows may be
 * there. @returns what it says of where it is not so
 */
async function lettersWrong({ sql }: Book, { received }: FailingCarriers): Promise<string[]> {
  const rows = await sql<{ recipient: string; taken: number; unclear: number; said: string }[]>`
    select recipient, count(carrier_id)::int as taken, (count(*) filter (where state = 'uncertain'))::int as unclear,
      string_agg(concat_ws(' ', kind, channel, state, reason), ', ' order by id) as said from messages group by recipient`;
  const ledger = new Map(rows.map((row) => [row.recipient, row]));
  return [...new Set([...ledger.keys(), ...received.keys()])].flatMap((to) => {
    const { taken, unclear, said } = ledger.get(to) ?? { taken: 0, unclear: 0, said: 'none' };
    const came = received.get(to) ?? 0;
    return came < taken || came > taken + unclear ? [`${came} came of ${said}`] : [];
  });
}
