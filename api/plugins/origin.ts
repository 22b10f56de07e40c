import plugin from 'fastify-plugin';
import { comingFrom } from '../../domain/origin.ts';

/** What a request sets going says where it comes from, as far as the messages that the workflow's steps send. */
export const origin = plugin(async (app) => {
  // Not sooner: what runs after a body was read no longer knows what was said before.
  app.addHook('preHandler', (request, _reply, done) => comingFrom({ requestId: request.id, traceParent: null }, done));
});
