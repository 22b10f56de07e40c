import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyRequest {
    /** The token for this reader's forms; asking for it sets the cookie that goes with it. */
    csrfToken(): string;
  }
}

/** Forms and nothing else, and each with its token: a signed cookie and a field (or header) that belong together. */
export const forms = plugin<{ https: boolean }>(async (app, { https }) => {
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: 64 * 1024 });
  await app.register(csrf, {
    sessionPlugin: '@fastify/cookie',
    cookieKey: 'forms',
    cookieOpts: { signed: true, httpOnly: true, sameSite: 'lax', secure: https, path: '/' },
    getToken: (request: FastifyRequest) => (request.body as { _csrf?: string } | undefined)?._csrf ?? String(request.headers['x-csrf-token'] ?? ''),
  });
  app.decorateRequest('csrfToken', function (this: FastifyRequest): string {
    throw new Error('set for each request');
  });
  app.addHook('onRequest', async (request, reply) => {
    let token: string | undefined;
    request.csrfToken = () => (token ??= reply.generateCsrf());
  });
  app.addHook('preValidation', (request, reply, done) => {
    if (request.method !== 'POST') return done();
    if (hasBrokenText(request.body)) return done(Object.assign(new Error('the form is not valid UTF-8'), { statusCode: 400 }));
    app.csrfProtection.call(app, request, reply, done);
  });
});

/** What was no UTF-8 decodes to the replacement character, and a NUL no text field can hold. */
function hasBrokenText(body: unknown): boolean {
  return Object.values((body ?? {}) as Record<string, unknown>)
    .flat()
    .some((value) => typeof value === 'string' && /[\u0000\ufffd]/.test(value));
}
