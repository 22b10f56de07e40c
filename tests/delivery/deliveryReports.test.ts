import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeReport } from '../../domain/messages/deliveryReports.ts';
import { recordFailed, recordSent, recordUncertain } from '../../domain/messages/outcomes.ts';
import * as tables from '../../drizzle/schema/index.ts';
import type { DeliveryReport } from '../../gateways/carrier.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { readReach } from '../reach.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let message: typeof tables.messages.$inferSelect;
let count = 0;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  const { bookingId } = await buildSent(db, built, {}, ['email']);
  const [written] = await db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));
  message = written!;
});
afterAll(() => db?.drop());

type Row = typeof tables.messages.$inferSelect;
const stored = async () =>
  (await db.database.select().from(tables.messages).where(eq(tables.messages.id, message.id)))[0]!;
/** The message as it was, with changes. */
async function anew(changes: Partial<Row> = {}): Promise<string> {
  const carrierId = `re_${++count}`;
  await db.database
    .update(tables.messages)
    .set({ ...message, state: 'sent', sentAt: new Date(), carrierId, ...changes })
    .where(eq(tables.messages.id, message.id));
  return carrierId;
}
const report = (carrierId: string, became: DeliveryReport['became'], more: Partial<DeliveryReport> = {}) =>
  ({
    carrierId,
    letterId: null,
    became,
    reason: became === 'failed' ? 'bounced' : null,
    code: became === 'failed' ? 'General' : null,
    at: new Date('2026-11-24T10:00:00Z'),
    ...more,
  }) satisfies DeliveryReport;
const take = (said: DeliveryReport, id?: string) =>
  takeReport(db.database, said, id === undefined ? null : { carrier: 'resend', id });

describe('what a carrier says of a message', () => {
  it('brings it on: delivered, and probably opened', async () => {
    const id = await anew({ askAt: new Date() });
    await take(report(id, 'delivered'));
    expect(await stored()).toMatchObject({ state: 'delivered', openedAt: null, askAt: null });
    await take(report(id, 'opened', { at: new Date('2026-11-24T11:00:00Z') }));
    expect(await stored()).toMatchObject({
      state: 'delivered',
      deliveredAt: new Date('2026-11-24T10:00:00Z'),
      openedAt: new Date('2026-11-24T11:00:00Z'),
    });
  });

  it('that it failed is kept with the reason, and told once', async () => {
    const id = await anew();
    expect(await take(report(id, 'failed'))).toMatchObject({ id: message.id, justFailed: true });
    expect(await take(report(id, 'failed'))).toBeNull();
    expect(await stored()).toMatchObject({ state: 'failed', reason: 'bounced', carrierCode: 'General' });
  });

  it('is the same in whatever order and however often it is said, and never goes back', async () => {
    const rank = { waiting: 0, sending: 1, dropped: 1, uncertain: 1, sent: 2, delivered: 3, failed: 4 };
    const events = fc.array(
      fc.record({
        became: fc.constantFrom('sent', 'delivered', 'opened', 'failed'),
        minute: fc.integer({ min: 0, max: 59 }),
      }),
      { minLength: 1, maxLength: 6 },
    );
    const start = fc.constantFrom('sending', 'uncertain', 'dropped', 'sent');
    await fc.assert(
      fc.asyncProperty(events, start, fc.infiniteStream(fc.nat()), async (said, state, dice) => {
        const orders = [said, [...said].reverse(), [...said, ...said].sort(() => (dice.next().value % 3) - 1)];
        const outcomes: Partial<Row>[] = [];
        for (const order of orders) {
          const id = await anew({ state, carrierId: null, sentAt: null });
          let before = rank[state];
          for (const { became, minute } of order) {
            await take(report(id, became, { letterId: message.id, at: new Date(Date.UTC(2026, 10, 24, 10, minute)) }));
            const now = rank[(await stored()).state];
            expect(now).toBeGreaterThanOrEqual(before);
            before = now;
          }
          const { state: last, deliveredAt, openedAt, reason, carrierCode } = await stored();
          outcomes.push({ state: last, deliveredAt, openedAt, reason, carrierCode });
        }
        expect(outcomes[1]).toEqual(outcomes[0]);
        expect(outcomes[2]).toEqual(outcomes[0]);
        const farthest = said.some(({ became }) => became === 'failed')
          ? 'failed'
          : said.some(({ became }) => became !== 'sent')
            ? 'delivered'
            : 'sent';
        expect(outcomes[0]!.state).toBe(farthest);
      }),
      { numRuns: 25 },
    );
  });

  it('is taken in once by its event’s id, also when it is brought twice at the same moment', async () => {
    const id = await anew();
    const both = await Promise.all([1, 2, 3].map(() => take(report(id, 'failed'), 'evt-1')));
    expect(both.filter((one) => one?.justFailed)).toHaveLength(1);
    await anew({ carrierId: id });
    expect(await take(report(id, 'failed'), 'evt-1')).toBeNull();
    expect((await stored()).state).toBe('sent');
  });

  it('finds a message whose answer was lost by the id that the carrier was told', async () => {
    await anew({ state: 'uncertain', carrierId: null, sentAt: null, reason: 'lookup_failed' });
    await take(report('re_lost', 'sent', { letterId: message.id }), 'evt-2');
    expect(await stored()).toMatchObject({ state: 'sent', carrierId: 're_lost', reason: null });
  });

  it('of another letter than the one that is known by that id changes nothing', async () => {
    const id = await anew();
    await take(report('re_other', 'failed', { letterId: message.id }));
    await take(report('re_nobody', 'failed'));
    await take(report('re_nobody', 'failed', { letterId: 'no id at all' }));
    expect(await stored()).toMatchObject({ state: 'sent', carrierId: id });
  });

  it('of a letter not yet known is not remembered: brought again it counts', async () => {
    await take(report('re_early', 'delivered'), 'evt-3');
    await anew({ carrierId: 're_early' });
    expect(await take(report('re_early', 'delivered'), 'evt-3')).not.toBeNull();
  });

  it('is not undone by the answer to the sending that comes after it', async () => {
    await anew({ state: 'sending', carrierId: null, sentAt: null });
    await take(report('re_quick', 'delivered', { letterId: message.id }));
    await recordSent(db.database, message, 're_quick', 3_000);
    expect(await stored()).toMatchObject({ state: 'delivered', carrierId: 're_quick', askAt: null });
  });

  it('that comes before our own note of the sending leaves it to be asked about, until its end is known', async () => {
    await anew({ state: 'sending', carrierId: null, sentAt: null, askAt: null });
    await take(report('re_first', 'sent', { letterId: message.id }));
    await recordSent(db.database, message, 're_first', 3_000);
    const { state, askAt } = await stored();
    expect(state).toBe('sent');
    expect(askAt!.getTime() - Date.now()).toBeGreaterThan(14 * 60_000);
    // Said again, it is not put off.
    await take(report('re_first', 'sent'));
    expect((await stored()).askAt).toEqual(askAt);
    await take(report('re_first', 'delivered'));
    expect((await stored()).askAt).toBeNull();
  });

  it('is not undone by an attempt that fails after an earlier one was taken', async () => {
    await anew({ state: 'sending', carrierId: null, sentAt: null });
    await take(report('re_taken', 'delivered', { letterId: message.id }));
    const refusal = { reason: 'refused', code: '422' };
    await recordFailed(db.database, message, refusal);
    await recordUncertain(db.database, message, refusal);
    expect(await stored()).toMatchObject({ state: 'delivered', carrierId: 're_taken', reason: null });
  });

  it('of spam ends emails to the address, and it stays delivered', async () => {
    const id = await anew({ state: 'delivered' });
    await take(report(id, 'complained'), 'evt-4');
    expect((await stored()).state).toBe('delivered');
    expect((await readReach(db.database, built.practice.id, message.patientId)).email).toBe('opted_out');
  });
});
