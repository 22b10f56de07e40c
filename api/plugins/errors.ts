import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { ZodError } from 'zod';
import { Refusal, type RefusalCode } from '../../domain/refusal.ts';
import { ProblemNotice, ProblemPage } from '../../views/layout/ProblemPage.tsx';
import { fragment, page } from '../../views/render.ts';
import { databaseErrorIn, faultOf } from '../log.ts';
import { readerOf } from './viewer.ts';

/** One place that says with which status a refusal of the domain is answered; all others are 409, lost races mostly. */
const statuses: Partial<Record<RefusalCode, number>> = {
  not_found: 404,
  not_allowed: 403,
  invalid: 422,
  no_channel: 422,
  opted_out: 422,
  no_contacts: 422,
  length_too_long: 422,
};

const kinds: Record<number, string> = {
  400: 'bad_request',
  403: 'forbidden',
  404: 'not_found',
  413: 'too_large',
  415: 'wrong_type',
  422: 'invalid',
  429: 'too_many',
  503: 'busy',
};

/** What the database refuses although no rule before it did: foreign keys, checks and values that are none. */
const refusedByDatabase = /^(23503|23514|23502|22P02|22001|22003|22007|22008|22021)$/;

interface Problem {
  status: number;
  /** A code of locales' `problems.pages`. */
  problem: string;
}

function problemOf(error: FastifyError): Problem {
  if (error instanceof Refusal) return { status: statuses[error.code] ?? 409, problem: error.code };
  if (error instanceof ZodError) return { status: 422, problem: 'invalid' };
  if (error.code?.startsWith('FST_CSRF')) return { status: 403, problem: 'form_expired' };
  const code = databaseErrorIn(error)?.code;
  if (code && refusedByDatabase.test(code)) return { status: 422, problem: 'invalid' };
  if (code === '23505') return { status: 409, problem: 'already_closed' };
  // A statement, or its wait for a lock, took too long and was given up.
  if (code === '57014') return { status: 503, problem: 'busy' };
  const status = error.statusCode ?? 500;
  return { status, problem: kinds[status] ?? (status >= 500 ? 'fault' : 'bad_request') };
}

/** Every fault becomes a kind page in the reader's language; nothing of the inside is shown. */
export const errors = plugin(async (app) => {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { status, ...props } = answerTo(error, request);
    return reply.show(
      { page: () => ProblemPage({ ...props, back: startOf(request) }), fragment: () => ProblemNotice(props) },
      status,
    );
  });
  app.setNotFoundHandler(() => {
    throw app.httpErrors.notFound();
  });
});

/** A patient begins at their link. */
const startOf = ({ url }: FastifyRequest) => /^\/[abu]\/[\w-]+/.exec(url)?.[0] ?? '/';

/** What is said of a fault, which is logged where it is our own. */
function answerTo(error: FastifyError, request: FastifyRequest) {
  const { status, problem } = problemOf(error);
  const ownFault = status >= 500 && status !== 503;
  if (ownFault) request.log.error({ err: faultOf(error) }, 'the request failed');
  else if (databaseErrorIn(error))
    request.log.warn({ err: faultOf(error) }, 'the database refused what no rule had refused');
  const reader = request.viewer ?? request.reader ?? readerOf(request);
  return { status, reader, problem, reference: ownFault ? request.id : null };
}

/** For a hook that finds, when an answer is about to leave, that it must not: the page that leaves in its place. */
export function answerInstead(error: FastifyError, request: FastifyRequest, reply: FastifyReply): Buffer {
  const { status, ...props } = answerTo(error, request);
  for (const header of ['location', 'hx-redirect', 'content-disposition', 'content-length']) reply.removeHeader(header);
  reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8');
  return request.wantsFragment
    ? fragment(ProblemNotice(props))
    : page(ProblemPage({ ...props, back: startOf(request) }));
}

/** A URL that is none reaches no route and no hook. */
export function answerBadUrl(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const html = page(
    ProblemPage({
      reader: { ...readerOf(request), csrf: () => '' },
      problem: 'bad_request',
      reference: null,
      back: startOf(request),
    }),
  );
  reply.code(400).type('text/html; charset=utf-8').send(html);
}
