import rateLimit from '@fastify/rate-limit';
import type { FastifyError, FastifyInstance } from 'fastify';
import { reportsTogether } from '../../domain/messages/reportsTogether.ts';
import { faultOf } from '../log.ts';
import { oneClick } from './oneClick.ts';
import { resendWebhooks } from './resend.ts';
import { twilioWebhooks } from './twilio.ts';

/** So many calls that nobody signed may one address try in a minute. */
const forgeries = { max: 30, timeWindow: 60_000 };

/**
 * Where carriers tell what became of messages, and what patients wrote back. Beside the pages: without sessions, cookies and
 * the forms' tokens. Each call proves itself by its carrier's signature over all that it says.
 */
export async function webhooks(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(rateLimit, { global: false });
  const forged = app.createRateLimit(forgeries);
  app.addHook('onRequest', async (request, reply) => {
    const tries = await forged(request, { increment: false });
    if (tries.isAllowed || tries.remaining > 0) return;
    reply.header('retry-after', tries.ttlInSeconds);
    throw app.httpErrors.tooManyRequests();
  });
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode === 403 || reply.statusCode === 404) await forged(request);
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: faultOf(error) }, 'a carrier’s call failed');
    return reply
      .code(status)
      .type('text/plain; charset=utf-8')
      .send(status >= 500 ? 'failed' : error.message);
  });
  await app.register(oneClick);
  const { twilio, resend } = app.configuration;
  const take = reportsTogether(app.outside.database);
  if (twilio) await app.register(twilioWebhooks, { authToken: twilio.authToken, take });
  if (resend?.webhookSecret) await app.register(resendWebhooks, { secret: resend.webhookSecret, take });
}
