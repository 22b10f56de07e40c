import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../dev/dataFolder.ts';
import { remember } from '../../dev/offspring.ts';
import { freePort } from '../../dev/ports.ts';
import { endOf, isAlive } from '../../dev/processes.ts';
import { testKeys } from '../builders.ts';

/** One of the product's processes. */
export interface Process {
  pid: number;
  /** Where it answers: an api its pages, a worker how it is. */
  url: string;
  /** Settles when it has ended, for whatever reason. */
  ended: Promise<void>;
  /** As `kill -9` does. */
  kill(): Promise<void>;
  /** As the service manager does. @returns its exit code, null when it was killed */
  stop(): Promise<number | null>;
  alive(): boolean;
  /** Null while it runs, and when it was killed. */
  exitCode(): number | null;
  /** All that processes of this kind have written on this ground. */
  log(): string;
}

export interface Surroundings {
  folder: string;
  databaseUrl: string;
  temporalAddress: string;
  /** Of the carriers that stand in. */
  carriers: Record<string, string>;
}

/** Runs `api` or `worker` as in production, compiled and by itself. `killAt` names points of killSwitch.ts. */
export async function startProcess(
  kind: 'api' | 'worker',
  { folder, databaseUrl, temporalAddress, carriers }: Surroundings,
  { port, killAt = [], env = {} }: { port?: number; killAt?: string[]; env?: Record<string, string> } = {},
): Promise<Process> {
  const chosen = port ?? (await freePort());
  const logFile = join(folder, `${kind}.log`);
  const out = openSync(logFile, 'a');
  const dist = join(projectFolder, 'dist');
  const file = kind === 'api' ? 'api/server.js' : 'worker/worker.js';
  const child = spawn(process.execPath, ['--import', join(dist, 'killSwitch.js'), join(dist, file)], {
    cwd: dist,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      DATABASE_URL: databaseUrl,
      PORT: String(chosen),
      WORKER_HEALTH_PORT: String(chosen),
      PUBLIC_URL: 'http://localhost:3000',
      SESSION_SECRETS: testKeys.secrets.k1,
      LINK_SECRETS: `k1:${testKeys.secrets.k1}`,
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_TASK_QUEUE: new URL(databaseUrl).pathname.slice(1),
      KILL_AT: killAt.join(','),
      KILLED_AT: killedAt(folder),
      ...carriers,
      ...env,
    },
    stdio: ['ignore', out, out, 'ipc'],
    detached: true,
  });
  closeSync(out);
  remember(child);
  const ended = endOf(child);
  const log = () => readFileSync(logFile, 'utf8');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
    return child.exitCode;
  };
  const ready = new Promise<'ready'>((resolve) => child.once('message', () => resolve('ready')));
  if ((await Promise.race([ready, ended])) !== 'ready') throw new Error(`the ${kind} did not start:\n${log()}`);
  return {
    pid: child.pid!,
    url: `http://127.0.0.1:${chosen}`,
    ended,
    kill: () => end('SIGKILL').then(() => {}),
    stop: () => end('SIGTERM'),
    alive: () => isAlive(child.pid!),
    exitCode: () => child.exitCode,
    log,
  };
}

export const killedAt = (folder: string) => join(folder, 'killed');
