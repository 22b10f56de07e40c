import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPractice } from '../builders.ts';
import { buildTestApp } from '../desk.ts';
import { buildDeparting } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let app: FastifyInstance;
const token = 'a-token-for-measuring-of-32-characters';

beforeAll(async () => {
  db = await freshDatabase();
  await buildDeparting(db, await buildPractice(db));
  app = await buildTestApp(db, { METRICS_TOKEN: token });
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const from = (remoteAddress: string, url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url, remoteAddress, headers });

describe('an api process', () => {
  it('says that it lives and that it can answer', async () => {
    expect((await from('203.0.113.9', '/healthz')).json()).toEqual({ alive: true });
    const ready = await from('203.0.113.9', '/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([200, { ready: true, missing: [] }]);
  });

  it('shows its figures to its own machine and to whoever has the token, without an address of a page', async () => {
    await from('127.0.0.1', '/b/AAAAAAAAAAAAAAAAAAAAAA');
    const mine = await from('127.0.0.1', '/metrics');
    expect(mine.body).toContain('nextvisit_bookings{stage="departing"} 1');
    expect(mine.body).toContain('nextvisit_relay_waiting 1');
    expect(mine.body).toMatch(/nextvisit_request_seconds_count\{method="GET",route="\/b\/:token",status="404"\} 1/);
    expect(mine.body).not.toContain('AAAAAAAA');
    expect((await from('203.0.113.9', '/metrics')).statusCode).toBe(403);
    expect((await from('203.0.113.9', '/metrics', { authorization: 'Bearer wrong' })).statusCode).toBe(403);
    expect((await from('203.0.113.9', '/metrics', { authorization: `Bearer ${token}` })).statusCode).toBe(200);
  });

  it('says what is missing while the database does not answer', async () => {
    const other = await freshDatabase();
    const lost = await buildTestApp(other);
    await other.close();
    const { statusCode, body } = await lost.inject({ method: 'GET', url: '/readyz' });
    expect([statusCode, JSON.parse(body)]).toEqual([503, { ready: false, missing: ['postgresql'] }]);
    await lost.close().catch(() => {});
    await other.drop().catch(() => {});
  });
});
