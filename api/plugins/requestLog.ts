import plugin from 'fastify-plugin';
import { redactedUrl } from '../log.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What goes well here is said elsewhere too, and comes by the thousand. */
    quiet?: boolean;
  }
}

/** One line for each request, without anything that names a person or opens a link. */
export const requestLog = plugin<{ production: boolean }>(async (app, { production }) => {
  app.addHook('onResponse', (request, reply, done) => {
    const said = production && !(request.routeOptions.config.quiet && reply.statusCode < 400);
    const line = {
      method: request.method,
      url: redactedUrl(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    request.log[said ? 'info' : 'debug'](line, 'request');
    done();
  });
});
