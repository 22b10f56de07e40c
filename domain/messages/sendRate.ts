import { sql } from 'drizzle-orm';
import type { Database } from '../../drizzle/database.ts';
import type { Message } from './freeze.ts';

/** What has not been sent for a while may leave at once: ten seconds' worth. */
const burstSeconds = 10;
/** A place that was not used for so long is given up: the night lay between. */
const placeGoodMs = 5 * 60_000;

/**
 * A message's place in its practice's send rate of a channel. It stands in PostgreSQL, so that several workers keep to one
 * rate; who must wait keeps the place, so that all leave in their turn and not together again.
 * @param perMinute how many of the practice's messages may leave in a minute
 * @returns when it may leave; null: now
 */
export async function takePlace(database: Database, message: Message, perMinute: number): Promise<Date | null> {
  const { sendAt } = message;
  const now = Date.now();
  if (sendAt && sendAt.getTime() > now) return sendAt;
  if (sendAt && sendAt.getTime() > now - placeGoodMs) return null;
  const step = sql`${60 / perMinute} * interval '1 second'`;
  const earliest = sql`clock_timestamp() - ${burstSeconds} * interval '1 second' + ${step}`;
  const [place] = (await database.execute(sql`
    insert into send_rates (practice_id, channel, taken_until)
    values (${message.practiceId}, ${message.channel}::message_channel, ${earliest})
    on conflict (practice_id, channel) do update set taken_until = greatest(send_rates.taken_until + ${step}, ${earliest})
    returning extract(epoch from taken_until) * 1000 as at, taken_until <= clock_timestamp() as free`)) as unknown as {
    at: number;
    free: boolean;
  }[];
  return place!.free ? null : new Date(Math.ceil(Number(place!.at)));
}
