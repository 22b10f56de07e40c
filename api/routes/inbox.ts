import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { receiveText } from '../../domain/messages/inboundTexts.ts';
import { Refusal } from '../../domain/refusal.ts';
import { demoMoods, readDemoInbox, readDemoMoods, setDemoMood } from '../../gateways/demoInbox.ts';
import { type InboxMessage, InboxPage } from '../../views/inbox/InboxPage.tsx';
import { choice, text } from '../fields.ts';
import { parseForm } from '../form.ts';
import { readerOf } from '../plugins/viewer.ts';
import { open } from '../roles.ts';

const moodForm = z.strictObject({ channel: choice(['sms', 'email']), mood: choice(demoMoods) });
const replyForm = z.strictObject({ body: text(1_600) });

/** What the demo carriers received, how they fare, and the patient's answers to an SMS. Only where a channel has no real carrier: it shows what would be private. */
export async function inbox(app: FastifyInstance): Promise<void> {
  const { twilio, resend, production } = app.configuration;
  const { database, sql } = app.outside;
  if (production || (twilio && resend)) return;

  app.get('/inbox', { config: open }, async (request, reply) => {
    const messages = await sql<InboxMessage[]>`
      select id, channel, recipient, sender, subject, body, attachments, received_at as "receivedAt", mood = 'bouncing' as bounced
      from demo_inbox where received_at <= clock_timestamp() + interval '1 millisecond' order by received_at desc limit 100`;
    const moods = await readDemoMoods(sql);
    const channels = (['sms', 'email'] as const).filter((channel) => !(channel === 'sms' ? twilio : resend));
    const carriers = channels.map((channel) => ({ channel, mood: moods[channel] }));
    return reply.page(InboxPage({ reader: readerOf(request, undefined, 'Europe/Amsterdam'), messages, carriers }));
  });

  app.post('/inbox/carriers', { config: open }, async ({ body }, reply) => {
    const form = parseForm(moodForm, body);
    if (!form.ok) throw new Refusal('invalid');
    await setDemoMood(sql, form.value.channel, form.value.mood);
    return reply.seeOther('/inbox');
  });

  app.post<{ Params: { id: string } }>('/inbox/:id/reply', { config: open }, async ({ params, body }, reply) => {
    const form = parseForm(replyForm, body);
    if (!form.ok) throw new Refusal('invalid');
    const message = await readDemoInbox(sql, params.id);
    if (message?.channel !== 'sms') throw new Refusal('not_found');
    const written = { carrierId: `demo-${randomUUID()}`, sender: message.recipient, body: form.value.body };
    await database.transaction((tx) => receiveText(tx, written));
    return reply.seeOther('/inbox');
  });

  app.get<{ Params: { id: string; index: string } }>(
    '/inbox/:id/attachments/:index',
    { config: open },
    async ({ params }, reply) => {
      const [row] = await sql<{ attachments: { filename: string; content: string; contentType: string }[] }[]>`
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
