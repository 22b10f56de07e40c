import type { Sql } from 'postgres';
import { type Carrier, CarrierError, type Channel, type Letter } from './carrier.ts';

/** A message as the patient's telephone or mailbox would show it. */
export interface DemoMessage {
  id: string;
  channel: Channel;
  recipient: string;
  sender: string;
  subject: string | null;
  body: string;
  html: string | null;
  attachments: Letter['attachments'];
  receivedAt: Date;
}

/**
 * How a demo carrier fares. Late: a message arrives after a minute; failing: none is taken, and each is tried again; bouncing:
 * it is taken and never arrives; repeating: what became of it is told twice and in the wrong order. What did not arrive is
 * always told twice, as one event.
 */
export const demoMoods = ['well', 'late', 'failing', 'bouncing', 'repeating'] as const;
export type DemoMood = (typeof demoMoods)[number];

/** A carrier for a practice without keys: messages stay in the table `demo_inbox`, where a page shows them. */
export function demoCarrier(sql: Sql, channel: Channel): Carrier {
  return {
    async send({ id, to, senderName, subject, text, html, attachments }) {
      // Not waited for until it is on the disk: whoever notes that the letter has left does, and that comes later in the same log.
      const [{ mood } = { mood: 'well' }] = await sql<{ mood: DemoMood }[]>`
        with now as (
          select coalesce((select mood from demo_carriers where channel = ${channel}), 'well') as mood,
            set_config('synchronous_commit', 'off', true) as hurry),
        kept as (
          insert into demo_inbox (id, channel, recipient, sender, subject, body, html, attachments, mood, received_at)
          select ${id}::uuid, ${channel}::message_channel, ${to}, ${senderName ?? 'Nextvisit'}, ${subject}, ${text}, ${html},
            ${sql.json(attachments)}, mood, clock_timestamp() + case mood when 'late' then interval '1 minute' else '0' end
          from now where mood <> 'failing' and hurry is not null
          on conflict do nothing)
        select mood from now`;
      if (mood === 'failing') throw new CarrierError('temporary', 'carrier_fault', null, 15_000);
      return { carrierId: `demo-${id}` };
    },

    askAfterMs: 1_000,

    async ask(carrierId) {
      const [message] = await sql<{ mood: DemoMood; receivedAt: Date; arrived: boolean }[]>`
        select mood, received_at as "receivedAt", received_at <= clock_timestamp() + interval '1 millisecond' as arrived from demo_inbox
        where id = ${carrierId.slice('demo-'.length)}`;
      if (!message?.arrived) return [];
      const said = { carrierId, letterId: null, reason: null, code: null, at: message.receivedAt };
      const sent = { ...said, became: 'sent', event: `${carrierId}-sent` } as const;
      const delivered = { ...said, became: 'delivered', event: `${carrierId}-delivered` } as const;
      if (message.mood === 'repeating') return [delivered, sent, delivered, sent];
      if (message.mood !== 'bouncing') return [delivered];
      const reason = channel === 'sms' ? 'unreachable' : 'bounced';
      const failed = { ...said, became: 'failed', reason, event: `${carrierId}-failed` } as const;
      return [failed, failed];
    },
  };
}

/** How each channel's demo carrier fares now. */
export async function readDemoMoods(sql: Sql): Promise<Record<Channel, DemoMood>> {
  const rows = await sql<{ channel: Channel; mood: DemoMood }[]>`select channel, mood from demo_carriers`;
  return { sms: 'well', email: 'well', ...Object.fromEntries(rows.map(({ channel, mood }) => [channel, mood])) };
}

export async function setDemoMood(sql: Sql, channel: Channel, mood: DemoMood): Promise<void> {
  await sql`
    insert into demo_carriers (channel, mood) values (${channel}, ${mood})
    on conflict (channel) do update set mood = excluded.mood`;
}

/** The newest hundred that are there by now, the newest first; `bounced`: taken by its carrier, and never arrived. */
export async function listDemoInbox(sql: Sql): Promise<(DemoMessage & { bounced: boolean })[]> {
  return sql<(DemoMessage & { bounced: boolean })[]>`
    select ${columns(sql)}, mood = 'bouncing' as bounced from demo_inbox
    where received_at <= clock_timestamp() + interval '1 millisecond' order by received_at desc, id desc limit 100`;
}

/** One message; null when there is none with the id, which must be a uuid. */
export async function readDemoInbox(sql: Sql, id: string): Promise<DemoMessage | null> {
  const [message] = await sql<DemoMessage[]>`select ${columns(sql)} from demo_inbox where id = ${id}`;
  return message ?? null;
}

const columns = (sql: Sql) =>
  sql`id, channel, recipient, sender, subject, body, html, attachments, received_at as "receivedAt"`;
