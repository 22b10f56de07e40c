import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../activities/bookingActivities.ts';
import { noteFailures } from '../activities/noteFailures.ts';
import type { Delivery } from '../domain/messages/deliver.ts';

export interface BookingWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  delivery: Delivery;
  /** The file of a bundle made ahead; without one it is the build's, and in development it is made from the sources. */
  workflowBundle: string | null;
}

/**
 * Bookings sleep for days: only those that moved lately are worth their 300 kB each; the others are replayed from their short
 * histories when they wake.
 */
const mostInMemory = 300;

/** Temporal's worker for bookings: their workflows and activities. */
export function createBookingWorker({
  connection,
  namespace,
  taskQueue,
  delivery,
  workflowBundle,
}: BookingWorkerOptions): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    activities: createActivities(delivery),
    interceptors: { activity: [({ info }) => ({ inbound: noteFailures(delivery.database, info) })] },
    ...workflowsOf(workflowBundle),
    maxCachedWorkflows: mostInMemory,
    shutdownGraceTime: '2 seconds',
    shutdownForceTime: '4 seconds',
  });
}

function workflowsOf(bundle: string | null): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = bundle ?? bundleOfTheBuild();
  if (codePath) return { workflowBundle: { codePath } };
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return { workflowsPath: fileURLToPath(new URL(`../workflows/index.${ending}`, import.meta.url)) };
}

/** `npm run build` leaves one beside the compiled layers. */
function bundleOfTheBuild(): string | null {
  if (import.meta.url.endsWith('.ts')) return null;
  const file = fileURLToPath(new URL('../workflows.bundle.js', import.meta.url));
  return existsSync(file) ? file : null;
}
