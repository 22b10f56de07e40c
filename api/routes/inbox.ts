import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { receiveText } from '../../domain/messages/inboundTexts.ts';
import { Refusal } from '../../domain/refusal.ts';
import { demoMoods, listDemoInbox, readDemoInbox, readDemoMoods, setDemoMood } from '../../gateways/demoInbox.ts';
import { InboxPage } from '../../views/inbox/InboxPage.tsx';
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
    const [messages, moods] = await Promise.all([listDemoInbox(sql), readDemoMoods(sql)]);
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
      const message = await readDemoInbox(sql, params.id);
      const attachment = message?.attachments[Number(params.index)];
      if (!attachment) throw new Refusal('not_found');
      return reply
        .type(attachment.contentType)
        .header('content-disposition', `attachment; filename="${attachment.filename}"`)
        .send(attachment.content);
    },
  );
}
