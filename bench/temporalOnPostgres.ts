import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import postgres from 'postgres';
import { remember } from '../dev/offspring.ts';
import { freePort } from '../dev/ports.ts';
import { endOf, endProcess } from '../dev/processes.ts';

const run = promisify(execFile);
const startLimitMs = 60_000;
const shards = 4;

interface OnPostgres {
  /** Holds Temporal's `server` and `sql` programs, and its `schema` for PostgreSQL (docs/figures.md). */
  programs: string;
  /** Gets the configuration and the log. */
  folder: string;
  /** Of any database of the server that keeps Temporal's two. */
  postgresUrl: string;
}

/**
 * Starts a Temporal server as production has it, all its roles in one process, with its state and its lists in PostgreSQL.
 * @throws when it does not come up
 */
export async function startTemporalOnPostgres({ programs, folder, postgresUrl }: OnPostgres) {
  await mkdir(folder, { recursive: true });
  const admin = postgres(postgresUrl, { max: 1, onnotice: () => {} });
  for (const [name, schema] of [
    ['temporal', 'temporal'],
    ['temporal_visibility', 'visibility'],
  ] as const) {
    await admin.unsafe(`create database ${name}`);
    const { hostname, port, username, password } = new URL(postgresUrl);
    const tool = (...words: string[]) =>
      run(join(programs, 'sql'), [
        ...['--plugin', 'postgres12', '--ep', hostname, '--port', port, '--user', username, '--password', password],
        ...['--database', name, ...words],
      ]);
    await tool('setup-schema', '--version', '0.0');
    await tool('update-schema', '--schema-dir', join(programs, 'schema', schema, 'versioned'));
  }
  await admin.end();

  const names = ['frontend', 'matching', 'history', 'worker'];
  const ports = await Promise.all(
    names.map(async (name) => ({ name, grpc: await smallPort(), member: await smallPort() })),
  );
  const frontend = ports[0]!.grpc;
  await writeFile(join(folder, 'bench.yaml'), JSON.stringify(configurationOf(postgresUrl, ports)));
  await writeFile(join(folder, 'dynamic.yaml'), '{}');
  const logFile = join(folder, 'server.log');
  const log = openSync(logFile, 'w');
  const child = spawn(
    join(programs, 'server'),
    ['--root', folder, '--config', '.', '--env', 'bench', '--allow-no-auth', 'start'],
    { cwd: folder, stdio: ['ignore', log, log], detached: true },
  );
  remember(child);
  closeSync(log);
  const ended = endOf(child);
  const stop = async () => {
    await endProcess(child.pid!, [
      ['SIGTERM', 5_000],
      ['SIGKILL', 500],
    ]);
    await ended;
  };
  const address = `127.0.0.1:${frontend}`;
  if (await hasNamespace(address)) return { address, pid: child.pid!, stop };
  await stop();
  throw new Error(`Temporal does not start:\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`);
}

/** Temporal keeps its members' ports in a column that takes none above. */
async function smallPort(): Promise<number> {
  const port = await freePort();
  return port < 2 ** 15 ? port : smallPort();
}

/** Waits for the server, and gives it the namespace that every development server has. */
async function hasNamespace(address: string): Promise<boolean> {
  for (const end = Date.now() + startLimitMs; Date.now() < end; await pause(200)) {
    const connection = await Connection.connect({ address, connectTimeout: 2_000 }).catch(() => null);
    try {
      await connection?.workflowService
        .registerNamespace({ namespace: 'default', workflowExecutionRetentionPeriod: { seconds: 86_400 as never } })
        .catch((error) => {
          if (error.code !== 6) throw error;
        });
      await connection?.workflowService.listWorkflowExecutions({ namespace: 'default', pageSize: 1 });
      if (connection) return true;
    } catch {
      // Not yet.
    } finally {
      await connection?.close();
    }
  }
  return false;
}

function configurationOf(postgresUrl: string, ports: { name: string; grpc: number; member: number }[]) {
  const { host, username: user, password } = new URL(postgresUrl);
  const store = (databaseName: string, maxConns: number) => ({
    sql: {
      ...{ pluginName: 'postgres12', databaseName, connectAddr: host, connectProtocol: 'tcp', user, password },
      ...{ maxConns, maxIdleConns: maxConns, maxConnLifetime: '1h' },
    },
  });
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'state',
      visibilityStore: 'lists',
      numHistoryShards: shards,
      datastores: { state: store('temporal', 10), lists: store('temporal_visibility', 5) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(
      ports.map(({ name, grpc, member }) => [
        name,
        { rpc: { grpcPort: grpc, membershipPort: member, bindOnLocalHost: true } },
      ]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${ports[0]!.grpc}`,
        },
      },
    },
    dynamicConfigClient: { filepath: 'dynamic.yaml', pollInterval: '60s' },
  };
}
