import { type SQL, sql } from 'drizzle-orm';
import type { Database, Tx } from '../../drizzle/database.ts';
import type { DeliveryReport } from '../../gateways/carrier.ts';
import { liveNotice } from '../live.ts';
import { afterFailure, type Message } from './ledger.ts';
import { optOut } from './optOut.ts';

/** An event of a carrier's, by an id that stays the same when it is brought again. */
export interface CarrierEvent {
  carrier: 'twilio' | 'resend';
  id: string;
}

/** What has become of a message goes on in this order and never back, in whatever order its carrier tells it. */
const ranks = { sent: 2, delivered: 3, failed: 4 };
/** What was refused before any carrier took it may yet turn out to have been taken. */
const rank = sql`case m.state when 'sent' then 2 when 'delivered' then 3
  when 'failed' then case when m.carrier_id is null then 1 else 4 end else 1 end`;

type Reported = Pick<Message, 'id' | 'practiceId' | 'patientId' | 'bookingId' | 'channel' | 'recipient'> & {
  /** Whether this report was the first to say that it failed. */
  justFailed: boolean;
};

/**
 * Notes what a carrier says of a letter. Reports may come twice, late, in any order and long after; one that is brought
 * again, and one of a letter that is none of ours, changes nothing.
 * @param event none where we asked
 * @returns the message, where something changed
 */
export async function takeReport(
  database: Database,
  report: DeliveryReport,
  event: CarrierEvent | null = null,
): Promise<Reported | null> {
  // Nearly all reports are good news: those are one statement.
  if (report.became !== 'failed' && report.became !== 'complained') return note(database, report, event);
  return database.transaction(async (tx) => {
    if (report.became === 'complained') return complain(tx, report, event);
    // What follows locks the booking, and a booking's lock comes before its messages', as everywhere.
    await tx.execute(sql`
      with found as (${letter(report)})
      select 1 from bookings where id = (select booking_id from messages where id = (select id from found)) for update`);
    const message = await note(tx, report, event);
    if (message?.justFailed) await afterFailure(tx, message, report);
    return message;
  });
}

async function note(tx: Tx, report: DeliveryReport, event: CarrierEvent | null): Promise<Reported | null> {
  const { carrierId, reason, code } = report;
  const at = sql`${report.at.toISOString()}::timestamptz`;
  const opened = report.became === 'opened';
  const state = report.became === 'sent' || report.became === 'failed' ? report.became : 'delivered';
  const isLater = sql`${ranks[state]} > ${rank}`;
  const arrived = ranks[state] === ranks.delivered;
  const [changed] = (await tx.execute(sql`
    with found as (${letter(report)}),
    event as (${remember(event)}),
    noted as (
      update messages m set
        state = case when ${isLater} then ${state}::message_state else m.state end,
        reason = case when ${isLater} then ${reason} else m.reason end,
        carrier_code = case when ${isLater} then ${code} else m.carrier_code end,
        carrier_id = coalesce(m.carrier_id, ${carrierId}),
        sent_at = coalesce(m.sent_at, ${at}),
        delivered_at = ${arrived ? sql`least(m.delivered_at, ${at})` : sql`m.delivered_at`},
        opened_at = ${opened ? sql`least(m.opened_at, ${at})` : sql`m.opened_at`},
        ask_at = case when greatest(${ranks[state]}, ${rank}) >= ${ranks.delivered} then null else m.ask_at end
      from found, event
      where m.id = found.id and (${isLater} or m.carrier_id is null
        ${arrived ? sql`or m.delivered_at is null or m.delivered_at > ${at}` : sql``}
        ${opened ? sql`or m.opened_at is null or m.opened_at > ${at}` : sql``})
      returning m.id, m.practice_id, m.patient_id, m.booking_id, m.channel, m.recipient, old.state <> 'failed' as just_failed)
    select id, practice_id as "practiceId", patient_id as "patientId", booking_id as "bookingId", channel, recipient,
      just_failed and ${state === 'failed'} as "justFailed", ${liveNotice(sql`practice_id`, 'messages', 'followUp')}
    from noted`)) as unknown as Reported[];
  return changed ?? null;
}

/** Who marks an email as spam wants no more of them; that it arrived stays true. */
async function complain(tx: Tx, report: DeliveryReport, event: CarrierEvent | null): Promise<Reported | null> {
  const [message] = (await tx.execute(sql`
    with found as (${letter(report)}), event as (${remember(event)})
    select m.id, m.practice_id as "practiceId", m.patient_id as "patientId", m.booking_id as "bookingId", m.channel, m.recipient,
      false as "justFailed" from messages m, found, event where m.id = found.id`)) as unknown as Reported[];
  if (!message) return null;
  await optOut(tx, { ...message, contact: message.recipient }, 'complained');
  return message;
}

/** By the id that the carrier was told, where that letter is not known by another of the carrier's ids; else by the carrier's. */
const letter = ({ carrierId, letterId }: DeliveryReport): SQL => sql`
  select id from messages where carrier_id = ${carrierId}
  ${letterId && isId(letterId) ? sql`union select id from messages where id = ${letterId}::uuid and (carrier_id is null or carrier_id = ${carrierId})` : sql``}
  limit 1`;

/** One row where the event is new, or where there is none to remember. */
const remember = (event: CarrierEvent | null): SQL =>
  event
    ? sql`insert into carrier_events (carrier, id) select ${event.carrier}, ${event.id} from found on conflict do nothing returning 1 as new`
    : sql`select 1 as new`;

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
