import type { FastifyInstance } from 'fastify';
import { subscribe } from '../../domain/messages/unsubscribe.ts';
import { Refusal } from '../../domain/refusal.ts';

const config = { public: true, csrf: false as const };
const bodyLimit = 4 * 1024;

/** The one click of a mailbox (RFC 8058): the signed address is all that counts, whatever form its body has. Safe to repeat. */
export async function oneClick(app: FastifyInstance): Promise<void> {
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body));

  app.post<{ Params: { token: string }; Body: string | undefined }>('/u/:token', { config }, async (request, reply) => {
    // Nothing else is a wish to unsubscribe: scanners post too.
    if (!request.body?.includes('One-Click')) throw app.httpErrors.badRequest();
    try {
      await app.outside.database.transaction((tx) =>
        subscribe(tx, app.configuration.linkKeys, request.params.token, false),
      );
    } catch (error) {
      throw error instanceof Refusal ? app.httpErrors.notFound() : error;
    }
    return reply.code(204).send();
  });
}
