import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { remember } from '../dev/offspring.ts';
import { freePort } from '../dev/ports.ts';
import { endOf, endProcess } from '../dev/processes.ts';
import type { Book, Ground } from './ground.ts';

export interface Running {
  pid: number;
  /** Where it answers, if it does. */
  url: string;
  process: ChildProcess;
}

const secret = 'a-secret-of-the-bench-of-32-characters';
export const linkKeys = { newest: 'k1', secrets: { k1: secret } };
const dist = fileURLToPath(new URL('..', import.meta.url));

const smallWorker = ['--max-semi-space-size=4', '--max-old-space-size=256'];

/** More than every process is told: the carriers, mostly. */
type Env = Record<string, string>;

/** The product's processes run as in production: compiled, each by itself, and with the settings that docs/ recommend. */
export const startApi = (ground: Ground, book: Book, env?: Env) => start(ground, book, 'api/server.js', [], env);
export const startWorker = (ground: Ground, book: Book, env?: Env) =>
  start(ground, book, 'worker/worker.js', smallWorker, env);

/** The product's worker, with the bare workflow's beside it in the same process. */
export const startWorkerWithPeer = (ground: Ground, book: Book) =>
  start(ground, book, 'bench/peers/worker.js', smallWorker);
export const startPeerServer = (ground: Ground, book: Book) => start(ground, book, 'bench/peers/server.js');

async function start(ground: Ground, book: Book, file: string, flags: string[] = [], env: Env = {}): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(ground.folder, `${file.replaceAll('/', '-')}.log`);
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...flags, join(dist, file)], {
    cwd: dist,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      DATABASE_URL: book.url,
      PORT: String(port),
      PUBLIC_URL: url,
      SESSION_SECRETS: secret,
      LINK_SECRETS: `k1:${secret}`,
      TEMPORAL_ADDRESS: ground.temporalAddress,
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_TASK_QUEUE: new URL(book.url).pathname.slice(1),
      MALLOC_ARENA_MAX: '2',
      ...env,
    },
    stdio: ['ignore', log, log, 'ipc'],
    detached: true,
  });
  closeSync(log);
  remember(child);
  const ended = endOf(child);
  ground.atEnd(async () => {
    await endProcess(child.pid!, [
      ['SIGTERM', 6_000],
      ['SIGKILL', 500],
    ]);
    await ended;
  });
  const ready = new Promise<true>((resolve) =>
    child.on('message', (message) => (message as { ready?: true }).ready && resolve(true)),
  );
  if ((await Promise.race([ready, ended])) !== true)
    throw new Error(`${file} did not start:\n${await readFile(logFile, 'utf8')}`);
  return { pid: child.pid!, url, process: child };
}
