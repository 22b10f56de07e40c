import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfiguration } from '../configuration.ts';
import { migrate } from '../drizzle/migrate.ts';
import { addressTable } from './addresses.ts';
import { dataFolder, takeLock } from './dataFolder.ts';
import type { Service } from './demo/scene.ts';
import { seedDemoPractice } from './demo/seed.ts';
import { type Engine, startBook, startWorkflowEngine } from './engines.ts';
import { type Kept, keepRunning, type Running } from './keepRunning.ts';
import { Mishap, sentenceOf } from './mishap.ts';
import { killAll } from './offspring.ts';
import { type Say, sayWithTime } from './say.ts';
import { developmentSecrets } from './secrets.ts';
import { startChild } from './startChild.ts';
import { checkWebPort } from './webPort.ts';

/** `npm start`: everything that Nextvisit needs, in this process and its children. */
const tell = sayWithTime();
/** What is still on its way when the end has come is of no interest any more. */
const say: Say = (line) => {
  if (!stopping.signal.aborted) tell(line);
};
/** Aborted as soon as everything is to end. */
const stopping = new AbortController();
const engines: Promise<Engine>[] = [];
const processes: Promise<Kept<Running>>[] = [];
let letGo = () => {};
let firstSignalAt = 0;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
await start().catch((error) => end(error));

async function start(): Promise<void> {
  const { release, wasLeftBehind } = await takeLock();
  letGo = release;
  const env: NodeJS.ProcessEnv = { ...(await developmentSecrets(dataFolder)), ...whatIsSet(process.env) };
  const { host, port, publicUrl, linkKeys } = readConfiguration({
    DATABASE_URL: 'postgres://embedded/nextvisit',
    ...env,
  });
  await checkWebPort(port, host, wasLeftBehind);

  const options = { env, say, onMove: restartProcesses, onHopeless: end };
  engines.push(startBook(options), startWorkflowEngine(options));
  const started = await Promise.all(engines);
  const variables = (): NodeJS.ProcessEnv => Object.assign({}, env, ...started.map((engine) => engine.variables()));
  const databaseUrl = variables().DATABASE_URL!;
  // Its passwords are known to everybody: never in a database of somebody's own.
  const withDemo = !env.DATABASE_URL && env.NODE_ENV !== 'production';
  await bringUpToDate(databaseUrl, withDemo ? { keys: linkKeys, publicUrl } : null);
  if (stopping.signal.aborted) return;

  for (const [name, file] of [
    ['api', 'api/server.ts'],
    ['worker', 'worker/worker.ts'],
  ] as const) {
    await keepPreviousLog(name);
    const launch = () => startChild({ name, file, env: variables(), say, signal: stopping.signal });
    processes.push(keepRunning({ name: `The ${name}`, start: launch, say, onHopeless: end }));
    void processes.at(-1)!.then(
      () => say(`The ${name} is ready`),
      () => {},
    );
  }
  await Promise.all(processes);
  if (stopping.signal.aborted) return;
  const { TEMPORAL_UI_URL: temporalUiUrl, TEMPORAL_NAMESPACE: namespace = 'default' } = variables();
  console.log(`\n${await addressTable({ publicUrl, temporalUiUrl, namespace, databaseUrl })}\n`);
  console.log(`  Ctrl-C stops everything; what was done is kept in ${dataFolder} for the next start.\n`);
}

async function bringUpToDate(databaseUrl: string, demo: Service | null): Promise<void> {
  await migrate(databaseUrl).catch((error: Error) => {
    throw new Mishap(`The tables could not be brought up to date: ${(error.cause as Error)?.message ?? error.message}`);
  });
  say('The tables are up to date');
  if (demo && (await seedDemoPractice(databaseUrl, demo)).seeded) say('The demo practice is set up');
}

/** The log of a start that went wrong can still be read after the next one. */
async function keepPreviousLog(name: string): Promise<void> {
  await rename(join(dataFolder, `${name}.log`), join(dataFolder, `${name}.previous.log`)).catch(() => {});
}

/** An embedded engine came back at another address. */
async function restartProcesses(): Promise<void> {
  for (const kept of processes) await (await kept).current.stop();
}

/** npm passes a signal on that the terminal has sent already: the same Ctrl-C arrives twice. */
function onSignal(): void {
  if (stopping.signal.aborted && Date.now() - firstSignalAt > 700) {
    killAll();
    process.exit(130);
  }
  firstSignalAt ||= Date.now();
  void end(null);
}

/** Ends in good order, within five seconds: first those who use the engines. What still hangs then is killed. */
async function end(error: unknown): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  if (error !== null) console.error(`\n${sentenceOf(error)}\n`);
  else tell('Stopping');
  const impatience = pause(4_500);
  for (const stage of [processes, engines]) {
    const stops = stage.map((begun) => begun.then((running) => running.stop()));
    await Promise.race([Promise.allSettled(stops), impatience]);
  }
  killAll();
  letGo();
  if (error === null) tell('Everything has ended');
  process.exit(error === null ? 0 : 1);
}

/** An empty variable counts as absent. */
function whatIsSet(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
}
