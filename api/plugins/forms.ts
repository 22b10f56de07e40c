import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { fieldsOf } from '../form.ts';
import { readUpload } from '../upload.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The token for this reader's forms; asking for it sets the cookie that goes with it. */
    csrfToken(): string;
  }
  interface FastifyContextConfig {
    /** For carriers' calls, which prove themselves by a signature instead. */
    csrf?: false;
  }
}

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Forms and nothing else, and each with its token: a signed cookie and a field (or header) that belong together. */
export const forms = plugin<{ https: boolean }>(async (app, { https }) => {
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: 64 * 1024, parser: fieldsOf });
  await app.register(csrf, {
    sessionPlugin: '@fastify/cookie',
    cookieKey: https ? '__Host-forms' : 'forms',
    cookieOpts: { signed: true, httpOnly: true, sameSite: 'lax', secure: https, path: '/' },
    getToken: (request: FastifyRequest) =>
      String((request.body as { _csrf?: string } | undefined)?._csrf ?? request.headers['x-csrf-token'] ?? ''),
  });
  app.decorateRequest('csrfToken', function (this: FastifyRequest): string {
    throw new Error('set for each request');
  });
  app.addHook('onRequest', async (request, reply) => {
    let token: string | undefined;
    request.csrfToken = () => (token ??= reply.generateCsrf());
  });
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.config.upload && request.isMultipart()) request.body = await readUpload(request);
  });
  app.addHook('preValidation', (request, reply, done) => {
    if (hasBrokenText(request.body) || hasBrokenText(request.query)) {
      return done(Object.assign(new Error('what was sent is not valid text'), { statusCode: 400 }));
    }
    if (reading.has(request.method) || request.routeOptions.config.csrf === false) return done();
    app.csrfProtection.call(app, request, reply, done);
  });
});

/** What was no UTF-8 decodes to the replacement character, and a NUL no text field can hold. */
function hasBrokenText(fields: unknown): boolean {
  return Object.entries((fields ?? {}) as Record<string, unknown>)
    .flat(2)
    .some((text) => typeof text === 'string' && (text.includes('\0') || text.includes('\ufffd')));
}
