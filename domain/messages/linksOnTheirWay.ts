import { sql } from 'drizzle-orm';
import type { Tx } from '../../drizzle/database.ts';
import type { Channel } from './templates.ts';

/**
 * The channels on which a booking's link is on its way: its newest message waits or is being sent, or left within the last
 * minute, by the database's clock, for the contact of now. Not where it did not arrive or nobody knows, where the link was
 * replaced since, or where the patient has answered since: what is sent after that is wanted anew. Under the booking's lock.
 */
export async function linksOnTheirWay(tx: Tx, bookingId: string): Promise<Channel[]> {
  const rows = await tx.execute(sql`
    select newest.channel from (
      select distinct on (channel) * from messages where booking_id = ${bookingId} and kind = 'link'
      order by channel, number desc) newest
    join bookings booking on booking.id = newest.booking_id
    join patients patient on patient.id = newest.patient_id
    join booking_links link on link.id = newest.link_id
    where link.replaced_at is null and (booking.answered_at is null or newest.created_at > booking.answered_at)
      and (newest.state in ('waiting', 'sending') or (
        newest.state in ('sent', 'delivered') and newest.created_at > clock_timestamp() - interval '1 minute'
        and newest.recipient = case newest.channel when 'sms' then patient.mobile else patient.email end))`);
  return rows.map(({ channel }) => channel as Channel);
}
