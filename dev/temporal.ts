import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { searchAttributes } from '../domain/contract.ts';
import { Mishap } from './mishap.ts';
import { remember } from './offspring.ts';
import { freePort, isAnswered } from './ports.ts';
import { commandLine, endOf, endProcess, isAlive } from './processes.ts';
import type { Say } from './say.ts';
import { findTemporal } from './temporalProgram.ts';

export interface TemporalOptions {
  /** Holds the state, the ports used last, the process's number and the log; kept between starts. */
  folder: string;
  say: Say;
  ui: boolean;
}

export interface RunningTemporal {
  address: string;
  /** None where it was started without its UI. */
  uiUrl: string | null;
  pid: number;
  /** Settles when the server has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** What the next start must know: which process to look for, and where links into the UI lead. */
interface Trace {
  pid: number;
  port: number;
  uiPort: number;
}

/**
 * The development server has one history shard; its default of 20 queue polls a second would make each hop of a workflow
 * wait 43 ms as soon as a handful of workflows move at once.
 */
const pollRates = ['transfer', 'timer', 'visibility'].flatMap((queue) => [
  '--dynamic-config-value',
  `history.${queue}ProcessorMaxPollRPS=2000`,
]);
const wanted = Object.values(searchAttributes);
const typeNames = { KEYWORD: 'Keyword', DATETIME: 'Datetime' };
const registered = wanted.flatMap(({ name, type }) => ['--search-attribute', `${name}=${typeNames[type]}`]);
const stateFile = 'state.sqlite';
const traceFile = 'server.json';
const usualUiPort = 8233;
const startLimitMs = 60_000;
const attempts = 5;

/**
 * Starts the local Temporal server on ports of 127.0.0.1, those used last if they are free: links into its UI stay good.
 * Open workflows and timers go on where they were. A server that an earlier start left behind on the same state is stopped
 * first. State that cannot be read is set aside, since the bookings' rows can rebuild it.
 * @throws Mishap when the program is missing or does not start
 */
export async function startTemporal({ folder, say, ui }: TemporalOptions): Promise<RunningTemporal> {
  await mkdir(folder, { recursive: true });
  const place = await realpath(folder);
  const program = await findTemporal(say);
  const state = join(place, stateFile);
  const logFile = join(place, 'server.log');
  await stopForgottenTemporal(place, say);
  const trace = await traceIn(place);

  let isFresh = !existsSync(state);
  for (let attempt = 1; ; attempt++) {
    const wished = attempt === 1 ? [trace?.port, trace?.uiPort ?? usualUiPort] : [];
    const port = await freePort(wished[0]);
    const uiPort = ui ? await freePort(wished[1]) : (trace?.uiPort ?? usualUiPort);
    const log = openSync(logFile, 'w');
    const child = spawn(
      program,
      [
        ...[
          'server',
          'start-dev',
          '--ip',
          '127.0.0.1',
          '--port',
          String(port),
          ...(ui ? ['--ui-port', String(uiPort)] : ['--headless']),
        ],
        ...[
          '--db-filename',
          state,
          '--sqlite-pragma',
          'journal_mode=wal',
          '--log-level',
          'error',
          ...pollRates,
          ...registered,
        ],
      ],
      // Ctrl-C at the terminal is not for it: it is stopped after those who use it.
      {
        cwd: place,
        env: { ...process.env, TEMPORAL_VERSION_CHECK_DISABLED: '1' },
        stdio: ['ignore', log, log],
        detached: true,
      },
    );
    remember(child);
    closeSync(log);
    const ended = endOf(child);
    await writeFile(join(place, traceFile), JSON.stringify({ pid: child.pid, port, uiPort }));
    if (await comesUp(ended, port)) {
      const uiUrl = ui ? `http://localhost:${uiPort}` : null;
      return { address: `127.0.0.1:${port}`, uiUrl, pid: child.pid!, ended, stop: () => stop(child, ended) };
    }
    await stop(child, ended);
    const said = await readFile(logFile, 'utf8');
    if (/address already in use/.test(said) && attempt < attempts) continue;
    if (isFresh || attempt >= attempts)
      throw new Mishap(
        `The local Temporal server does not start (${said.trim().split('\n').at(-1)}). The log is ${logFile}`,
      );
    say('Temporal: its state cannot be read and is set aside; the open bookings are started again from the book');
    await setAside(state);
    isFresh = true;
  }
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  await endProcess(child.pid, [
    ['SIGTERM', 2_000],
    ['SIGKILL', 500],
  ]);
  await ended;
}

/** After a kill -9 of node its server lives on; the number may have become somebody else's. */
export async function stopForgottenTemporal(folder: string, say: Say): Promise<void> {
  const place = await realpath(folder).catch(() => null);
  const pid = place && (await traceIn(place))?.pid;
  if (!pid || !isAlive(pid) || !commandLine(pid).includes(`--db-filename ${join(place, stateFile)} `)) return;
  say('Temporal of an earlier start is still running; stopping it first');
  await endProcess(pid, [
    ['SIGTERM', 3_000],
    ['SIGKILL', 2_000],
  ]);
}

const traceIn = (folder: string): Promise<Partial<Trace> | null> =>
  readFile(join(folder, traceFile), 'utf8')
    .then(JSON.parse, () => null)
    .catch(() => null);

async function setAside(state: string): Promise<void> {
  for (const end of ['', '-wal', '-shm']) {
    if (end === '') await rename(state, `${state}.unreadable`);
    else await rm(state + end, { force: true });
  }
}

/** @returns false when the server ended instead, or was not ready for workflows in time */
async function comesUp(ended: Promise<void>, port: number): Promise<boolean> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (const until = Date.now() + startLimitMs; Date.now() < until && !over; ) {
    // gRPC waits a second after a refused connection: asking first makes the start a second shorter.
    const connection = (await isAnswered(port))
      ? await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: 2_000 }).catch(() => null)
      : null;
    try {
      const { customAttributes } =
        (await connection?.operatorService.listSearchAttributes({ namespace: 'default' })) ?? {};
      if (wanted.every(({ name }) => customAttributes?.[name])) return !over;
    } catch {
      // Not yet.
    } finally {
      await connection?.close();
    }
    await Promise.race([ended, pause(20)]);
  }
  return false;
}
