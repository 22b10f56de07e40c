import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendAttentionLetters, writeAttentionLetters } from '../../../domain/openBookings/attentionLetter.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type Carrier, CarrierError } from '../../../gateways/carrier.ts';
import { demoCarrier } from '../../../gateways/demoInbox.ts';
import { type BuiltPractice, buildPractice } from '../../builders.ts';
import { buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

let db: FreshDatabase;
let wants: BuiltPractice;
let inbox: Carrier;
const url = 'https://book.example.com';

/** A zone in which it is noon now, or nearly: the letters leave from eight in the morning. */
const hour = new Date().getUTCHours();
const noon = 12 - hour;
const timeZone = noon === 0 ? 'Etc/UTC' : `Etc/GMT${noon > 0 ? '-' : '+'}${Math.abs(noon)}`;
const early = 3 - hour;
const timeZoneAtThree = early === 0 ? 'Etc/UTC' : `Etc/GMT${early > -12 && early < 0 ? '+' : '-'}${Math.abs(early)}`;

async function stuck(built: BuiltPractice) {
  const { bookingId, patient } = await buildSent(db, built);
  await db.database
    .update(tables.workflowMessages)
    .set({ parkedAt: new Date() })
    .where(eq(tables.workflowMessages.bookingId, bookingId));
  return patient;
}
const letters = () => db.database.select().from(tables.attentionLetters);

beforeAll(async () => {
  db = await freshDatabase();
  inbox = demoCarrier(db.sql, 'email');
  wants = await buildPractice(db, { attentionEmail: true, timeZone });
});
afterAll(() => db?.drop());

describe('the daily email to a practice’s managers', () => {
  it('is not written while all is well, where nobody wants it, or before eight', async () => {
    await stuck(await buildPractice(db, { timeZone }));
    if (early >= -12) await stuck(await buildPractice(db, { attentionEmail: true, timeZone: timeZoneAtThree }));
    await writeAttentionLetters(db.sql, url);
    expect(await letters()).toEqual([]);
  });

  it('leaves once a day, however many workers see to it, and names no patient', async () => {
    const patient = await stuck(wants);
    const workers = Array.from({ length: 5 }, async () => {
      await writeAttentionLetters(db.sql, url);
      return sendAttentionLetters(db.sql, inbox);
    });
    const taken = await Promise.all(workers);
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(1);
    const received = await db.database.select().from(tables.demoInbox);
    expect(received).toMatchObject([{ recipient: wants.users.manager.email, subject: '1 booking needs attention' }]);
    expect(received[0]!.body).toContain(`${url}/bookings?attention=1`);
    expect(JSON.stringify(received)).not.toContain(patient.lastName);
    expect(await sendAttentionLetters(db.sql, inbox)).toBe(0);
  });

  it('is tried again after a temporary failure, and given up after a permanent one', async () => {
    const { id } = (await letters())[0]!;
    const set = (change: Partial<typeof tables.attentionLetters.$inferInsert>) =>
      db.database.update(tables.attentionLetters).set(change).where(eq(tables.attentionLetters.id, id));
    const fails = (kind: 'temporary' | 'permanent'): Carrier => ({
      send: () => Promise.reject(new CarrierError(kind, 'refused', 1)),
    });
    await set({ sentAt: null, nextAttemptAt: null });
    expect(await sendAttentionLetters(db.sql, fails('temporary'))).toBe(0);
    expect(await letters()).toMatchObject([{ sentAt: null, failedAt: null, reason: 'refused' }]);
    expect(await sendAttentionLetters(db.sql, inbox)).toBe(0);
    await set({ nextAttemptAt: null });
    await sendAttentionLetters(db.sql, fails('permanent'));
    await set({ nextAttemptAt: null });
    expect(await sendAttentionLetters(db.sql, inbox)).toBe(0);
    expect((await letters())[0]!.failedAt).not.toBeNull();
  });
});
