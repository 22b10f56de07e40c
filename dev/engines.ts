import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import postgres from 'postgres';
import { postgresFolder, temporalFolder } from './dataFolder.ts';
import { type Kept, keepRunning } from './keepRunning.ts';
import { Mishap } from './mishap.ts';
import { type RunningPostgres, startPostgres } from './postgres.ts';
import type { Say } from './say.ts';
import { type RunningTemporal, startTemporal } from './temporal.ts';

export interface EngineOptions {
  env: NodeJS.ProcessEnv;
  say: Say;
  /** An embedded engine came back at another address. */
  onMove(): void | Promise<void>;
  onHopeless(error: Error): void | Promise<void>;
}

export interface Engine {
  /** What tells the processes where the engine is, as it stands at the moment. */
  variables(): NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** The book: the one that DATABASE_URL names, or the embedded PostgreSQL. */
export async function startBook({ env, say, onMove, onHopeless }: EngineOptions): Promise<Engine> {
  if (env.DATABASE_URL) {
    await askFor(env.DATABASE_URL);
    say('PostgreSQL of DATABASE_URL answers');
    return { variables: () => ({ DATABASE_URL: env.DATABASE_URL }), stop: async () => {} };
  }
  const server = await kept<RunningPostgres>('PostgreSQL', () => startPostgres({ folder: postgresFolder, say }), {
    say,
    onMove,
    onHopeless,
  });
  say('PostgreSQL is ready');
  return { variables: () => ({ DATABASE_URL: server.current.url }), stop: server.stop };
}

/** The workflow engine: the one that Temporal's standard variables name, or the local development server. */
export async function startWorkflowEngine({ env, say, onMove, onHopeless }: EngineOptions): Promise<Engine> {
  if (env.TEMPORAL_ADDRESS || env.TEMPORAL_PROFILE || env.TEMPORAL_CONFIG_FILE) {
    const address = addressByStandardVariables();
    say(`Temporal is taken from ${address}`);
    return { variables: () => ({}), stop: async () => {} };
  }
  const server = await kept<RunningTemporal>(
    'Temporal',
    () => startTemporal({ folder: temporalFolder, say, ui: true }),
    { say, onMove, onHopeless },
  );
  // What a person's own Temporal settings say (a namespace, credentials, TLS) is not for the local server.
  const nothingOfTheirs = join(temporalFolder, 'client.toml');
  await writeFile(nothingOfTheirs, '[profile.default]\n');
  say('Temporal is ready');
  return {
    variables: () => ({
      TEMPORAL_ADDRESS: server.current.address,
      TEMPORAL_UI_URL: env.TEMPORAL_UI_URL || server.current.uiUrl!,
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_CONFIG_FILE: nothingOfTheirs,
      TEMPORAL_API_KEY: undefined,
      TEMPORAL_TLS: undefined,
    }),
    stop: server.stop,
  };
}

interface Hooks {
  say: Say;
  onMove(): void | Promise<void>;
  onHopeless(error: Error): void | Promise<void>;
}

function kept<T extends RunningPostgres | RunningTemporal>(
  name: string,
  start: () => Promise<T>,
  { say, onMove, onHopeless }: Hooks,
): Promise<Kept<T>> {
  const placeOf = (running: T) => ('url' in running ? running.url : running.address);
  let place: string | null = null;
  return keepRunning({
    name,
    start: async () => {
      const running = await start();
      place ??= placeOf(running);
      return running;
    },
    say,
    onRestart: (running) => {
      if (placeOf(running) === place) return;
      place = placeOf(running);
      void onMove();
    },
    onHopeless,
  });
}

async function askFor(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    await sql`select 1`;
  } catch (error) {
    throw new Mishap(
      `The PostgreSQL of DATABASE_URL does not answer: ${(error as Error).message || (error as NodeJS.ErrnoException).code}`,
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function addressByStandardVariables(): string {
  try {
    return loadClientConnectConfig().connectionOptions.address ?? 'localhost:7233';
  } catch (error) {
    throw new Mishap(`Temporal's settings cannot be read: ${(error as Error).message}`);
  }
}
