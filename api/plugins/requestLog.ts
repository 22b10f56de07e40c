import plugin from 'fastify-plugin';
import { redactedUrl } from '../log.ts';

/** One line for each request, without anything that names a person or opens a link. */
export const requestLog = plugin<{ production: boolean }>(async (app, { production }) => {
  app.addHook('onResponse', async (request, reply) => {
    const line = {
      method: request.method,
      url: redactedUrl(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    request.log[production ? 'info' : 'debug'](line, 'request');
  });
});
