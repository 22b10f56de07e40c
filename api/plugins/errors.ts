import type { FastifyError } from 'fastify';
import plugin from 'fastify-plugin';
import { Refusal, type RefusalCode } from '../../domain/refusal.ts';
import { formats } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import { ProblemNotice, ProblemPage } from '../../views/layout/ProblemPage.tsx';

/** One place that says with which status a refusal of the domain is answered; all others are 409, lost races mostly. */
const statuses: Partial<Record<RefusalCode, number>> = { not_found: 404, not_allowed: 403, invalid: 422, no_channel: 422, no_contacts: 422 };

const kinds: Record<number, 'not_found' | 'forbidden' | 'too_large' | 'wrong_type' | 'too_many' | 'bad_request'> = {
  400: 'bad_request',
  403: 'forbidden',
  404: 'not_found',
  413: 'too_large',
  415: 'wrong_type',
  429: 'too_many',
};

/** Every fault becomes a kind page in the reader's language; nothing of the inside is shown. */
export const errors = plugin(async (app) => {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const reader = request.reader ?? { language: 'en', t: texts('en'), f: formats('en', 'UTC'), csrf: () => '', path: '' };
    const refusal = error instanceof Refusal ? error.code : null;
    const status = refusal ? (statuses[refusal] ?? 409) : (error.statusCode ?? 500);
    // A query's parameters are personal data: only the database's own words are logged.
    if (status >= 500) request.log.error({ err: error.cause ?? error }, 'the request failed');
    const problem = refusal ?? (status >= 500 ? 'fault' : (kinds[status] ?? 'bad_request'));
    const props = { reader, problem, reference: status >= 500 ? request.id : null };
    return request.wantsFragment ? reply.fragment(ProblemNotice(props), status) : reply.page(ProblemPage(props), status);
  });
  app.setNotFoundHandler({ preHandler: [] }, () => {
    throw app.httpErrors.notFound();
  });
});
