import { appendFileSync, readFileSync } from 'node:fs';
import { ServerResponse } from 'node:http';
import { WorkflowClient } from '@temporalio/client';
import { Worker } from '@temporalio/worker';

/**
 * Loaded before one of the product's processes (`--import`): the process dies as by `kill -9` where it gets to one of the points
 * that KILL_AT names, separated by commas, each once. The file KILLED_AT takes down which they were.
 *
 * - `before writeAppointment`, `after writeAppointment`: an activity, local or ordinary, any of them
 * - `accepted departed`, `accepted sendLink`: the engine took a start or a signal, and the relay has not marked it
 * - `answer POST /b/:token/confirmation`: the request is done, and its answer has not left
 *
 * An activity that STUMBLES names fails half of the time, so that what stands in for it comes to its turn too.
 */
const points = new Set(process.env.KILL_AT?.split(','));
const notes = process.env.KILLED_AT;

function pass(point: string): void {
  if (!points.has(point) || !notes || readFileSync(notes, 'utf8').split('\n').includes(point)) return;
  appendFileSync(notes, `${point}\n`);
  process.kill(process.pid, 'SIGKILL');
}

type Step = (...args: unknown[]) => Promise<unknown>;

const { create } = Worker;
Worker.create = (options) => {
  const steps = Object.entries(options.activities ?? {}) as [string, Step][];
  const activities = Object.fromEntries(
    steps.map(([name, step]) => [
      name,
      async (...args: unknown[]) => {
        pass(`before ${name}`);
        if (name === process.env.STUMBLES && Math.random() < 0.5) throw new Error('stumbled on purpose');
        const done = await step(...args);
        pass(`after ${name}`);
        return done;
      },
    ]),
  );
  return create.call(Worker, { ...options, activities });
};

const { start, signalWithStart } = WorkflowClient.prototype;
WorkflowClient.prototype.start = async function (this: WorkflowClient, ...args: Parameters<typeof start>) {
  const handle = await start.apply(this, args);
  pass('accepted departed');
  return handle;
} as typeof start;
WorkflowClient.prototype.signalWithStart = async function (
  this: WorkflowClient,
  ...args: Parameters<typeof signalWithStart>
) {
  const handle = await signalWithStart.apply(this, args);
  pass(`accepted ${args[1].signal}`);
  return handle;
} as typeof signalWithStart;

const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function (this: ServerResponse, ...args: [number]) {
  const { method, url = '' } = this.req;
  pass(`answer ${method} ${url.replace(/[0-9a-f-]{36}/g, ':id').replace(/^\/b\/[\w-]+/, '/b/:token')}`);
  return writeHead.apply(this, args);
} as typeof writeHead;
