import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { Connection } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, type Logger as TemporalLogger } from '@temporalio/worker';
import { type Logger, pino } from 'pino';
import postgres from 'postgres';
import { inject } from 'vitest';
import type { Delivery } from '../../domain/messages/deliver.ts';
import { createCarriers } from '../../gateways/carriers.ts';
import { noSpans, type Spans } from '../../gateways/spans.ts';
import { createBookingWorker } from '../../worker/bookingWorker.ts';
import { startRelay } from '../../worker/relay.ts';
import { clientOver } from '../../worker/temporal.ts';
import { temporalLogger } from '../../worker/temporalLogger.ts';
import { tracedCarriers } from '../../worker/traced.ts';
import { bundleWorkflows } from '../../worker/workflowBundle.ts';
import { testKeys } from '../builders.ts';
import type { FreshDatabase } from './database.ts';

export type TestWorker = Awaited<ReturnType<typeof startTestWorker>>;

/** A process has one runtime; what it says goes to the log of the worker that was started last. */
let words: TemporalLogger = new DefaultLogger('ERROR');
const runtimeLogger = new DefaultLogger('TRACE', ({ level, message, meta }) => words.log(level, message, meta));
let installed = false;

/**
 * A worker with its relay, on a task queue of its own, delivering to the demo inbox of the database given. `log` takes what
 * the process of a worker would log; `address` is that of another engine than the tests' common one.
 */
export async function startTestWorker(
  db: FreshDatabase,
  delivery: Partial<Delivery> = {},
  {
    log,
    address = inject('temporalAddress'),
    taskQueue = `test-${process.pid}-${Date.now()}`,
    version,
    spans = noSpans,
  }: { log?: Logger; address?: string; taskQueue?: string; version?: WorkerDeploymentVersion; spans?: Spans } = {},
) {
  words = log ? temporalLogger(log) : new DefaultLogger('ERROR');
  installRuntime();
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  const client = clientOver(clientConnection, 'default');
  const { carriers = createCarriers({ twilio: null, resend: null }, db.sql) } = delivery;
  const worker = await createBookingWorker({
    connection,
    namespace: 'default',
    taskQueue,
    workflowBundle: await workflowBundle(),
    delivery: {
      database: db.database,
      keys: testKeys,
      publicUrl: 'http://localhost:3000',
      ...delivery,
      carriers: tracedCarriers(carriers, spans),
    },
    log: log ?? pino({ level: 'error' }),
    version,
    spans,
  });
  const sql = postgres(db.url, { max: 3, onnotice: () => {}, connection: { synchronous_commit: 'off' } });
  const hopeless: Error[] = [];
  const relay = await startRelay({
    sql,
    client,
    taskQueue,
    log: log ?? pino({ level: 'error' }),
    spans,
    onHopeless: (error) => hopeless.push(error),
  });
  const running = worker.run();
  return {
    client,
    taskQueue,
    sql,
    hopeless,
    stop: async () => {
      await relay.stop();
      worker.shutdown();
      await running;
      await Promise.all([sql.end(), clientConnection.close(), connection.close()]);
    },
  };
}

export function installRuntime(): void {
  if (!installed) Runtime.install({ logger: runtimeLogger, shutdownSignals: [] });
  installed = true;
}

/** The workflows as all workers of the tests run them: bundled once. */
export async function workflowBundle(): Promise<string> {
  const file = inject('workflowBundle');
  if (existsSync(file)) return file;
  await writeFile(`${file}.${process.pid}`, await bundleWorkflows(new DefaultLogger('ERROR')));
  await rename(`${file}.${process.pid}`, file);
  return file;
}

/** Waits until something holds, asking often. @throws when it does not in time, with what was seen last */
export async function eventually<T>(
  read: () => Promise<T>,
  holds: (value: T) => boolean,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > end)
      throw new Error(`it did not come to be in ${limitMs} ms; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Waits until the workflows have heard everything, and all messages have left. */
export const atRest = ({ sql }: Pick<FreshDatabase, 'sql'>) =>
  eventually(
    () => sql`
      select from workflow_messages where sent_at is null union all select from messages where state in ('waiting', 'sending')`,
    (rows) => rows.length === 0,
  );
