import rateLimit from '@fastify/rate-limit';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { reportsTogether } from '../../domain/messages/reportsTogether.ts';
import { faultOf } from '../log.ts';
import { oneClick } from './oneClick.ts';
import { resendWebhooks } from './resend.ts';
import { twilioWebhooks } from './twilio.ts';

/** So many calls that nobody signed may one address try in a minute; a carrier's own are taken all the same. */
const forgeries = { max: 30, timeWindow: 60_000 };

/**
 * Where carriers tell what became of messages, and what patients wrote back. Beside the pages: without sessions, cookies and
 * the forms' tokens. Each call proves itself by its carrier's signature over all that it says.
 */
export async function webhooks(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers();
  await app.register(rateLimit, { global: false });
  const forged = app.createRateLimit(forgeries);
  async function isTooMany(request: FastifyRequest, reply: FastifyReply, counts: boolean): Promise<boolean> {
    const tries = await forged(request, { increment: counts });
    if (tries.isAllowed || (counts ? !tries.isExceeded : tries.remaining > 0)) return false;
    reply.header('retry-after', tries.ttlInSeconds);
    return true;
  }
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) request.log.error({ err: faultOf(error) }, 'a carrier’s call failed');
    reply.type('text/plain; charset=utf-8');
    if ((status === 403 || status === 404) && (await isTooMany(request, reply, true)))
      return reply.code(429).send('too many forged calls');
    return reply.code(status).send(status >= 500 ? 'failed' : error.message);
  });
  await app.register(async (clicks) => {
    // A carrier's signature is checked sooner than whether its address has forged any; a click's token costs more.
    clicks.addHook('onRequest', async (request, reply) => {
      if (await isTooMany(request, reply, false)) throw app.httpErrors.tooManyRequests();
    });
    await clicks.register(oneClick);
  });
  const { twilio, resend } = app.configuration;
  const take = reportsTogether(app.outside.database);
  if (twilio) await app.register(twilioWebhooks, { authToken: twilio.authToken, take });
  if (resend?.webhookSecret) await app.register(resendWebhooks, { secret: resend.webhookSecret, take });
}
