import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import {
  callByResend,
  callByTwilio,
  type Forging,
  type ForgingByResend,
  withResend,
  withTwilio,
} from '../api/webhooks/calls.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildTestApp } from '../desk.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { expectConsistent } from './consistent.ts';

const letters = 24;
let db: FreshDatabase;
let built: BuiltPractice;
/** Two processes: what one has taken in, the other must not take in again. */
let apps: FastifyInstance[];

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  apps = [
    await buildTestApp(db, { ...withTwilio, ...withResend }),
    await buildTestApp(db, { ...withTwilio, ...withResend }),
  ];
});
afterAll(async () => {
  await Promise.all((apps ?? []).map((app) => app.close()));
  await db?.drop();
});

type Call = () => Promise<{ statusCode: number }>;
let turn = 0;
const either = () => apps[turn++ % 2]!;

/** A message that its carrier took, and a fate: what the carrier will tell of it, in its right order. */
async function letter(i: number) {
  const channel = i % 2 ? ('sms' as const) : ('email' as const);
  const { bookingId } = await buildSent(db, built, {}, [channel]);
  const carrierId = `${channel}-${i}`;
  const [message] = await db.database
    .update(tables.messages)
    .set({ state: 'sent', carrierId, sentAt: new Date() })
    .where(eq(tables.messages.bookingId, bookingId))
    .returning();
  const fails = i % 3 === 0;
  const good = channel === 'sms' ? ['queued', 'sent', 'delivered'] : ['sent', 'delivered', 'opened'];
  const told = fails ? [...good.slice(0, 2), channel === 'sms' ? 'undelivered' : 'bounced'] : good;
  return { id: message!.id, bookingId, channel, carrierId, told, ends: fails ? 'failed' : 'delivered' };
}

type Letter = Awaited<ReturnType<typeof letter>>;

const byTwilio = ({ id, carrierId }: Letter, status: string, forging?: Forging) =>
  callByTwilio(
    either(),
    `/webhooks/twilio/status?message=${id}`,
    {
      MessageSid: carrierId,
      MessageStatus: status,
      AccountSid: 'AC0123456789',
      ErrorCode: status === 'undelivered' ? '30003' : '',
    },
    forging,
  );
const byResend = ({ carrierId }: Letter, type: string, forging?: ForgingByResend) =>
  callByResend(
    either(),
    `evt_${carrierId}_${type}`,
    { type: `email.${type}`, created_at: '2026-11-24T10:00:00.000Z', data: { email_id: carrierId } },
    forging,
  );
const calls = (one: Letter): Call[] =>
  one.told.map((said) => () => (one.channel === 'sms' ? byTwilio(one, said) : byResend(one, said)));
/** As somebody would make them who wants a good message to fail: few enough not to be held off. */
const forgeries = (one: Letter): Call[] =>
  one.channel === 'sms'
    ? [
        () =>
          byTwilio(one, 'undelivered', {
            signature: 'bm90IHRoZSByaWdodCBvbmU=',
            remoteAddress: `192.0.2.${turn % 200}`,
          }),
      ]
    : [() => byResend(one, 'bounced', { signedAt: new Date(Date.now() - 6 * 60_000) })];

/** Ever the same order, and none that a carrier would keep. */
function shuffled<T>(items: T[], seed: number): T[] {
  const mixed = [...items];
  let state = seed;
  for (let i = mixed.length - 1; i > 0; i--) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    const j = state % (i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}

it('fault 19: carriers’ calls that come three times, in no order, to two processes, with forged ones among them, end as if told once and in order', async () => {
  const all: Letter[] = [];
  for (let i = 0; i < letters; i++) all.push(await letter(i));
  const right = all.flatMap(calls);
  const mixed = shuffled(
    [
      ...[...right, ...right, ...right].map((call) => ({ call, good: true })),
      ...all
        .filter(({ ends }) => ends === 'delivered')
        .flatMap(forgeries)
        .map((call) => ({ call, good: false })),
    ],
    42,
  );
  for (let at = 0; at < mixed.length; at += 6) {
    await Promise.all(
      mixed.slice(at, at + 6).map(async ({ call, good }) => {
        expect((await call()).statusCode).toBe(good ? 204 : 403);
      }),
    );
  }
  for (const { id, ends } of all) {
    const [row] = await db.database.select().from(tables.messages).where(eq(tables.messages.id, id));
    expect([id, row!.state]).toEqual([id, ends]);
  }
  // What failed led on once: to one message by the other channel, and to no more.
  for (const { bookingId, ends, channel } of all) {
    const rows = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
    expect(rows.filter((row) => row.channel !== channel)).toHaveLength(ends === 'failed' ? 1 : 0);
    expect(rows.filter((row) => row.channel === channel)).toHaveLength(1);
  }
  const audited = await db.sql`select 1 from workflow_messages where name = 'sendOtherwise'`;
  expect(audited).toHaveLength(all.filter(({ ends }) => ends === 'failed').length);
  await expectConsistent(db.sql);
}, 60_000);
