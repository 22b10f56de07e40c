import type { Sql } from 'postgres';
import type { Carrier } from '../domain/messages/deliver.ts';

/** Carriers for a practice without keys: messages stay in the table `demo_inbox`, where a page shows them. */
export function demoCarrier(sql: Sql, channel: 'sms' | 'email'): Carrier {
  return {
    async send({ id, to, senderName, subject, text, html, attachments }) {
      await sql`
        insert into demo_inbox (id, channel, recipient, sender, subject, body, html, attachments)
        values (${id}, ${channel}, ${to}, ${senderName ?? 'Nextvisit'}, ${subject}, ${text}, ${html}, ${sql.json(attachments)})
        on conflict do nothing`;
      return { carrierId: `demo-${id}` };
    },
  };
}
