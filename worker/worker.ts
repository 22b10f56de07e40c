import { NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import postgres from 'postgres';
import { configurationOrExit } from '../configuration.ts';
import { missingOf, readMeasures } from '../domain/engine/state.ts';
import type { Delivery } from '../domain/messages/deliver.ts';
import { connect, soon } from '../drizzle/database.ts';
import { createCarriers } from '../gateways/carriers.ts';
import { createMetrics } from '../gateways/metrics.ts';
import { createSpans } from '../gateways/traces.ts';
import { startAsking } from './asking.ts';
import { startAttentionLetters } from './attentionLetters.ts';
import { createBookingWorker } from './bookingWorker.ts';
import { countedCarriers } from './countedCarriers.ts';
import { startHealth } from './health.ts';
import { startHeartbeat } from './heartbeat.ts';
import { startKeeping } from './keeping.ts';
import { startRelay } from './relay.ts';
import { startSweep } from './sweep.ts';
import { connectionSettings, ensureSearchAttributes, temporalClient } from './temporal.ts';
import { temporalLogger } from './temporalLogger.ts';
import { tracedCarriers } from './traced.ts';
import { sayUnlessCurrent } from './version.ts';

/** One worker process: runs the workflows and their activities, carries messages to them, sweeps, and keeps house. */
const configuration = configurationOrExit();
const log = pino({ level: configuration.logLevel, name: 'worker' });
// Until the worker runs the process may end at once, also one that still waits for its engines: no step is under way, and what
// the relay was carrying is carried again.
let stop = (): void => process.exit();
for (const end of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(end, () => stop());

Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] });

const book = connect(configuration.databaseUrl, { name: 'nextvisit worker', max: 10 });
const relaySql = postgres(configuration.databaseUrl, {
  max: 3,
  backoff: soon,
  onnotice: () => {},
  connection: { application_name: 'nextvisit relay', synchronous_commit: 'off' },
});
const client = temporalClient();
const { taskQueue } = configuration.temporal;

// Needs the book alone, and so waits for nothing else.
const keeping = startKeeping({ sql: relaySql, log });
const connection = await connectPatiently();
await ensureSearchAttributes(client);
const spans = await createSpans(configuration.traces, 'nextvisit-worker', log);
const metrics = createMetrics(() => readMeasures(relaySql));
const delivery: Delivery = {
  database: book.database,
  carriers: tracedCarriers(countedCarriers(createCarriers(configuration, book.sql), metrics), spans),
  keys: configuration.linkKeys,
  publicUrl: configuration.publicUrl,
};
// Before the worker, which takes a while: what waited is on its way meanwhile.
const relay = await startRelay({ sql: relaySql, client, taskQueue, log, spans, onHopeless: giveUp });
const worker = await createBookingWorker({
  connection,
  namespace: client.options.namespace,
  taskQueue,
  workflowBundle: configuration.workflowBundle,
  delivery,
  log,
  spans,
  version: configuration.workerVersion,
});
const heartbeat = await startHeartbeat(relaySql, log, configuration.workerBuildId ?? '');
const sweep = startSweep({ sql: relaySql, client, taskQueue, log, everySeconds: configuration.sweepSeconds, onSwept });
const asking = startAsking(delivery, log);
const letters = startAttentionLetters(relaySql, delivery.carriers.email, configuration.publicUrl, log);
const { workerHealthPort: port, host, metricsToken } = configuration;
const health = port ? await startHealth({ host, port, metrics, metricsToken, missing }) : null;

const running = worker.run();
let stopping = false;
stop = () => {
  stopping = true;
  if (worker.getState() === 'RUNNING') worker.shutdown();
};
process.send?.({ ready: true });
log.info('the worker is ready');

await running.catch((error) => {
  if (!stopping) throw error;
  log.warn({ err: error }, 'steps under way did not end in time; another worker takes them up');
});
sweep.stop();
keeping.stop();
letters.stop();
health?.stop();
await asking.stop();
await heartbeat.stop();
await relay.stop();
await Promise.all([
  spans.stop(),
  book.close(),
  relaySql.end({ timeout: 2 }),
  client.connection.close(),
  connection.close(),
]);
process.exit(process.exitCode ?? 0);

function onSwept(started: number): void {
  heartbeat.swept(started);
  if (configuration.workerVersion) void sayUnlessCurrent(client, configuration.workerVersion, log);
}

/** What this worker can't do without and misses. */
async function missing(): Promise<string[]> {
  const temporal = client.connection.withDeadline(Date.now() + 2_000, () => client.workflowService.getSystemInfo({}));
  const found = await missingOf({ postgresql: relaySql`select 1`, temporal });
  return worker.getState() === 'RUNNING' ? found : [...found, 'worker'];
}

/** The set-up is wrong and every message would fail: said loudly, so that somebody looks. */
function giveUp(error: Error): void {
  log.fatal({ err: error }, 'Temporal refuses this worker; check TEMPORAL_ADDRESS, its namespace and its credentials');
  process.exitCode = 1;
  stop();
}

/** The engine may come up later than this process. */
async function connectPatiently(): Promise<NativeConnection> {
  for (;;) {
    try {
      return await NativeConnection.connect(connectionSettings().connectionOptions);
    } catch (error) {
      log.warn({ err: error }, 'Temporal does not answer yet; trying again in two seconds');
      await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
  }
}
