import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { answerLink } from '../../../domain/bookings/answer.ts';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { resendLink } from '../../../domain/bookings/sendLink.ts';
import { expireLink } from '../../../domain/bookings/steps.ts';
import { deliver } from '../../../domain/messages/deliver.ts';
import { takeReport } from '../../../domain/messages/deliveryReports.ts';
import { optOut } from '../../../domain/messages/optOut.ts';
import { recordFailed, recordSent, recordUncertain } from '../../../domain/messages/outcomes.ts';
import { reportsTogether } from '../../../domain/messages/reportsTogether.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { buildPractice, inDays, testKeys } from '../../builders.ts';
import { signIn } from '../../desk.ts';
import { buildSent } from '../../efforts.ts';
import {
  app,
  built,
  carriers,
  db,
  deliverAll,
  inTx,
  messagesOf,
  noMailbox,
  noMobile,
  openRow,
  sent,
  signals,
  states,
  useRefusals,
} from './refusals.ts';

useRefusals();

const { bookings, followUps, patients, practices } = tables;

describe('a link that a carrier refuses for good', () => {
  it('is tried once by the other channel, to whom the workflow is woken, and the patient stays under OLB Link Sent', async () => {
    const { bookingId, planned, patient, token } = await sent(['sms']);
    const { delivery, letters } = carriers({ sms: noMobile() });
    expect(await deliverAll(delivery, bookingId)).toBeNull();
    expect(await states(bookingId)).toEqual(['link sms 1 failed', 'link email 1 waiting']);
    expect(await signals(bookingId)).toBe(1);
    expect(await deliverAll(delivery, bookingId)).toBeNull();
    expect(letters).toMatchObject([{ channel: 'email', to: patient.email }]);
    expect(letters[0]!.text).toContain(`/b/${token}`);
    const [, email] = await messagesOf(bookingId);
    expect(email).toMatchObject({ sentBy: built.users.receptionist.id, language: 'en', state: 'sent' });
    expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
  });

  it('by both channels leads to Not delivered, and is not tried a third time', async () => {
    const { bookingId, planned } = await sent(['sms']);
    const { delivery, letters } = carriers({ sms: noMobile(), email: noMailbox() });
    for (let again = 0; again < 3; again++) expect(await deliverAll(delivery, bookingId)).toBeNull();
    expect(await states(bookingId)).toEqual(['link sms 1 failed', 'link email 1 failed']);
    expect(letters).toEqual([]);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered', bookingId, openedBy: null });
  });

  it('by one channel, while the other arrives, needs nothing more', async () => {
    const { bookingId, planned } = await sent(['sms', 'email']);
    await deliverAll(carriers({ sms: noMobile() }).delivery, bookingId);
    expect((await states(bookingId)).sort()).toEqual(['link email 1 sent', 'link sms 1 failed']);
    expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
  });

  it.each([
    ['the practice does not want the other channel', { otherChannel: false }, {}],
    ['no other contact is on file', {}, { email: null }],
  ] as [string, { otherChannel?: boolean }, { email?: null }][])(
    'leads to Not delivered where %s',
    async (_why, practice, patient) => {
      const theirs = await buildPractice(db, practice);
      const { bookingId, planned } = await buildSent(db, theirs, { patient }, ['sms']);
      await deliverAll(carriers({ sms: noMobile() }).delivery, bookingId);
      expect(await states(bookingId)).toEqual(['link sms 1 failed']);
      expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
      const [kept] = await db.database.select().from(practices).where(eq(practices.id, theirs.practice.id));
      expect(kept!.otherChannel).toBe(practice.otherChannel ?? true);
    },
  );

  it('leads to Not delivered where the patient wants no messages by the other channel', async () => {
    const { bookingId, planned, patient } = await sent(['sms']);
    await inTx((tx) =>
      optOut(tx, { practiceId: built.practice.id, channel: 'email', contact: patient.email! }, 'unsubscribed'),
    );
    await deliverAll(carriers({ sms: noMobile() }).delivery, bookingId);
    expect(await states(bookingId)).toEqual(['link sms 1 failed']);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
  });

  it('is written again to a contact that was corrected meanwhile, by the same channel', async () => {
    const { bookingId, planned, patient } = await sent(['sms']);
    const mobile = '+31600009999';
    const correct = () => db.database.update(patients).set({ mobile }).where(eq(patients.id, patient.id));
    await deliverAll(carriers({ sms: noMobile() }, correct).delivery, bookingId);
    expect(await states(bookingId)).toEqual(['link sms 1 failed', 'link sms 2 waiting']);
    const { delivery, letters } = carriers({});
    await deliverAll(delivery, bookingId);
    expect(letters).toMatchObject([{ channel: 'sms', to: mobile }]);
    expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
  });

  it('goes the other way too where its contact was removed, or wants no more, before it left', async () => {
    const [removed, unwanted] = [await sent(['sms']), await sent(['sms'])];
    await db.database.update(patients).set({ mobile: null }).where(eq(patients.id, removed.patient.id));
    await inTx((tx) =>
      optOut(tx, { practiceId: built.practice.id, channel: 'sms', contact: unwanted.patient.mobile! }, 'text'),
    );
    for (const { bookingId } of [removed, unwanted]) {
      const { delivery, letters } = carriers({});
      await deliverAll(delivery, bookingId);
      expect(await states(bookingId)).toEqual(['link sms 1 dropped', 'link email 1 waiting']);
      await deliverAll(delivery, bookingId);
      expect(letters.map(({ channel }) => channel)).toEqual(['email']);
    }
  });

  it('of which nobody knows whether it left is not tried otherwise: a person decides', async () => {
    const { bookingId, planned } = await sent(['sms']);
    const [message] = await messagesOf(bookingId);
    await recordUncertain(db.database, message!, { reason: 'lookup_failed', code: null });
    expect(await states(bookingId)).toEqual(['link sms 1 uncertain']);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
  });

  describe('for the moment only, as the carrier tells later', () => {
    const tellFailed = async (bookingId: string) => {
      const { carrierId } = (await messagesOf(bookingId)).findLast((message) => message.carrierId)!;
      const told = { carrierId: carrierId!, letterId: null, reason: 'rate_limited', code: '30001' } as const;
      await takeReport(db.database, { ...told, became: 'failed', at: new Date(), isPassing: true });
    };

    it('is written again for later, twice, and then leads to Not delivered', async () => {
      const { bookingId, planned, followUpId } = await sent(['sms'], { email: null });
      const { delivery, letters } = carriers({});
      delivery.carriers.sms.perMinute = 6_000;
      await deliverAll(delivery, bookingId);
      for (const [times, minutes] of [
        [1, 10],
        [2, 60],
      ] as const) {
        for (const _ of [1, 2]) await tellFailed(bookingId);
        expect((await states(bookingId)).slice(times - 1)).toEqual([
          `link sms ${times} failed`,
          `link sms ${times + 1} waiting`,
        ]);
        expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
        const waitMs = (await deliverAll(delivery, bookingId))! - Date.now();
        expect(Math.ceil(waitMs / 60_000)).toBe(minutes);
        expect(letters).toHaveLength(times);
        await db.database
          .update(tables.messages)
          .set({ sendAt: new Date() })
          .where(eq(tables.messages.id, (await messagesOf(bookingId)).at(-1)!.id));
        expect(await deliverAll(delivery, bookingId)).toBeNull();
        expect(letters).toHaveLength(times + 1);
      }
      await tellFailed(bookingId);
      expect(await states(bookingId)).toEqual(['link sms 1 failed', 'link sms 2 failed', 'link sms 3 failed']);
      expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered', id: followUpId });
      const { body } = await (await signIn(app, built.users.receptionist)).get('/follow-up?category=not_delivered');
      const row = new RegExp(`<li[^>]* id="follow-up-${followUpId}".*?<div class="actions">`, 's').exec(body)![0];
      expect(row).toContain('Send the link again later, or call.');
      expect(row).not.toContain('Correct the contact');
    });

    it('goes by the other channel at once, where there is one', async () => {
      const { bookingId } = await sent(['sms']);
      await deliverAll(carriers({}).delivery, bookingId);
      await tellFailed(bookingId);
      expect(await states(bookingId)).toEqual(['link sms 1 failed', 'link email 1 waiting']);
    });
  });

  it('stays under Not delivered when the link ends, and leaves it when it is sent again or booked', async () => {
    const [late, again, booked] = [await sent(['sms']), await sent(['sms']), await sent(['sms'])];
    const { delivery } = carriers({ sms: noMobile(), email: noMailbox() });
    for (const { bookingId } of [late, again, booked]) for (const _ of [1, 2]) await deliverAll(delivery, bookingId);
    await db.database.update(bookings).set({ linkExpiresAt: new Date() }).where(eq(bookings.id, late.bookingId));
    await inTx((tx) => expireLink(tx, late.bookingId));
    expect(await openRow(late.planned.id)).toMatchObject({ category: 'not_delivered' });
    const { id } = (await openRow(again.planned.id))!;
    await inTx((tx) => resendLink(tx, testKeys, built.staff, id, ['email']));
    expect(await openRow(again.planned.id)).toMatchObject({ category: 'olb_link_sent' });
    const desk = {
      providerId: built.providers[0]!.id,
      chairIds: [built.chairs[0]!.id],
      startsAt: inDays(built, 3, 0),
    };
    await inTx((tx) => bookAtDesk(tx, built.staff, booked.bookingId, desk));
    expect(await openRow(booked.planned.id)).toBeUndefined();
  });

  it('changes nothing for who has answered, or was sent another, and who was taken off by hand stays off', async () => {
    const [answered, resent, done] = [await sent(['sms']), await sent(['sms']), await sent(['sms'])];
    const [first] = await messagesOf(resent.bookingId);
    await inTx((tx) => answerLink(tx, answered.bookingId, 'call_me'));
    await inTx((tx) => answerLink(tx, resent.bookingId, 'no_time_suits'));
    await inTx((tx) => resendLink(tx, testKeys, built.staff, resent.followUpId, ['sms']));
    await db.database
      .update(followUps)
      .set({ closedAt: new Date(), closedBy: built.users.receptionist.id, closedReason: 'Moved away' })
      .where(eq(followUps.id, done.followUpId));
    const { delivery } = carriers({ sms: noMobile(), email: noMailbox() });
    await deliverAll(delivery, answered.bookingId);
    await deliver(delivery, async () => [first!.id]);
    for (const _ of [1, 2]) await deliverAll(delivery, done.bookingId);
    expect(await states(answered.bookingId)).toEqual(['link sms 1 failed']);
    expect(await openRow(answered.planned.id)).toMatchObject({ category: 'call_requested' });
    expect(await states(resent.bookingId)).toEqual(['link sms 1 failed', 'link sms 2 waiting']);
    expect(await openRow(done.planned.id)).toBeUndefined();
  });
});

describe('a link that was given up and arrived after all', () => {
  const gaveUp = { reason: 'lookup_failed', code: null };
  let event = 0;
  const tell = (letterId: string, became: 'sent' | 'delivered' | 'failed' = 'delivered') =>
    reportsTogether(db.database)({
      report: { carrierId: `late-${letterId}`, letterId, became, reason: null, code: null, at: new Date() },
      event: { carrier: 'resend', id: `late-${++event}` },
    });
  const followUpPage = async () => (await signIn(app, built.users.receptionist)).get('/follow-up');

  it('is under OLB Link Sent again, by whom it was sent, however often it is told', async () => {
    const { bookingId, planned, patient, followUpId } = await sent(['sms']);
    const [message] = await messagesOf(bookingId);
    await recordUncertain(db.database, message!, gaveUp);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
    await tell(message!.id, 'sent');
    const row = await openRow(planned.id);
    expect(row).toMatchObject({ category: 'olb_link_sent', openedBy: built.users.receptionist.id });
    await tell(message!.id);
    expect(await openRow(planned.id)).toEqual(row);
    const { body } = await followUpPage();
    const shown = new RegExp(`<li[^>]* id="follow-up-${followUpId}".*?<div class="actions">`, 's').exec(body)![0];
    expect(shown).toContain(patient.lastName);
    expect(shown).toContain('OLB Link Sent');
    expect(shown).not.toContain('No message reached the patient.');
    await tell(message!.id, 'failed');
    expect((await states(bookingId)).at(-1)).toBe('link email 1 waiting');
  });

  it('is so too among other good news, which is written together', async () => {
    const lost = await sent(['sms']);
    const well = await Promise.all([sent(['sms']), sent(['sms'])]);
    const take = reportsTogether(db.database);
    const [message] = await messagesOf(lost.bookingId);
    await recordUncertain(db.database, message!, gaveUp);
    const letters = [message!];
    for (const { bookingId } of well) {
      const [letter] = await messagesOf(bookingId);
      await recordSent(db.database, letter!, `late-${letter!.id}`, undefined);
      letters.push(letter!);
    }
    const delivered = { became: 'delivered', reason: null, code: null, at: new Date() } as const;
    await Promise.all(
      letters.map(({ id }) => take({ report: { ...delivered, carrierId: `late-${id}`, letterId: id }, event: null })),
    );
    for (const { bookingId } of [lost, ...well]) expect(await states(bookingId)).toEqual(['link sms 1 delivered']);
    expect(await openRow(lost.planned.id)).toMatchObject({ category: 'olb_link_sent' });
    const rows = await db.sql<{ written: string }[]>`
      select xmin::text as written from messages where booking_id = any(${well.map(({ bookingId }) => bookingId)}::uuid[])`;
    expect(new Set(rows.map(({ written }) => written)).size).toBe(1);
  });

  it('is so too where it was refused before any carrier took it', async () => {
    const { bookingId, planned } = await sent(['sms'], { email: null });
    const [message] = await messagesOf(bookingId);
    await recordFailed(db.database, message!, { reason: 'refused', code: null });
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
    await tell(message!.id);
    expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
  });

  it('stays under Not delivered where what was sent since did not arrive either', async () => {
    const { bookingId, planned, followUpId } = await sent(['sms'], { email: null });
    const [first] = await messagesOf(bookingId);
    await recordUncertain(db.database, first!, gaveUp);
    await inTx((tx) => resendLink(tx, testKeys, built.staff, followUpId, ['sms']));
    const [, second] = await messagesOf(bookingId);
    await recordUncertain(db.database, second!, gaveUp);
    await tell(first!.id);
    expect(await openRow(planned.id)).toMatchObject({ category: 'not_delivered' });
    await tell(second!.id);
    expect(await openRow(planned.id)).toMatchObject({ category: 'olb_link_sent' });
  });

  it('changes nothing for who has answered or was taken off by hand; a link that has ended was not chosen by', async () => {
    const [answered, done, ended] = [await sent(['sms']), await sent(['sms']), await sent(['sms'])];
    const lost = [];
    for (const { bookingId } of [answered, done, ended]) {
      const [message] = await messagesOf(bookingId);
      await recordUncertain(db.database, message!, gaveUp);
      lost.push(message!.id);
    }
    await inTx((tx) => answerLink(tx, answered.bookingId, 'call_me'));
    await db.database
      .update(followUps)
      .set({ closedAt: new Date(), closedBy: built.users.receptionist.id, closedReason: 'Moved away' })
      .where(eq(followUps.id, done.followUpId));
    await db.database.update(bookings).set({ linkExpiresAt: new Date() }).where(eq(bookings.id, ended.bookingId));
    await inTx((tx) => expireLink(tx, ended.bookingId));
    for (const id of lost) await tell(id);
    expect(await openRow(answered.planned.id)).toMatchObject({ category: 'call_requested' });
    expect(await openRow(done.planned.id)).toBeUndefined();
    expect(await openRow(ended.planned.id)).toMatchObject({ category: 'olb_link_expired' });
  });
});

describe('Follow Up', () => {
  it('says why, and what to do: correct the contact, then that it was corrected', async () => {
    const { bookingId, patient, followUpId } = await sent(['sms'], { email: null });
    await deliverAll(carriers({ sms: noMobile() }).delivery, bookingId);
    const rowIn = async (language: 'en' | 'nl') => {
      await db.database.update(tables.users).set({ language }).where(eq(tables.users.id, built.users.receptionist.id));
      const { body } = await (await signIn(app, built.users.receptionist)).get('/follow-up?category=not_delivered');
      return new RegExp(`<li[^>]* id="follow-up-${followUpId}".*?<div class="actions">.*?</div>`, 's').exec(body)![0];
    };
    const row = await rowIn('en');
    for (const text of ['not a mobile number', 'No message reached the patient.', 'Correct the contact', '/link']) {
      expect(row).toContain(text);
    }
    expect(await rowIn('nl')).toContain('Geen bericht heeft de patiënt bereikt. Verbeter het contactgegeven');
    await db.database.update(patients).set({ mobile: '+31600008888' }).where(eq(patients.id, patient.id));
    expect(await rowIn('en')).toContain('The contact was corrected since: send the link again.');
  });
});
