import type { Sql } from 'postgres';
import type { Carrier, Letter } from './carrier.ts';

/** A message as the patient's telephone or mailbox would show it. */
export interface DemoMessage {
  id: string;
  channel: 'sms' | 'email';
  recipient: string;
  sender: string;
  subject: string | null;
  body: string;
  html: string | null;
  attachments: Letter['attachments'];
  receivedAt: Date;
}

/** A carrier for a practice without keys: messages stay in the table `demo_inbox`, where a page shows them. */
export function demoCarrier(sql: Sql, channel: DemoMessage['channel']): Carrier {
  return {
    async send({ id, to, senderName, subject, text, html, attachments }) {
      await sql`
        insert into demo_inbox (id, channel, recipient, sender, subject, body, html, attachments)
        values (${id}, ${channel}, ${to}, ${senderName ?? 'Nextvisit'}, ${subject}, ${text}, ${html}, ${sql.json(attachments)})
        on conflict do nothing`;
      return { carrierId: `demo-${id}` };
    },

    askAfterMs: 1_000,

    async ask(carrierId) {
      return [{ carrierId, letterId: null, became: 'delivered', reason: null, code: null, at: new Date() }];
    },
  };
}

/** The newest messages first; of one recipient, where one is given. */
export async function listDemoInbox(
  sql: Sql,
  { recipient, limit = 100 }: { recipient?: string; limit?: number } = {},
): Promise<DemoMessage[]> {
  return sql<DemoMessage[]>`
    select ${columns(sql)} from demo_inbox ${recipient === undefined ? sql`` : sql`where recipient = ${recipient}`}
    order by received_at desc, id desc limit ${limit}`;
}

/** One message; null when there is none with the id, which must be a uuid. */
export async function readDemoInbox(sql: Sql, id: string): Promise<DemoMessage | null> {
  const [message] = await sql<DemoMessage[]>`select ${columns(sql)} from demo_inbox where id = ${id}`;
  return message ?? null;
}

const columns = (sql: Sql) =>
  sql`id, channel, recipient, sender, subject, body, html, attachments, received_at as "receivedAt"`;
