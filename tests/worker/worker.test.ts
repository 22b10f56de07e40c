import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let child: ChildProcess | undefined;
let db: FreshDatabase;
let queues = 0;

beforeAll(async () => {
  db = await freshDatabase();
  return () => db.drop();
});

afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

/** A port at which nobody answers. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A worker process, and what it says. */
function boot(env: Record<string, string>) {
  child = fork('worker/worker.ts', {
    execArgv: ['--import', 'tsx'],
    env: {
      PATH: process.env.PATH,
      LOG_LEVEL: 'warn',
      SESSION_SECRETS: 'a-secret-for-tests-of-32-characters!',
      LINK_SECRETS: 'k1:a-secret-for-tests-of-32-characters!',
      DATABASE_URL: db.url,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said = { text: '' };
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk) => {
      said.text += chunk;
    });
  }
  return { worker: child, said };
}

describe('a worker process that waits for Temporal', () => {
  it.each(['SIGTERM', 'SIGINT', 'a lost parent'] as const)('ends at once after %s', async (end) => {
    const { worker, said } = boot({ TEMPORAL_ADDRESS: `127.0.0.1:${await deadPort()}` });
    await expect.poll(() => said.text, { timeout: 30_000 }).toContain('Temporal does not answer yet');
    const exit = once(worker, 'exit');
    const began = Date.now();
    if (end === 'a lost parent') worker.disconnect();
    else worker.kill(end);
    expect((await exit)[0]).toBe(0);
    expect(Date.now() - began).toBeLessThan(5_000);
  });

  it('lets go meanwhile of what need not be kept', async () => {
    await db.sql`insert into sessions (id_hash, data, expires_at) values ('over', '{}', now() - interval '1 minute')`;
    boot({ TEMPORAL_ADDRESS: `127.0.0.1:${await deadPort()}` });
    await expect.poll(() => db.sql`select id_hash from sessions`, { timeout: 30_000 }).toEqual([]);
  });
});

describe('a worker process at work', () => {
  it.each(['SIGTERM', 'a lost parent'] as const)('ends in good order after %s', async (end) => {
    const { worker } = boot({
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_TASK_QUEUE: `worker-${process.pid}-${++queues}`,
    });
    expect((await once(worker, 'message'))[0]).toEqual({ ready: true });
    const exit = once(worker, 'exit');
    if (end === 'a lost parent') worker.disconnect();
    else worker.kill(end);
    expect((await exit)[0]).toBe(0);
  });
});

it('a worker process says whether it lives, whether it can work, and its figures', async () => {
  const port = await deadPort();
  const { worker } = boot({
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    TEMPORAL_TASK_QUEUE: `worker-${process.pid}-${++queues}`,
    WORKER_HEALTH_PORT: String(port),
  });
  await once(worker, 'message');
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  expect(await (await ask('/healthz')).json()).toEqual({ alive: true });
  expect(await (await ask('/readyz')).json()).toEqual({ ready: true, missing: [] });
  expect(await (await ask('/metrics')).text()).toContain('nextvisit_workers 1');
  expect((await ask('/elsewhere')).status).toBe(404);
});

it('a worker process says in words which setting is missing', async () => {
  const { worker, said } = boot({ LINK_SECRETS: '' });
  expect((await once(worker, 'exit'))[0]).toBe(1);
  expect(said.text).toContain('LINK_SECRETS');
  expect(said.text).not.toContain('    at ');
});
