import { randomUUID } from 'node:crypto';
import sensible from '@fastify/sensible';
import underPressure from '@fastify/under-pressure';
import fastify, { type FastifyInstance, LogController, type RouteOptions } from 'fastify';
import { type Logger, pino } from 'pino';
import type { Sql } from 'postgres';
import type { Configuration } from '../configuration.ts';
import type { Connection, Database } from '../drizzle/database.ts';
import { noSpans, type Spans } from '../gateways/spans.ts';
import { fieldsOf } from './form.ts';
import { type HttpLimits, limitConnections, serverOptions, httpLimits as usualLimits } from './httpLimits.ts';
import { createLiveUpdates, type LiveUpdates } from './live.ts';
import { access } from './plugins/access.ts';
import { assets } from './plugins/assets.ts';
import { answerBadUrl, errors } from './plugins/errors.ts';
import { forms } from './plugins/forms.ts';
import { health } from './plugins/health.ts';
import { leaving } from './plugins/leaving.ts';
import { limits } from './plugins/limits.ts';
import { origin } from './plugins/origin.ts';
import { pages } from './plugins/pages.ts';
import { requestLog } from './plugins/requestLog.ts';
import { security } from './plugins/security.ts';
import { sessions } from './plugins/sessions.ts';
import { viewer } from './plugins/viewer.ts';
import { wall } from './plugins/wall.ts';
import { routes } from './routes/index.ts';
import { webhooks } from './webhooks/index.ts';

export interface AppDependencies {
  configuration: Configuration;
  /** Behind the wall: what is done for one practice. `sql` is for reads. */
  database: Database;
  sql: Sql;
  /** Outside: what is done before a practice is known, or for no practice. */
  outside: Pick<Connection, 'database' | 'sql'>;
  log?: Logger;
  /** Where traces are collected; by default nowhere. */
  spans?: Spans;
  /** Told of each route as it is registered, with who may use it. */
  onRoute?(route: RouteOptions): void;
  /** Above this lag of the process, in milliseconds, it says that it is busy; 0: never. */
  busyAboveMs?: number;
  /** What a connection may cost; by default as in production. */
  httpLimits?: HttpLimits;
}

declare module 'fastify' {
  interface FastifyInstance {
    database: Database;
    sql: Sql;
    outside: AppDependencies['outside'];
    configuration: Configuration;
    live: LiveUpdates;
  }
}

/** The web application, ready to listen or to be injected into. */
export async function buildApp({
  configuration,
  database,
  sql,
  outside,
  log,
  spans = noSpans,
  onRoute,
  busyAboveMs = 2_000,
  httpLimits = usualLimits,
}: AppDependencies): Promise<FastifyInstance> {
  const https = configuration.publicUrl.startsWith('https:');
  const app = fastify({
    loggerInstance: log ?? pino({ level: 'silent' }),
    // requestLog.ts says less of each request, and in one line.
    logController: new LogController({ disableRequestLogging: true }),
    // Its last group: 48 bits of chance, of which Node keeps a store.
    genReqId: () => randomUUID().slice(24),
    // One proxy stands in front in production; what it was told by others is not believed.
    trustProxy: configuration.production ? (_address, hops) => hops === 0 : false,
    // Answers under way are finished; event streams, which would hold a closing server, end by themselves (live.ts).
    forceCloseConnections: 'idle',
    // So is what arrives on a kept connection meanwhile.
    return503OnClosing: false,
    bodyLimit: 64 * 1024,
    ...serverOptions(httpLimits),
    routerOptions: { maxParamLength: 100, querystringParser: fieldsOf },
    frameworkErrors: answerBadUrl,
  }) as unknown as FastifyInstance;
  limitConnections(app, httpLimits);
  if (onRoute) app.addHook('onRoute', onRoute);
  app.decorate('database', database);
  app.decorate('sql', sql);
  app.decorate('outside', outside);
  app.decorate('configuration', configuration);
  app.decorate('live', createLiveUpdates(outside.sql));
  app.addHook('preClose', () => app.live.close());

  await app.register(leaving);
  await app.register(requestLog, { production: configuration.production });
  await app.register(origin, { spans });
  await app.register(sensible);
  await app.register(security, { https });
  await app.register(underPressure, { maxEventLoopDelay: busyAboveMs, exposeStatusRoute: false });
  // Beside the pages, so that no session is looked up for a style sheet or a carrier.
  await app.register(assets);
  await app.register(health, { metricsToken: configuration.metricsToken });
  await app.register(webhooks);
  await app.register(async (site) => {
    await site.register(pages, { https });
    await site.register(errors);
    await site.register(sessions, { sql: outside.sql, configuration });
    await site.register(forms, { https });
    await site.register(limits);
    const { uiUrl, namespace } = configuration.temporal;
    await site.register(viewer, { temporalUiUrl: uiUrl && `${uiUrl}/namespaces/${namespace}` });
    await site.register(wall);
    await site.register(access, { sql });
    await site.register(routes);
  });
  return app;
}
