import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { Mishap } from './mishap.ts';
import { freePort } from './ports.ts';
import { commandOf, end, endChild, isAlive } from './processes.ts';
import { findTemporal, type Say } from './temporalProgram.ts';

export interface RunningTemporal {
  address: string;
  /** None where it was started without its UI. */
  uiUrl: string | null;
  pid: number;
  stop(): Promise<void>;
}

export interface TemporalOptions {
  /** State, pid and log live here, and survive. */
  folder: string;
  ui: boolean;
  say: Say;
  /** Take the well-known ports, or those of the earlier run; else any free ones. */
  keepPorts?: boolean;
}

/**
 * The development server has one history shard; its default of 20 queue polls a second would make each hop of a workflow
 * wait 43 ms as soon as a handful of workflows move at once.
 */
const pollRates = ['transfer', 'timer', 'visibility'].flatMap((queue) => [
  '--dynamic-config-value',
  `history.${queue}ProcessorMaxPollRPS=2000`,
]);
const searchAttributes = ['PracticeId=Keyword', 'BookingStage=Keyword', 'LinkExpiresAt=Datetime'].flatMap((one) => ['--search-attribute', one]);

/** Starts the local Temporal server; open workflows and timers of an earlier run go on. Its ports stay the same while free. */
export async function startTemporal({ folder, ui, say, keepPorts = true }: TemporalOptions): Promise<RunningTemporal> {
  mkdirSync(folder, { recursive: true });
  const program = await findTemporal(say);
  const state = resolve(folder, 'temporal.sqlite');
  const pidFile = join(folder, 'temporal.pid');
  await stopLeftOver(pidFile, state);
  const { port, uiPort } = keepPorts ? await choosePorts(join(folder, 'temporal.ports.json')) : { port: await freePort(), uiPort: await freePort() };
  const log = openSync(join(folder, 'temporal.log'), 'a');
  const child = spawn(
    program,
    [
      'server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--db-filename', state, '--sqlite-pragma', 'journal_mode=wal',
      '--log-level', 'error', ...(ui ? ['--ui-port', String(uiPort)] : ['--headless']), ...pollRates, ...searchAttributes,
    ],
    { detached: true, stdio: ['ignore', log, log] },
  );
  writeFileSync(pidFile, String(child.pid));
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  const stop = async () => {
    await endChild(child, 'SIGINT', 3_000);
    rmSync(pidFile, { force: true });
  };
  for (let tries = 0; !(await answers(port)); tries++) {
    if (ended || tries > 600) {
      await stop();
      throw new Mishap('The Temporal server did not start; its reason stands in .data/temporal.log. If its state is damaged, empty it with npm run reset.');
    }
    await new Promise((r) => setTimeout(r, 50));
  }
  return { address: `127.0.0.1:${port}`, uiUrl: ui ? `http://localhost:${uiPort}` : null, pid: child.pid!, stop };
}

/** After a kill -9 of node its server lives on: when it is ours, by its state file, it is stopped. */
async function stopLeftOver(pidFile: string, state: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  if (pid && isAlive(pid) && (commandOf(pid) === '' || commandOf(pid).includes(state))) await end(pid, 'SIGINT');
  rmSync(pidFile, { force: true });
}

/** Links into the UI stay good from start to start while nobody else has taken the ports. */
async function choosePorts(file: string): Promise<{ port: number; uiPort: number }> {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { port: number; uiPort: number }) : { port: 7233, uiPort: 8233 };
  const port = await freePort(before.port);
  const uiPort = await freePort(before.uiPort);
  writeFileSync(file, JSON.stringify({ port, uiPort }));
  return { port, uiPort };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = connect(port, '127.0.0.1')
      .once('connect', () => {
        probe.destroy();
        done(true);
      })
      .once('error', () => done(false));
  });
}
