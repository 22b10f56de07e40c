import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { configurationOrExit } from '../configuration.ts';
import { connect } from '../drizzle/database.ts';
import { assertWall } from '../drizzle/wall.ts';
import { createSpans } from '../gateways/traces.ts';
import { buildApp } from './app.ts';
import { faultOf } from './log.ts';

/** One api process. */

/** What is under way may end within this time; then the process goes. */
const longestGoodbyeMs = 3_000;
/** Nobody waits longer for an answer; far above what any statement takes. */
const longestStatementMs = 15_000;

const configuration = configurationOrExit();
const log = pino({ level: configuration.logLevel, name: 'api' });
const options = { name: 'nextvisit api', longestMs: longestStatementMs };
const book = connect(configuration.databaseUrl, { ...options, max: 6, wall: true });
const outside = connect(configuration.databaseUrl, { ...options, max: 8 });
const spans = await createSpans(configuration.traces, 'nextvisit-api', log);
const app = await buildApp({ configuration, database: book.database, sql: book.sql, outside, log, spans });

let stopping = false;
const hurry = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
process.on('disconnect', stop);

try {
  await assertWall(book.sql);
  await app.listen({ host: configuration.host, port: configuration.port });
  process.send?.({ ready: true });
  log.info(`listening on ${configuration.publicUrl}`);
} catch (error) {
  log.fatal({ err: faultOf(error) }, 'the api could not start');
  process.exit(1);
}

/** The proxy in front is given time to see that this process leaves; a second signal takes it away. */
async function stop(): Promise<void> {
  if (stopping) return hurry.abort();
  stopping = true;
  app.leave();
  await pause(configuration.drainSeconds * 1_000, null, { signal: hurry.signal }).catch(() => {});
  setTimeout(() => process.exit(1), longestGoodbyeMs).unref();
  await app.close();
  await Promise.all([book.close(), outside.close(), spans.stop()]);
  process.exit(0);
}
