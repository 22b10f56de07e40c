import rateLimit from '@fastify/rate-limit';
import sensible from '@fastify/sensible';
import underPressure from '@fastify/under-pressure';
import fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import type { Configuration } from '../configuration.ts';
import type { Database } from '../drizzle/database.ts';
import { redactedUrl } from './log.ts';
import { assets } from './plugins/assets.ts';
import { errors } from './plugins/errors.ts';
import { forms } from './plugins/forms.ts';
import { pages } from './plugins/pages.ts';
import { security } from './plugins/security.ts';
import { sessions } from './plugins/sessions.ts';
import { viewer } from './plugins/viewer.ts';
import { routes } from './routes/index.ts';

export interface AppDependencies {
  configuration: Configuration;
  database: Database;
  /** Raw SQL, for reads. */
  sql: Sql;
  log: Logger;
}

declare module 'fastify' {
  interface FastifyInstance {
    database: Database;
    sql: Sql;
    configuration: Configuration;
  }
}

/** The web application, ready to listen or to be injected into. */
export async function buildApp({ configuration, database, sql, log }: AppDependencies): Promise<FastifyInstance> {
  const https = configuration.publicUrl.startsWith('https:');
  const app = fastify({
    loggerInstance: log.child({}, { serializers: { req: (request) => ({ method: request.method, url: redactedUrl(request.url) }) } }),
    disableRequestLogging: !configuration.production,
    trustProxy: configuration.production,
    // Open event streams would otherwise hold a closing server.
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 100 },
  }) as unknown as FastifyInstance;
  app.decorate('database', database);
  app.decorate('sql', sql);
  app.decorate('configuration', configuration);

  await app.register(sensible);
  await app.register(pages);
  await app.register(errors);
  await app.register(security, { https });
  await app.register(underPressure, { maxEventLoopDelay: 2_000, exposeStatusRoute: false });
  await app.register(sessions, { sql, secrets: configuration.sessionSecrets, https });
  await app.register(forms, { https });
  await app.register(viewer, { sql, temporalUiUrl: configuration.temporal.uiUrl });
  await app.register(rateLimit, { global: false });
  await app.register(assets);
  await app.register(routes);
  return app;
}
