import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import { type NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities/bookingActivities.ts';
import { noteFailures } from '../activities/noteFailures.ts';
import type { Delivery } from '../domain/messages/deliver.ts';
import { noSpans, type Spans } from '../gateways/spans.ts';
import { stepsWithOrigin, tracesOfNews } from './origin.ts';
import { bundleWorkflows } from './workflowBundle.ts';

export interface BookingWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  delivery: Delivery;
  log: Logger;
  /** By default nowhere. */
  spans?: Spans;
  /** Absent: it takes all work there is, whatever other workers run. */
  version?: WorkerDeploymentVersion | null;
  /** The file of a bundle made ahead; without one it is the build's, and in development it is made from the sources. */
  workflowBundle: string | null;
}

/**
 * Bookings sleep for days: only those that moved lately are worth their 300 kB each; the others are replayed from their short
 * histories when they wake.
 */
const mostInMemory = 300;

/** A worker that was killed is still offered the runs that it knew; after this long anybody else is. By default ten seconds. */
const offeredForMs = 2_000;

/** Temporal's worker for bookings: their workflows and activities. */
export async function createBookingWorker({
  connection,
  namespace,
  taskQueue,
  delivery,
  log,
  spans = noSpans,
  workflowBundle,
  version,
}: BookingWorkerOptions): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    activities: createActivities(delivery),
    interceptors: {
      activity: [stepsWithOrigin(log, spans), ({ info }) => ({ inbound: noteFailures(delivery.database, info) })],
    },
    ...(await workflowsOf(workflowBundle)),
    // A booking goes on with whichever version is the current one: its run may be weeks older than the code.
    workerDeploymentOptions: version
      ? { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' }
      : undefined,
    sinks: tracesOfNews(spans),
    maxCachedWorkflows: mostInMemory,
    stickyQueueScheduleToStartTimeout: offeredForMs,
    shutdownGraceTime: '2 seconds',
    shutdownForceTime: '4 seconds',
  });
}

async function workflowsOf(bundle: string | null): Promise<Pick<WorkerOptions, 'workflowBundle'>> {
  const codePath = bundle ?? bundleOfTheBuild();
  return { workflowBundle: codePath ? { codePath } : { code: await bundleWorkflows(Runtime.instance().logger) } };
}

/** `npm run build` leaves one beside the compiled layers. */
function bundleOfTheBuild(): string | null {
  if (import.meta.url.endsWith('.ts')) return null;
  const file = fileURLToPath(new URL('../workflows.bundle.js', import.meta.url));
  return existsSync(file) ? file : null;
}
