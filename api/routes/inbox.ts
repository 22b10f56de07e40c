import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../domain/refusal.ts';
import { type InboxMessage, InboxPage } from '../../views/inbox/InboxPage.tsx';
import { readerOf } from '../plugins/viewer.ts';
import { open } from '../roles.ts';

/** What the demo carriers received. Only where a channel has no real carrier: it shows what would be private. */
export async function inbox(app: FastifyInstance): Promise<void> {
  const { twilio, resend, production } = app.configuration;
  if (production || (twilio && resend)) return;

  app.get('/inbox', { config: open }, async (request, reply) => {
    const messages = await app.sql<InboxMessage[]>`
      select id, channel, recipient, sender, subject, body, attachments, received_at as "receivedAt" from demo_inbox
      order by received_at desc limit 100`;
    return reply.page(InboxPage({ reader: readerOf(request, undefined, 'Europe/Amsterdam'), messages }));
  });

  app.get<{ Params: { id: string; index: string } }>(
    '/inbox/:id/attachments/:index',
    { config: open },
    async ({ params }, reply) => {
      const [row] = await app.sql<{ attachments: { filename: string; content: string; contentType: string }[] }[]>`
      select attachments from demo_inbox where id = ${params.id}`;
      const attachment = row?.attachments[Number(params.index)];
      if (!attachment) throw new Refusal('not_found');
      return reply
        .type(attachment.contentType)
        .header('content-disposition', `attachment; filename="${attachment.filename}"`)
        .send(attachment.content);
    },
  );
}
