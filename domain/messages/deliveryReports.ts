import { type SQL, sql } from 'drizzle-orm';
import type { Database, Tx } from '../../drizzle/database.ts';
import { askLateMs, type DeliveryReport } from '../../gateways/carrier.ts';
import { liveNotice } from '../live.ts';
import type { Message } from './freeze.ts';
import { optOut } from './optOut.ts';
import { afterFailure } from './outcomes.ts';
import { takeBackUndelivered } from './undelivered.ts';

/** An event of a carrier's, by an id that stays the same when it is brought again. */
export interface CarrierEvent {
  carrier: 'twilio' | 'resend' | 'demo';
  id: string;
}

/** A report, and the event that brought it: none where we asked. */
export interface Told {
  report: DeliveryReport;
  event: CarrierEvent | null;
}

/** What has become of a message goes on in this order and never back, in whatever order its carrier tells it. */
const ranks = { sent: 2, delivered: 3, failed: 4 };
/** What was refused before any carrier took it may yet turn out to have been taken. */
const rank = sql`case m.state when 'sent' then 2 when 'delivered' then 3
  when 'failed' then case when m.carrier_id is null then 1 else 4 end else 1 end`;
const isLater = sql`told.rank > ${rank}`;
/** States of what was given up: Follow Up may say that it did not arrive. */
const givenUp = sql`('uncertain', 'failed', 'dropped')`;
/** Who was called before our own note of the sending asks by itself too, should the last call be lost. */
const askLate = sql`clock_timestamp() + ${askLateMs / 1000} * interval '1 second'`;
/** Where there is an event it is one that was not brought before. */
const isNew = sql`(told.event is null or exists (select from event where (carrier, id) = (told.carrier, told.event)))`;

type Reported = Pick<Message, 'id' | 'practiceId' | 'patientId' | 'bookingId' | 'channel' | 'recipient'> & {
  /** Whether this report was the first to say that it failed. */
  justFailed: boolean;
  /** Whether it was given up before this report said that it left. */
  leftAfterAll: boolean;
};

/** Good news changes its message only; something follows from it where that was given up. */
export const isGoodNews = ({ became }: DeliveryReport) => became !== 'failed' && became !== 'complained';

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
  const told = { report, event };
  if (isGoodNews(report)) {
    const [row] = await note(database, [told], { simply: true });
    if (!row?.isLeft) return row ?? null;
  }
  return database.transaction(async (tx) => {
    if (report.became === 'complained') return complain(tx, told);
    // What follows locks the booking, and a booking's lock comes before its messages', as everywhere.
    await tx.execute(sql`
      with ${lettersOf([told])}
      select 1 from bookings where id = (select m.booking_id from messages m join told on m.id = told.message_id) for update`);
    const message = await noteOne(tx, told);
    if (message?.justFailed) await afterFailure(tx, message, report);
    if (message?.leftAfterAll) await takeBackUndelivered(tx, message);
    return message;
  });
}

/**
 * Notes good news of several letters in one statement, each of another letter. Waits for nobody, so that no letter keeps the
 * others.
 * @returns what is not noted yet, since somebody else has just locked its letter, or it was given up
 */
export async function takeGoodNews<News extends Told>(database: Database, news: News[]): Promise<News[]> {
  const rows = await note(database, news, { simply: true, lockedRows: sql`skip locked` });
  return rows.flatMap(({ n, isLeft }) => (isLeft ? news[n]! : []));
}

async function noteOne(tx: Tx, told: Told): Promise<Reported | null> {
  const [row] = await note(tx, [told]);
  return row && !row.isLeft ? row : null;
}

/**
 * @param simply leaves messages that were given up: something follows where they left after all
 * @returns the messages that changed, and what was left, also because of `lockedRows`, by its place among the news
 */
async function note(
  tx: Tx,
  news: Told[],
  { simply = false, lockedRows = sql`` } = {},
): Promise<(Reported & { n: number; isLeft: boolean })[]> {
  return (await tx.execute(sql`
    with ${lettersOf(news)},
    locked as (
      select m.id from messages m join told on m.id = told.message_id ${simply ? sql`where m.state not in ${givenUp}` : sql``}
      order by m.id for no key update of m ${lockedRows}),
    event as (${remember(sql`told join locked on locked.id = message_id`)}),
    noted as (
      update messages m set
        state = case when ${isLater} then told.state else m.state end,
        reason = case when ${isLater} then told.reason else m.reason end,
        carrier_code = case when ${isLater} then told.code else m.carrier_code end,
        carrier_id = coalesce(m.carrier_id, told.carrier_id),
        sent_at = coalesce(m.sent_at, told.at),
        delivered_at = least(m.delivered_at, told.delivered_at),
        opened_at = least(m.opened_at, told.opened_at),
        ask_at = case when greatest(told.rank, ${rank}) >= ${ranks.delivered} then null
          when ${isLater} then coalesce(m.ask_at, ${askLate}) else m.ask_at end
      from told join locked on locked.id = told.message_id
      where m.id = told.message_id and ${isNew} and coalesce(m.carrier_id, told.carrier_id) = told.carrier_id
        and (${isLater} or m.carrier_id is null
          or least(m.delivered_at, told.delivered_at) is distinct from m.delivered_at
          or least(m.opened_at, told.opened_at) is distinct from m.opened_at)
      returning told.n, m.id, m.practice_id, m.patient_id, m.booking_id, m.channel, m.recipient,
        told.state = 'failed' and old.state <> 'failed' as just_failed,
        old.state in ${givenUp} and new.state in ('sent', 'delivered') as left_after_all)
    select n, false as "isLeft", id, practice_id as "practiceId", patient_id as "patientId", booking_id as "bookingId", channel,
      recipient, just_failed as "justFailed", left_after_all as "leftAfterAll", ${liveNotice(sql`practice_id`, 'messages', 'followUp')} from noted
    union all
    select n, true, null, null, null, null, null, null, null, null, null from told where message_id not in (select id from locked)
  `)) as never;
}

/** Who marks an email as spam wants no more of them; that it arrived stays true. */
async function complain(tx: Tx, told: Told): Promise<Reported | null> {
  const [message] = (await tx.execute(sql`
    with ${lettersOf([told])}, event as (${remember(sql`told`)})
    select m.id, m.practice_id as "practiceId", m.patient_id as "patientId", m.booking_id as "bookingId", m.channel, m.recipient,
      false as "justFailed", false as "leftAfterAll" from messages m join told on m.id = told.message_id where ${isNew}`)) as unknown as Reported[];
  if (!message) return null;
  await optOut(tx, { ...message, contact: message.recipient }, 'complained');
  return message;
}

/**
 * What was told as rows, each with its message: the one of the id that the carrier was told, where that is not known by another
 * of the carrier's ids; else the one of the carrier's id. What is of none of ours has no row.
 */
const lettersOf = (news: Told[]): SQL => sql`told as (
  select said.*, letter.id as message_id
  from jsonb_to_recordset(${JSON.stringify(news.map(rowOf))}::jsonb) as said (n int, carrier_id text, letter_id uuid,
    state message_state, rank int, reason text, code text, at timestamptz, delivered_at timestamptz, opened_at timestamptz,
    carrier text, event text)
  cross join lateral (
    select id from messages m where m.id = said.letter_id and coalesce(m.carrier_id, said.carrier_id) = said.carrier_id
    union all select id from messages m where m.carrier_id = said.carrier_id limit 1) as letter)`;

function rowOf({ report, event }: Told, n: number) {
  const { carrierId, letterId, became, reason, code, at } = report;
  const state = became === 'sent' || became === 'failed' ? became : 'delivered';
  return {
    n,
    carrier_id: carrierId,
    letter_id: letterId && isId(letterId) ? letterId : null,
    state,
    rank: ranks[state],
    reason,
    code,
    at,
    delivered_at: state === 'delivered' ? at : null,
    opened_at: became === 'opened' ? at : null,
    carrier: event?.carrier ?? null,
    event: event?.id ?? null,
  };
}

/** A row for each event that is new, of what was told. */
const remember = (told: SQL): SQL => sql`
  insert into carrier_events (carrier, id) select carrier, event from ${told} where event is not null
  on conflict do nothing returning carrier, id`;

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
