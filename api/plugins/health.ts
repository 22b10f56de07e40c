import plugin from 'fastify-plugin';
import { missingOf, readMeasures } from '../../domain/engine/state.ts';
import { createMetrics, mayMeasure } from '../../gateways/metrics.ts';
import { open } from '../roles.ts';

/** For whoever watches over the process: whether it lives, whether it can answer, and its figures. */
export const health = plugin<{ metricsToken: string | null }>(async (app, { metricsToken }) => {
  const metrics = createMetrics(() => readMeasures(app.outside.sql));

  app.addHook('onResponse', ({ method, routeOptions }, reply, done) => {
    metrics.request({ method, route: routeOptions.url ?? 'none', status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });

  app.get('/healthz', { config: open }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ alive: true }),
  );

  app.get('/readyz', { config: open }, async (_request, reply) => {
    const missing = await missingOf({ postgresql: app.sql`select 1` });
    if (app.isLeaving()) missing.push('api');
    return reply
      .code(missing.length === 0 ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ready: missing.length === 0, missing });
  });

  app.get('/metrics', { config: open }, async (request, reply) => {
    if (!mayMeasure(request.ip, request.headers.authorization, metricsToken)) return reply.code(403).send({});
    const { type, text } = await metrics.scrape();
    return reply.header('cache-control', 'no-store').type(type).send(text);
  });
});
