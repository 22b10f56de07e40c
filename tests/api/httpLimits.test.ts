import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type HttpLimits, httpLimits } from '../../api/httpLimits.ts';
import { connect as connectTo } from '../../drizzle/database.ts';
import { buildPractice } from '../builders.ts';
import { buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

const short: HttpLimits = {
  headBytes: 16 * 1024,
  headMs: 300,
  requestMs: 600,
  idleMs: 400,
  checkEveryMs: 50,
  connections: 50,
};

let db: FreshDatabase;
let app: FastifyInstance;
let port: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  db = await freshDatabase();
  app = await buildTestApp(db, {}, { httpLimits: short });
  await app.listen({ host: '127.0.0.1', port: 0 });
  port = (app.server.address() as AddressInfo).port;
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await pause(20);
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

interface Line {
  socket: Socket;
  /** All that was said until the other side closed, and after how long, in milliseconds. */
  ended: Promise<{ said: string; ms: number }>;
}

async function open(at = port): Promise<Line> {
  const socket = connect(at, '127.0.0.1');
  sockets.push(socket);
  let said = '';
  socket.on('data', (chunk) => {
    said += chunk;
  });
  socket.on('error', () => {});
  const began = Date.now();
  const ended = once(socket, 'close').then(() => ({ said, ms: Date.now() - began }));
  await once(socket, 'connect');
  return { socket, ended };
}

const head = (lines = '') => `GET /sign-in HTTP/1.1\r\nHost: localhost\r\n${lines}`;

/** Generous, for a busy machine; without the limits nothing ends for a minute and more. */
const soon = 10_000;

describe('a connection', () => {
  it('whose head is too large is answered 431', async () => {
    const { socket, ended } = await open();
    socket.write(head(`X-Large: ${'a'.repeat(17 * 1024)}\r\n\r\n`));
    expect((await ended).said).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('with a head as browsers send it is answered', async () => {
    const { socket, ended } = await open();
    socket.write(head(`Cookie: x=${'a'.repeat(8 * 1024)}\r\nConnection: close\r\n\r\n`));
    expect((await ended).said).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('that never ends its head is closed', async () => {
    const { socket, ended } = await open();
    socket.write(head());
    const drip = setInterval(() => socket.write('X-Drip: 1\r\n'), 50);
    const { said, ms } = await ended;
    clearInterval(drip);
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan(soon);
  });

  it('that never ends its body is closed', async () => {
    const { socket, ended } = await open();
    socket.write(
      'POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\n',
    );
    const drip = setInterval(() => socket.write('a'), 50);
    const { said, ms } = await ended;
    clearInterval(drip);
    expect(said).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(ms).toBeLessThan(soon);
  });

  it('that says nothing more after its answer is closed', async () => {
    const { socket, ended } = await open();
    socket.write(head('\r\n'));
    const { said, ms } = await ended;
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
    expect(ms).toBeLessThan(soon);
  });

  it('beyond so many is turned away, and those that are served go on', async () => {
    const small = await buildTestApp(db, {}, { httpLimits: { ...httpLimits, connections: 3 } });
    await small.listen({ host: '127.0.0.1', port: 0 });
    const at = (small.server.address() as AddressInfo).port;
    const first = await open(at);
    for (const _ of [2, 3]) await open(at);
    const beyond = await open(at);
    expect((await beyond.ended).said).toBe('');
    first.socket.write(head('Connection: close\r\n\r\n'));
    expect((await first.ended).said).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of sockets) socket.destroy();
    await small.close();
  });
});

describe('a statement', () => {
  it('that takes too long is given up, and its reader told that it is busy', async () => {
    const built = await buildPractice(db);
    const hasty = connectTo(db.url, { max: 2, longestMs: 300 });
    const busy = await buildTestApp(db, {}, { sql: hasty.sql, database: hasty.database });
    const browser = await signIn(busy, built.users.manager);
    await db.sql.begin(async (tx) => {
      await tx`lock table patients in access exclusive mode`;
      const answer = await browser.get('/patients/00000000-0000-7000-8000-000000000000');
      expect(answer.statusCode).toBe(503);
      expect(answer.body).toContain('It is very busy just now.');
    });
    expect((await browser.get('/patients')).statusCode).toBe(200);
    await busy.close();
    await hasty.close();
  });
});

describe('in production', () => {
  it('a head ends before its request, and a proxy’s idle connection outlives the proxy’s minute', () => {
    expect(httpLimits.headMs).toBeLessThan(httpLimits.requestMs);
    expect(httpLimits.idleMs).toBeGreaterThan(60_000);
    expect(httpLimits.checkEveryMs).toBeLessThan(httpLimits.headMs);
  });
});
