import type { FastifyInstance } from 'fastify';
import type { Told } from '../../domain/messages/deliveryReports.ts';
import { readResendCall } from '../../gateways/resendWebhooks.ts';

const config = { public: true, csrf: false as const, quiet: true };
const bodyLimit = 64 * 1024;

/** Resend's calls: the raw body is signed, so it is read as it came. */
export async function resendWebhooks(
  app: FastifyInstance,
  { secret, take }: { secret: string; take(told: Told): Promise<void> },
): Promise<void> {
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit }, (_request, body, done) =>
    done(null, body),
  );

  app.post<{ Body: string }>('/webhooks/resend', { config }, async ({ headers, body }, reply) => {
    const call = readResendCall(secret, headers, body);
    if (!call) throw app.httpErrors.forbidden();
    if (call.report) await take({ report: call.report, event: { carrier: 'resend', id: call.eventId } });
    return reply.code(204).send();
  });
}
