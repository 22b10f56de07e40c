import { sql } from 'drizzle-orm';
import { CarrierError } from '../../gateways/carrier.ts';
import type { Delivery } from './deliver.ts';
import { takeReport } from './deliveryReports.ts';
import type { Channel } from './templates.ts';

/** Asked at once by one worker; more wait for the next round. */
const most = 25;

interface Due {
  carrierId: string;
  channel: Channel;
}

/**
 * Asks the carriers about messages whose end they have not told: rarely where they call by themselves, soon where they do
 * not. The older a message is the longer are the pauses, up to an hour, and after three days it is left at *sent*. Several
 * workers may ask: each message is leased before.
 * @returns how many were asked about
 */
export async function askCarriers({ database, carriers }: Pick<Delivery, 'database' | 'carriers'>): Promise<number> {
  const due = (await database.execute(sql`
    update messages m set ask_at = case when m.sent_at > clock_timestamp() - interval '3 days'
      then clock_timestamp() + least(greatest(clock_timestamp() - m.sent_at, interval '3 seconds'), interval '1 hour') end
    where m.id in (select id from messages where ask_at <= clock_timestamp() order by ask_at limit ${most} for update skip locked)
    returning carrier_id as "carrierId", channel`)) as unknown as Due[];
  await Promise.all(
    due.map(async ({ carrierId, channel }) => {
      try {
        for (const { event, ...report } of (await carriers[channel].ask?.(carrierId)) ?? [])
          await takeReport(database, report, event ? { carrier: 'demo', id: event } : null);
      } catch (error) {
        // It is asked again in its turn.
        if (!(error instanceof CarrierError)) throw error;
      }
    }),
  );
  return due.length;
}

/** Carriers bring an event again for some days at most. */
export async function forgetOldEvents({ database }: Pick<Delivery, 'database'>): Promise<void> {
  await database.execute(sql`delete from carrier_events where received_at < clock_timestamp() - interval '30 days'`);
}
