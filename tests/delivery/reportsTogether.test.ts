import { eq, inArray, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeGoodNews, takeReport } from '../../domain/messages/deliveryReports.ts';
import { reportsTogether } from '../../domain/messages/reportsTogether.ts';
import { connect } from '../../drizzle/database.ts';
import * as tables from '../../drizzle/schema/index.ts';
import type { DeliveryReport } from '../../gateways/carrier.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

const { messages } = tables;
let db: FreshDatabase;
let built: BuiltPractice;
let take: ReturnType<typeof reportsTogether>;
let count = 0;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  take = reportsTogether(db.database);
});
afterAll(() => db?.drop());

/** Messages that their carrier took. */
async function taken(howMany: number) {
  const all: { id: string; bookingId: string; carrierId: string }[] = [];
  for (let i = 0; i < howMany; i++) {
    const { bookingId } = await buildSent(db, built, {}, ['email']);
    const carrierId = `re_${++count}`;
    const [message] = await db.database
      .update(messages)
      .set({ state: 'sent', carrierId, sentAt: new Date('2026-11-24T09:00:00Z') })
      .where(eq(messages.bookingId, bookingId))
      .returning({ id: messages.id });
    all.push({ id: message!.id, bookingId, carrierId });
  }
  return all;
}
const tell = (carrierId: string, became: DeliveryReport['became'], minute = 0, event = `evt_${++count}`) =>
  take({
    report: {
      carrierId,
      letterId: null,
      became,
      reason: became === 'failed' ? 'bounced' : null,
      code: null,
      at: new Date(Date.UTC(2026, 10, 24, 10, minute)),
    },
    event: { carrier: 'resend', id: event },
  });
const delivered = (carrierId: string) =>
  ({ carrierId, letterId: null, became: 'delivered', reason: null, code: null, at: new Date() }) as const;
const stored = (ids: string[]) =>
  db.database
    .select({ id: messages.id, state: messages.state, written: sql<string>`xmin::text` })
    .from(messages)
    .where(inArray(messages.id, ids));
const idsOf = (all: { id: string }[]) => all.map(({ id }) => id);

it('good news of many messages that comes at once is written by one commit', async () => {
  const all = await taken(12);
  await Promise.all(all.map(({ carrierId }) => tell(carrierId, 'delivered')));
  const rows = await stored(idsOf(all));
  expect(rows.map(({ state }) => state)).toEqual(all.map(() => 'delivered'));
  expect(new Set(rows.map(({ written }) => written)).size).toBe(1);
});

it('reports of one message that come at once end as if told in order', async () => {
  const [one] = await taken(1);
  const told = ['opened', 'sent', 'delivered', 'delivered', 'sent', 'opened'] as const;
  await Promise.all(told.map((became, i) => tell(one!.carrierId, became, 10 - i)));
  const [row] = await db.database.select().from(messages).where(eq(messages.id, one!.id));
  expect(row).toMatchObject({
    state: 'delivered',
    deliveredAt: new Date('2026-11-24T10:05:00Z'),
    openedAt: new Date('2026-11-24T10:05:00Z'),
  });
});

it('an event that is brought twice at once, or again among others, counts once', async () => {
  const [one, other] = await taken(2);
  await Promise.all([
    tell(one!.carrierId, 'delivered', 5, 'evt_twice'),
    tell(one!.carrierId, 'delivered', 1, 'evt_twice'),
  ]);
  await Promise.all([tell(one!.carrierId, 'delivered', 1, 'evt_twice'), tell(other!.carrierId, 'delivered', 1)]);
  const [row] = await db.database.select().from(messages).where(eq(messages.id, one!.id));
  expect(row!.deliveredAt).toEqual(new Date('2026-11-24T10:05:00Z'));
});

it('a report that the database can’t take fails, and the others do not', async () => {
  const all = await taken(3);
  const outcomes = await Promise.allSettled([
    tell(all[0]!.carrierId, 'delivered'),
    tell('re_\0', 'delivered'),
    ...all.slice(1).map(({ carrierId }) => tell(carrierId, 'delivered')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect((await stored(idsOf(all))).map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
});

it('bad news among good leads on, and of letters of nobody’s nothing comes', async () => {
  const [well, badly] = await taken(2);
  await Promise.all([
    tell(well!.carrierId, 'delivered'),
    tell(badly!.carrierId, 'failed'),
    tell('re_nobody', 'delivered'),
  ]);
  const rows = await stored(idsOf([well!, badly!]));
  expect(Object.fromEntries(rows.map(({ id, state }) => [id, state]))).toEqual({
    [well!.id]: 'delivered',
    [badly!.id]: 'failed',
  });
  expect(await db.sql`select 1 from messages where booking_id = ${badly!.bookingId} and channel = 'sms'`).toHaveLength(
    1,
  );
});

it('a message that somebody else has locked keeps nobody waiting but its own report', async () => {
  const [kept, free] = await taken(2);
  let keptIsNoted = false;
  const noted = await db.sql.begin(async (tx) => {
    await tx`select from messages where id = ${kept!.id} for update`;
    const waits = tell(kept!.carrierId, 'delivered').then(() => {
      keptIsNoted = true;
    });
    await tell(free!.carrierId, 'delivered');
    expect(keptIsNoted).toBe(false);
    return { waits };
  });
  await noted.waits;
  expect((await stored(idsOf([kept!, free!]))).map(({ state }) => state)).toEqual(['delivered', 'delivered']);
});

it('two processes that are told of the same messages in other orders do not wait in a ring', async () => {
  const other = connect(db.url);
  try {
    for (let round = 0; round < 10; round++) {
      const all = await taken(6);
      const told = all.map(({ carrierId }) => ({
        report: delivered(carrierId),
        event: { carrier: 'resend' as const, id: `evt_${carrierId}` },
      }));
      // A ring would fail one of the two.
      const left = await Promise.all([
        takeGoodNews(db.database, told),
        takeGoodNews(other.database, told.toReversed()),
      ]);
      for (const { report, event } of left.flat()) await takeReport(db.database, report, event);
      expect((await stored(idsOf(all))).every(({ state }) => state === 'delivered')).toBe(true);
    }
  } finally {
    await other.close();
  }
});

it('while the database is away every report fails, and brought again it counts', async () => {
  const [one, two] = await taken(2);
  const away = connect('postgres://nobody@127.0.0.1:1/nowhere');
  const takeAway = reportsTogether(away.database);
  const outcomes = await Promise.allSettled(
    [one!, two!].map(({ carrierId }) => takeAway({ report: delivered(carrierId), event: null })),
  );
  await away.close();
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await Promise.all([tell(one!.carrierId, 'delivered'), tell(two!.carrierId, 'delivered')]);
  expect((await stored(idsOf([one!, two!]))).every(({ state }) => state === 'delivered')).toBe(true);
});
