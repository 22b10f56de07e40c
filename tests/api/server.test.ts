import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../dev/ports.ts';
import { type BuiltPractice, buildPractice, password } from '../builders.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let child: ChildProcess | undefined;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  return () => db.drop();
});

afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

function boot(env: Record<string, string>): ChildProcess {
  child = fork('api/server.ts', {
    execArgv: ['--import', 'tsx'],
    env: {
      PATH: process.env.PATH,
      LOG_LEVEL: 'fatal',
      SESSION_SECRETS: 'a-secret-for-tests-of-32-characters!',
      LINK_SECRETS: 'k1:a-secret-for-tests-of-32-characters!',
      DATABASE_URL: db.url,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return child;
}

async function ready(port: number): Promise<ChildProcess> {
  const server = boot({ PORT: String(port) });
  const [message] = await once(server, 'message');
  expect(message).toEqual({ ready: true });
  return server;
}

/** A live stream of a signed-in user, as an open page holds one. */
async function openStream(port: number): Promise<Response> {
  const url = `http://127.0.0.1:${port}`;
  const page = await fetch(`${url}/sign-in`);
  const forms = page.headers.getSetCookie()[0]!.split(';')[0]!;
  const token = /name="_csrf" value="([^"]+)"/.exec(await page.text())![1]!;
  const entered = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: forms },
    body: new URLSearchParams({ _csrf: token, email: built.users.receptionist.email, password }),
  });
  const staff = entered.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('staff='))!
    .split(';')[0]!;
  return fetch(`${url}/live`, { headers: { cookie: staff } });
}

describe('an api process', () => {
  it.each(['SIGTERM', 'a lost parent'])('ends in good order after %s, soon although pages are open', async (end) => {
    const port = await freePort();
    const server = await ready(port);
    const stream = await openStream(port);
    expect(stream.status).toBe(200);
    const began = Date.now();
    const exit = once(server, 'exit');
    if (end === 'SIGTERM') server.kill('SIGTERM');
    else server.disconnect();
    await expect(stream.text()).resolves.toContain(':');
    expect((await exit)[0]).toBe(0);
    // A closing server would wait for them for ever.
    expect(Date.now() - began).toBeLessThan(10_000);
  });

  it('says in words which setting is missing', async () => {
    const server = boot({ SESSION_SECRETS: 'short' });
    let said = '';
    server.stderr!.on('data', (chunk) => {
      said += chunk;
    });
    expect((await once(server, 'exit'))[0]).toBe(1);
    expect(said).toContain('SESSION_SECRETS');
    expect(said).not.toContain('    at ');
  });

  it('does not start without its database', async () => {
    const server = boot({
      DATABASE_URL: `postgres://postgres@127.0.0.1:${await freePort()}/nowhere`,
      PORT: String(await freePort()),
    });
    let said = '';
    server.stdout!.on('data', (chunk) => {
      said += chunk;
    });
    expect((await once(server, 'exit'))[0]).toBe(1);
    expect(said).toContain('the api could not start');
  });
});
