import { pino } from 'pino';
import { readConfiguration } from '../configuration.ts';
import { connect } from '../drizzle/database.ts';
import { buildApp } from './app.ts';

/** One api process. */
const configuration = readConfiguration();
const log = pino({ level: configuration.logLevel, name: 'api' });
const { database, sql, close } = connect(configuration.databaseUrl, { name: 'nextvisit api', max: 12 });
const app = await buildApp({ configuration, database, sql, log });

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await app.close();
  await close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
process.on('disconnect', stop);

await app.listen({ host: configuration.host, port: configuration.port });
process.send?.({ ready: true });
log.info(`listening on ${configuration.publicUrl}`);
