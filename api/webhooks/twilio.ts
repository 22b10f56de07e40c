import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Told } from '../../domain/messages/deliveryReports.ts';
import { receiveText } from '../../domain/messages/inboundTexts.ts';
import { isFromTwilio, readInboundText, readStatusCall, type TwilioCall } from '../../gateways/twilioWebhooks.ts';

const config = { public: true, csrf: false as const, quiet: true };
const bodyLimit = 16 * 1024;
/** An answer in Twilio's own markup that asks it for nothing. */
const nothing = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

/** Twilio's calls: urlencoded, signed over the public address and every field. */
export async function twilioWebhooks(
  app: FastifyInstance,
  { authToken, take }: { authToken: string; take(told: Told): Promise<void> },
): Promise<void> {
  const { publicUrl } = app.configuration;
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  app.addHook('preHandler', ({ headers, url, body }, _reply, done) => {
    const isTheirs = isFromTwilio(authToken, headers['x-twilio-signature'], `${publicUrl}${url}`, callOf({ body }));
    done(isTheirs ? undefined : app.httpErrors.forbidden());
  });

  app.post<{ Querystring: { message?: string } }>('/webhooks/twilio/status', { config }, async (request, reply) => {
    const call = callOf(request);
    const report = readStatusCall(call, request.query.message ?? null);
    // A status comes once for each message: that is all the id it needs.
    const id = `${call.MessageSid} ${call.MessageStatus}`;
    if (report) await take({ report, event: { carrier: 'twilio', id } });
    return reply.code(204).send();
  });

  app.post('/webhooks/twilio/texts', { config }, async (request, reply) => {
    const text = readInboundText(callOf(request));
    const isNew = text !== null && (await app.outside.database.transaction((tx) => receiveText(tx, text)));
    request.log.info({ isNew }, 'a text came in');
    return reply.type('text/xml').send(nothing);
  });
}

const callOf = ({ body }: Pick<FastifyRequest, 'body'>) => (body ?? {}) as TwilioCall;
