import { randomUUID } from 'node:crypto';
import { eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCarriers } from '../../domain/messages/askCarriers.ts';
import { deliver } from '../../domain/messages/deliver.ts';
import * as tables from '../../drizzle/schema/index.ts';
import type { Letter } from '../../gateways/carrier.ts';
import { createCarriers } from '../../gateways/carriers.ts';
import { type DemoMood, listDemoInbox, readDemoInbox, readDemoMoods, setDemoMood } from '../../gateways/demoInbox.ts';
import { buildPractice, testKeys } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let carriers: ReturnType<typeof createCarriers>;

beforeAll(async () => {
  db = await freshDatabase();
  carriers = createCarriers({ twilio: null, resend: null }, db.sql);
});
afterAll(() => db?.drop());

const letter = (changes: Partial<Letter> = {}): Letter => ({
  id: randomUUID(),
  to: '+447700900123',
  senderName: 'De Kade',
  replyTo: null,
  subject: null,
  text: 'Kies een tijd, Zoë',
  html: null,
  attachments: [],
  ...changes,
});

describe('the demo inbox', () => {
  it('keeps an SMS as the telephone would show it', async () => {
    const sms = letter();
    expect(await carriers.sms.send(sms)).toEqual({ carrierId: `demo-${sms.id}` });
    expect(await readDemoInbox(db.sql, sms.id)).toEqual({
      id: sms.id,
      channel: 'sms',
      recipient: '+447700900123',
      sender: 'De Kade',
      subject: null,
      body: 'Kies een tijd, Zoë',
      html: null,
      attachments: [],
      receivedAt: expect.any(Date),
    });
  });

  it('keeps an email with its attachments', async () => {
    const attachments = [{ filename: 'afspraak.ics', content: 'BEGIN:VCALENDAR\r\n', contentType: 'text/calendar' }];
    const email = letter({ to: 'robin@patient.example', subject: 'Afspraak', html: '<p>x</p>', attachments });
    await carriers.email.send(email);
    expect(await readDemoInbox(db.sql, email.id)).toMatchObject({
      channel: 'email',
      subject: 'Afspraak',
      html: '<p>x</p>',
      attachments,
    });
  });

  it('keeps a message once that is sent twice', async () => {
    const sms = letter({ to: '+447700900200' });
    await carriers.sms.send(sms);
    await carriers.sms.send({ ...sms, text: 'changed' });
    const kept = await listDemoInbox(db.sql);
    expect(kept.filter(({ recipient }) => recipient === sms.to).map(({ body }) => body)).toEqual([
      'Kies een tijd, Zoë',
    ]);
  });

  it('lists the newest first', async () => {
    // The ledger's ids are in the order of time, which decides within a millisecond.
    for (const text of ['one', 'two', 'three']) {
      const [row] = await db.sql<{ id: string }[]>`select uuidv7() as id`;
      await carriers.sms.send(letter({ id: row!.id, to: '+447700900300', text }));
    }
    const listed = await listDemoInbox(db.sql);
    expect(listed.slice(0, 3).map(({ body }) => body)).toEqual(['three', 'two', 'one']);
  });

  it('knows no message of another id', async () => {
    expect(await readDemoInbox(db.sql, randomUUID())).toBeNull();
  });

  describe('plays a bad day', () => {
    const report = (became: string, reason: string | null = null) =>
      expect.objectContaining({ became, reason, code: null });
    const send = async (mood: DemoMood, channel: 'sms' | 'email' = 'sms') => {
      await setDemoMood(db.sql, channel, mood);
      const sent = letter();
      return { id: sent.id, taken: carriers[channel].send(sent) };
    };
    const becameOf = async (sent: Awaited<ReturnType<typeof send>>, channel: 'sms' | 'email' = 'sms') =>
      carriers[channel].ask!((await sent.taken).carrierId);

    it('or a good one: delivered', async () => {
      expect(await becameOf(await send('well'))).toEqual([report('delivered')]);
    });

    it('with messages that come late', async () => {
      const sent = await send('late');
      expect(await becameOf(sent)).toEqual([]);
      await db.sql`update demo_inbox set received_at = clock_timestamp() where id = ${sent.id}`;
      expect(await becameOf(sent)).toEqual([report('delivered')]);
    });

    it('with a carrier that takes nothing, until it is well again', async () => {
      const { taken, id } = await send('failing');
      await expect(taken).rejects.toMatchObject({
        kind: 'temporary',
        reason: 'carrier_fault',
        code: null,
        message: 'carrier_fault',
      });
      expect(await readDemoInbox(db.sql, id)).toBeNull();
      await setDemoMood(db.sql, 'sms', 'well');
      await carriers.sms.send(letter({ id }));
      expect(await readDemoInbox(db.sql, id)).not.toBeNull();
    });

    it('with messages that never arrive, one channel by itself', async () => {
      expect(await becameOf(await send('bouncing'))).toEqual(Array(2).fill(report('failed', 'unreachable')));
      expect(await becameOf(await send('bouncing', 'email'), 'email')).toEqual(
        Array(2).fill(report('failed', 'bounced')),
      );
      await setDemoMood(db.sql, 'sms', 'well');
      expect(await readDemoMoods(db.sql)).toEqual({ sms: 'well', email: 'bouncing' });
    });

    it('with news that come twice and in the wrong order', async () => {
      const said = await becameOf(await send('repeating'));
      expect(said.map(({ became }) => became)).toEqual(['delivered', 'sent', 'delivered', 'sent']);
      expect(new Set(said.map(({ event }) => event)).size).toBe(2);
    });

    it.each([
      ['repeating', 'delivered', ['delivered', 'sent']],
      ['bouncing', 'failed', ['failed']],
    ] as const)('of which the ledger takes each event once: %s', async (mood, state, events) => {
      const built = await buildPractice(db);
      const { bookingId } = await buildSent(db, built, { patient: { email: null } }, ['sms']);
      const { messages, carrierEvents } = tables;
      const message = async () =>
        (await db.database.select().from(messages).where(eq(messages.bookingId, bookingId)))[0]!;
      const { id } = await message();
      await setDemoMood(db.sql, 'sms', mood);
      const delivery = { database: db.database, carriers, keys: testKeys, publicUrl: 'https://v.example' };
      await deliver(delivery, async () => [id]);
      await db.database
        .update(messages)
        .set({ askAt: new Date(0) })
        .where(eq(messages.id, id));
      await askCarriers(delivery);
      expect(await message()).toMatchObject({ state });
      const taken = await db.database
        .select()
        .from(carrierEvents)
        .where(like(carrierEvents.id, `demo-${id}-%`));
      expect(taken.map((event) => event.id).sort()).toEqual(events.map((event) => `demo-${id}-${event}`));
      await setDemoMood(db.sql, 'sms', 'well');
    });
  });
});
