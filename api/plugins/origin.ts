import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { comingFrom } from '../../domain/origin.ts';
import type { Span, Spans } from '../../gateways/spans.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request in a trace; null where nobody collects them. */
    span: Span | null;
  }
}

/** What is asked all the time, or for hours, says nothing in a trace. */
const untraced = /^\/(healthz|readyz|metrics|live|assets)\b/;

/**
 * What a request sets going says where it comes from: the request's id in the log, and its place in a trace. In traces a
 * request stands by its route's pattern: addresses hold tokens and ids. What others say of a trace is not believed.
 */
export const origin = plugin<{ spans: Spans }>(async (app, { spans }) => {
  app.decorateRequest('span', null);
  if (spans.wanted) {
    app.addHook('onRequest', async (request) => {
      const { url: route } = request.routeOptions;
      if (route && !untraced.test(route)) request.span = begin(spans, request, route);
    });
    app.addHook('onResponse', async ({ span }, { statusCode }) => {
      span?.end({ 'http.response.status_code': statusCode }, statusCode >= 500 ? String(statusCode) : null);
    });
  }
  // Not sooner: what runs after a body was read no longer knows what was said before.
  app.addHook('preHandler', ({ id, span }, _reply, done) =>
    comingFrom({ requestId: id, traceParent: span?.traceParent ?? null }, done),
  );
});

const begin = (spans: Spans, { id, method }: FastifyRequest, route: string) =>
  spans.begin(`${method} ${route}`, null, {
    kind: 'server',
    attributes: { 'http.request.method': method, 'http.route': route, 'nextvisit.request': id },
  });
