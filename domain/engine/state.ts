import type { Sql } from 'postgres';
import type { Channel } from '../messages/templates.ts';
import { tallied } from '../tally.ts';
import { readWorkers, type SeenWorker } from './workers.ts';

/** How the machinery behind the bookings fares. */
export interface EngineState {
  relay: RelayState;
  sweep: { at: Date; started: number } | null;
  workers: SeenWorker[];
  database: { version: string; answeredInMs: number };
  /** When each carrier last took a message of the practice. */
  carriers: { channel: Channel; lastSentAt: Date | null }[];
}

export interface RelayState {
  waiting: number;
  parked: number;
  /** How long the oldest that is not parked has waited. */
  lagSeconds: number;
}

/** Messages on their way to the workflows, of all practices. */
export async function readRelay(sql: Sql): Promise<RelayState> {
  const [row] = await sql<RelayState[]>`
    select count(*)::int as waiting, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "lagSeconds",
      (select count(*)::int from workflow_messages where parked_at is not null and sent_at is null) as parked
    from workflow_messages where sent_at is null and parked_at is null`;
  return row!;
}

export async function readEngineState(sql: Sql, practiceId: string): Promise<EngineState> {
  const asked = performance.now();
  const [server] = await sql<{ version: string }[]>`select current_setting('server_version') as version`;
  const answeredInMs = Math.round(performance.now() - asked);
  const [relay, workers, [sweep], carriers] = await Promise.all([
    readRelay(sql),
    readWorkers(sql),
    sql<{ at: Date; started: number }[]>`
      select swept_at as at, coalesce(sweep_started, 0) as started from workers where swept_at is not null order by swept_at desc limit 1`,
    sql<{ channel: Channel; lastSentAt: Date | null }[]>`
      select channel, (select max(m.sent_at) from messages m where m.practice_id = ${practiceId} and m.channel = channel.channel::message_channel) as "lastSentAt"
      from unnest(array['sms', 'email']) as channel (channel)`,
  ]);
  return {
    relay,
    sweep: sweep ?? null,
    workers,
    database: { version: server!.version, answeredInMs },
    carriers: [...carriers],
  };
}

/** What is counted of the whole installation each time that somebody measures. */
export interface Readings {
  relay: RelayState;
  bookings: { state: string; count: number }[];
  /** Times that patients hold now. */
  holds: number;
  workers: number;
  /** Asked of this process. */
  claims: { won: number; lost: number };
}

export async function readMeasures(sql: Sql): Promise<Readings> {
  const [relay, bookings, [held], workers] = await Promise.all([
    readRelay(sql),
    sql<{ state: string; count: number }[]>`
      select state, count(*)::int as count from bookings where settled_at is null group by state`,
    sql<{ count: number }[]>`
      select count(*)::int as count from book_entries where kind = 'hold' and status in ('held', 'confirmed') and held_until > now()`,
    readWorkers(sql),
  ]);
  const claims = { won: tallied('claims_won'), lost: tallied('claims_lost') };
  return { relay, bookings: [...bookings], holds: held!.count, workers: workers.length, claims };
}

const patienceMs = 2_000;

/** Names those that do not answer, or not soon. */
export async function missingOf(asked: Record<string, PromiseLike<unknown>>): Promise<string[]> {
  const late = new Promise<never>((_, reject) => setTimeout(reject, patienceMs).unref());
  const found = await Promise.all(
    Object.entries(asked).map(([name, answer]) =>
      Promise.race([answer, late]).then(
        () => [],
        () => [name],
      ),
    ),
  );
  return found.flat();
}
