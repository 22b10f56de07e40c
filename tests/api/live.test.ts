import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLiveUpdates } from '../../api/live.ts';
import { type LiveTopic, notifyLive } from '../../domain/live.ts';
import { sessions } from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let address: string;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  app = await buildTestApp(db);
  await app.listen({ host: '127.0.0.1', port: 0 });
  address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

/** Reads the stream as a browser would: the names of its events, and whether it ended. */
async function listen(browser: Browser) {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const gone = new AbortController();
  const response = await fetch(`${address}/live`, { headers: { cookie }, signal: gone.signal });
  const heard = {
    status: response.status,
    type: response.headers.get('content-type'),
    events: [] as string[],
    ended: false,
    leave: () => gone.abort(),
  };
  const reading = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      for (const [, name] of decoder.decode(chunk).matchAll(/^event: (\w+)$/gm)) heard.events.push(name!);
    }
    heard.ended = true;
  };
  reading().catch(() => {
    heard.ended = true;
  });
  return heard;
}

const until = (holds: () => boolean) => expect.poll(holds).toBe(true);

const tell = (practiceId: string, ...topics: LiveTopic[]) =>
  db.database.transaction((tx) => notifyLive(tx, practiceId, ...topics));

describe('a live stream', () => {
  it('names the topics that changed in the practice, and none of another', async () => {
    const other = await buildPractice(db);
    const stream = await listen(await signIn(app, built.users.receptionist));
    expect(stream).toMatchObject({ status: 200, type: 'text/event-stream' });
    await tell(other.practice.id, 'online');
    await tell(built.practice.id, 'book', 'tasks');
    await until(() => stream.events.length >= 2);
    expect(stream.events.sort()).toEqual(['book', 'tasks']);
    stream.leave();
  });

  it('says nothing of what was rolled back', async () => {
    const stream = await listen(await signIn(app, built.users.receptionist));
    await db.database
      .transaction(async (tx) => {
        await notifyLive(tx, built.practice.id, 'followUp');
        throw new Error('on purpose');
      })
      .catch(() => {});
    await tell(built.practice.id, 'messages');
    await until(() => stream.events.includes('messages'));
    expect(stream.events).toEqual(['messages']);
    stream.leave();
  });

  it.each(['/sign-out', '/lock'])('ends at once after %s, having said so', async (url) => {
    const browser = await signIn(app, built.users.receptionist);
    const colleague = await listen(await signIn(app, built.users.manager));
    const stream = await listen(browser);
    await browser.post(url);
    await until(() => stream.ended);
    expect(stream.events).toEqual(['locked']);
    expect(colleague.ended).toBe(false);
    colleague.leave();
  });

  it('is not opened without a session, in a way that an open page gives up on', async () => {
    const browser = await signIn(app, built.users.receptionist);
    await db.database.delete(sessions).where(eq(sessions.userId, built.users.receptionist.id));
    expect((await listen(browser)).status).toBe(401);
  });
});

describe('live updates', () => {
  it('bring a burst together: its start at once, its end a quarter of a second later', async () => {
    const live = createLiveUpdates(db.sql);
    const { practice } = await buildPractice(db);
    const heard: number[] = [];
    const leave = await live.subscribe(practice.id, () => heard.push(performance.now()));
    const began = performance.now();
    for (let change = 0; change < 20; change++) await tell(practice.id, 'book');
    const lasted = performance.now() - began;
    await until(() => heard.length >= 2);
    await pause(300);
    // Two, where the burst itself took less than a pause.
    expect(heard.length).toBeLessThanOrEqual(2 + Math.floor(lasted / 250));
    for (const [index, at] of heard.slice(1).entries()) expect(at - heard[index]!).toBeGreaterThanOrEqual(240);
    leave();
    const before = heard.length;
    await tell(practice.id, 'tasks');
    await pause(50);
    expect(heard).toHaveLength(before);
    await live.close();
  });

  it('tell of every topic after the connection was lost, since nobody knows what was missed', async () => {
    const live = createLiveUpdates(db.sql);
    const { practice } = await buildPractice(db);
    const heard = new Set<string>();
    await live.subscribe(practice.id, (topic) => heard.add(topic));
    await db.sql`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database()`;
    await until(() => heard.size === 7);
    await live.close();
  });
});
