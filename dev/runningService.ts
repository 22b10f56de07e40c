import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { connectionSettings } from '../worker/temporal.ts';
import { postgresFolder, temporalFolder } from './dataFolder.ts';
import { Mishap } from './mishap.ts';
import { bookUser } from './postgresData.ts';

/** Where a running service keeps its book and its workflows: by the environment, else the embedded engines of `npm start`. */
export async function runningEngines(
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ databaseUrl: string; temporalAddress: string }> {
  try {
    return {
      databaseUrl: env.DATABASE_URL || (await embeddedBook()),
      temporalAddress: env.TEMPORAL_ADDRESS || (await embeddedTemporal()),
    };
  } catch {
    throw new Mishap('No running service was found: begin with "npm start", or set DATABASE_URL and TEMPORAL_ADDRESS.');
  }
}

/** A client of the engine of a running service; null where nobody answers there. */
export async function engineClient(address: string, env: NodeJS.ProcessEnv = process.env): Promise<Client | null> {
  const { connectionOptions, namespace } = env.TEMPORAL_ADDRESS
    ? connectionSettings()
    : { connectionOptions: { address }, namespace: 'default' };
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: 3_000 }).catch(() => null);
  return connection && new Client({ connection, namespace });
}

async function embeddedBook(): Promise<string> {
  const [password, port] = await Promise.all(
    ['password', 'port'].map((name) => readFile(join(postgresFolder, name), 'utf8')),
  );
  return `postgres://${bookUser}:${password!.trim()}@127.0.0.1:${port!.trim()}/nextvisit`;
}

async function embeddedTemporal(): Promise<string> {
  const { port } = JSON.parse(await readFile(join(temporalFolder, 'server.json'), 'utf8')) as { port: number };
  return `127.0.0.1:${port}`;
}
