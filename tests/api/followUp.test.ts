import { and, eq, isNull } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../domain/book/rules/localTime.ts';
import { workflowIdOf } from '../../domain/contract.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { formats } from '../../locales/formats.ts';
import { buildPractice, inDays } from '../builders.ts';
import { signIn } from '../desk.ts';
import { buildBookedOnline, buildLinksOut, buildSent } from '../efforts.ts';
import {
  app,
  bookingNow,
  built,
  db,
  desk,
  endLink,
  expired,
  followUpNow,
  rowOf,
  temporalUi,
  today,
  useFollowUp,
  waiting,
} from './followUpDesk.ts';

useFollowUp();

const { followUps, messages } = tables;

/** The figure beside a category's name. */
async function countOf(name: string) {
  const { body } = await desk.get('/follow-up');
  return Number(new RegExp(`${name} <span class="count">(\\d+)</span>`).exec(body)?.[1] ?? 0);
}

async function dutchReceptionist() {
  const [dutch] = await db.database
    .insert(tables.users)
    .values({
      ...built.users.receptionist,
      id: undefined,
      email: `receptie-${++receptionists}@example.com`,
      language: 'nl',
    })
    .returning();
  return dutch!;
}
let receptionists = 0;

describe('Follow Up', () => {
  it('counts each category, and shows one category or all', async () => {
    const [sentBefore, expiredBefore, allBefore] = [
      await countOf('OLB Link Sent'),
      await countOf('OLB Link Expired'),
      await countOf('All'),
    ];
    const [one, other, late] = [await waiting(), await waiting(), await expired()];
    expect(await countOf('OLB Link Sent')).toBe(sentBefore + 2);
    expect(await countOf('OLB Link Expired')).toBe(expiredBefore + 1);
    expect(await countOf('All')).toBe(allBefore + 3);

    const sent = (await desk.get('/follow-up?category=olb_link_sent')).body;
    expect([one, other, late].map(({ patient }) => sent.includes(patient.lastName))).toEqual([true, true, false]);
    const ended = (await desk.get('/follow-up?category=olb_link_expired', { partial: true })).body;
    expect([one, other, late].map(({ patient }) => ended.includes(patient.lastName))).toEqual([false, false, true]);
    expect(ended).toMatch(/^<div id="follow-up"/);
    const all = (await desk.get('/follow-up')).body;
    expect([one, other, late].map(({ patient }) => all.includes(patient.lastName))).toEqual([true, true, true]);
  });

  it('says until the end of which day a link works, as its message does, and since when a row waits', async () => {
    const { followUpId, bookingId } = await waiting();
    const { linkExpiresAt } = await bookingNow(bookingId);
    const lastDay = formats('en', built.practice.timeZone).longDay(linkExpiresAt!.getTime() - 1);
    const until = `until the end of ${lastDay}`;
    expect(await rowOf(desk, followUpId)).toContain(`good ${until}`);
    expect((await desk.get(`/follow-up/${followUpId}/done`)).body).toContain(`stays good ${until}:`);
    await expired();
    expect((await desk.get('/follow-up?category=olb_link_expired')).body).toMatch(/Since \d+ \w+, \d\d:\d\d/);
  });

  it('says so when there are more than it shows; who waits for the practice comes before those whose link is out', async () => {
    const busy = await buildPractice(db);
    const { followUpId } = (await buildLinksOut(db, busy, 501)).at(-1)!;
    await db.sql`update follow_ups set category = 'call_requested', opened_at = now() where id = ${followUpId}`;
    const { body } = await (await signIn(app, busy.users.receptionist)).get('/follow-up');
    expect(body.match(/id="follow-up-/g)).toHaveLength(500);
    expect(/id="follow-up-([^"]+)"/.exec(body)![1]).toBe(followUpId);
    expect(body).toContain('Only the first 500 are shown');
    expect((await desk.get('/follow-up')).body).not.toContain('are shown');
  });

  it.each(['nonsense', 'constructor', '__proto__', ''])('takes the category “%s” for none', async (category) => {
    const { patient } = await waiting();
    const page = await desk.get(`/follow-up?category=${category}`);
    expect([page.statusCode, page.body.includes(patient.lastName)]).toEqual([200, true]);
  });

  it('says when the link was sent and by whom, when it ends, which reminders are to come and how its messages fare', async () => {
    const { followUpId, bookingId } = await waiting();
    const row = await rowOf(desk, followUpId);
    expect(row).toContain('by The receptionist');
    expect(row).toMatch(/good until the end of \w+day \d/);
    expect(row).toMatch(/reminders: \d/);
    await db.database
      .update(messages)
      .set({ state: 'failed', reason: 'not_mobile' })
      .where(eq(messages.bookingId, bookingId));
    expect(await rowOf(desk, followUpId)).toContain('Booking link, SMS: not delivered (not a mobile number)');
  });

  it('says it in Dutch to who reads Dutch', async () => {
    const { followUpId } = await waiting();
    const row = await rowOf(await signIn(app, await dutchReceptionist()), followUpId);
    expect(row).toContain('OLB link verstuurd');
    expect(row).toContain('Link opnieuw versturen');
  });

  it('shows at once whose appointment was cancelled at the desk, why, by whom, and what can be done', async () => {
    const startsAt = inDays(built, 31, 600);
    const { patient, entryId, bookingId } = await buildBookedOnline(db, built, { startsAt });
    expect((await desk.get('/follow-up')).body).not.toContain(patient.lastName);
    expect((await desk.post(`/book/appointments/${entryId}/cancellation`)).statusCode).toBe(303);
    const [open] = await db.database
      .select()
      .from(followUps)
      .where(and(eq(followUps.bookingId, bookingId), isNull(followUps.closedAt)));
    const row = await rowOf(desk, open!.id, '/follow-up?category=unbooked');
    const when = formats('en', built.practice.timeZone).dateTime(startsAt);
    expect(row).toContain(`The appointment of ${when} was cancelled.`);
    expect(row).toContain('by The receptionist');
    expect(row).toContain(`/follow-up/${open!.id}/gaps`);
    expect(row).toContain(`/follow-up/${open!.id}/link`);
    expect((await desk.get(`/follow-up/${open!.id}/gaps`)).body).toContain('name="time"');
  });

  it('leads a manager to the workflow, and a receptionist not', async () => {
    const { followUpId, bookingId } = await waiting();
    const address = `${temporalUi}/namespaces/default/workflows/${workflowIdOf(bookingId)}`;
    expect(await rowOf(await signIn(app, built.users.manager), followUpId)).toContain(address);
    expect(await rowOf(desk, followUpId)).not.toContain(temporalUi);
  });

  it('is for the desk, not for providers', async () => {
    expect((await (await signIn(app, built.users.provider)).get('/follow-up')).statusCode).toBe(403);
  });
});

describe('a row of Follow Up', () => {
  it('is put off to another day, with a reason, and stays under its category', async () => {
    const { url, followUpId } = await waiting();
    const wrong = await desk.post(`${url}/postponement`, { reason: 'On holiday', dueOn: addDays(today(), -1) });
    expect(wrong.statusCode).toBe(422);
    expect(wrong.body).toContain('On holiday');
    expect(wrong.body).toContain(`value="${addDays(today(), -1)}"`);
    expect(wrong.body).toContain('This date has passed');
    expect((await desk.post(`${url}/postponement`, { reason: '  ', dueOn: '' })).statusCode).toBe(422);
    const dueOn = addDays(today(), 9);
    const within = { partial: true, headers: { 'hx-current-url': 'http://localhost/follow-up' } };
    await desk.post(`${url}/postponement`, { reason: 'On holiday', dueOn }, within);
    expect((await desk.get('/follow-up')).body).toContain('until that day the patient stands last on Follow Up');
    const row = await followUpNow(followUpId);
    expect([row.category, row.dueOn, row.note, row.closedAt]).toEqual(['olb_link_sent', dueOn, 'On holiday', null]);
    const { auditEntries } = tables;
    const audited = await db.database.select().from(auditEntries).where(eq(auditEntries.bookingId, row.bookingId));
    expect(audited.map(({ action }) => action)).toContain('follow_up.postponed');
    const shown = await rowOf(desk, followUpId);
    expect(shown).toContain('On holiday');
    expect(shown).toContain('look at it again on');
  });

  it('that is put off stands last until its day, and first from then on, and says so', async () => {
    const practice = await buildPractice(db);
    const receptionist = await signIn(app, practice.users.receptionist);
    const rows: Awaited<ReturnType<typeof buildSent>>[] = [];
    for (let i = 0; i < 4; i++) rows.push(await buildSent(db, practice));
    const order = async () =>
      [...(await receptionist.get('/follow-up')).body.matchAll(/id="follow-up-([^"]+)"/g)].map(([, id]) =>
        rows.findIndex(({ followUpId }) => followUpId === id),
      );
    const putOff = (row: number, dueOn: string) =>
      receptionist.post(`/follow-up/${rows[row]!.followUpId}/postponement`, { reason: 'Calls back', dueOn });
    expect(await order()).toEqual([0, 1, 2, 3]);
    await putOff(0, addDays(today(), 9));
    await putOff(1, addDays(today(), 1));
    expect(await order()).toEqual([2, 3, 1, 0]);
    expect(await rowOf(receptionist, rows[1]!.followUpId)).not.toContain('Due:');
    // Without a day nothing is put off, and to today neither.
    await putOff(2, '');
    expect((await receptionist.get('/follow-up')).body).toContain('Noted: the patient stays on Follow Up.');
    expect(await order()).toEqual([2, 3, 1, 0]);
    await putOff(3, today());
    expect((await receptionist.get('/follow-up')).body).toContain('Noted: the patient stays on Follow Up.');
    expect(await order()).toEqual([3, 2, 1, 0]);
    const due = await rowOf(receptionist, rows[3]!.followUpId);
    expect(due).toContain(`Due: it was put off to ${formats('en', practice.practice.timeZone).longDayOf(today())}.`);
    expect(due).not.toContain('look at it again');
    // A day later it is the next one's turn.
    await db.sql`update follow_ups set due_on = due_on - 1 where practice_id = ${practice.practice.id}`;
    expect(await order()).toEqual([3, 1, 2, 0]);
    await db.sql`update users set language = 'nl' where id = ${practice.users.receptionist.id}`;
    expect(await rowOf(await signIn(app, practice.users.receptionist), rows[1]!.followUpId)).toContain('Aan de beurt:');
  });

  it('that was taken off by hand does not come back when its link ends; its window says what goes on', async () => {
    const { url, followUpId, bookingId, planned } = await waiting();
    const dutch = await dutchReceptionist();
    const window = await desk.get(`${url}/done`);
    expect(window.body).toContain('The link stays good until');
    expect(window.body).toContain('Its reminders still go out.');
    const inDutch = await (await signIn(app, dutch)).get(`${url}/done`);
    expect(inDutch.body).toContain('De link blijft geldig tot');
    expect(inDutch.body).toContain('De herinneringen worden nog verstuurd.');
    await db.database.update(tables.bookings).set({ reminderTimes: [] }).where(eq(tables.bookings.id, bookingId));
    const unreminded = await desk.get(`${url}/done`);
    expect(unreminded.body).toContain('The link stays good until');
    expect(unreminded.body).not.toContain('Its reminders still go out.');

    expect((await desk.post(`${url}/done`, { reason: 'Calls himself' })).statusCode).toBe(303);
    await endLink(bookingId);
    expect((await bookingNow(bookingId)).state).toBe('expired');
    const rows = await db.database.select().from(followUps).where(eq(followUps.plannedAppointmentId, planned.id));
    expect(rows).toMatchObject([{ id: followUpId, closedReason: 'Calls himself' }]);

    const ended = await expired();
    expect((await desk.get(`${ended.url}/done`)).body).not.toContain('The link stays good');
  });

  it('has its contacts collected in a window of its own, which ends on the list as it was filtered', async () => {
    const { url, patient } = await waiting();
    const at = '/follow-up?category=olb_link_sent';
    const within = { partial: true, headers: { 'hx-current-url': `http://localhost${at}` } };
    await db.database
      .update(tables.patients)
      .set({ email: null, mobile: null })
      .where(eq(tables.patients.id, patient.id));
    const warning = await desk.get(`${url}/link`, within);
    const [, collect] = /hx-get="([^"]+)"/.exec(warning.body)!;
    expect(collect).toContain(`${url}/contacts?back=`);
    const window = await desk.get(collect!, within);
    expect(window.body).toMatch(/^<section/);
    expect(window.body).toContain('name="contactOwner"');
    const wrong = await desk.post(collect!, { mobile: '', email: 'nobody', contactOwner: 'patient' }, within);
    expect([wrong.statusCode, wrong.body.includes('This is not an email address.')]).toEqual([422, true]);
    const fields = { mobile: '', email: 'new@example.com', contactOwner: 'parent' };
    const saved = await desk.post(collect!, fields, within);
    expect(saved.headers['hx-redirect']).toBe(at);
    const page = (await desk.get(at)).body;
    expect(page).toContain('The contacts are saved.');
    expect(page).toContain('new@example.com');
  });

  it('leads back to the list as it was filtered', async () => {
    const at = '/follow-up?category=olb_link_sent';
    const within = { partial: true, headers: { 'hx-current-url': `http://localhost${at}` } };
    const { url } = await waiting();
    const dueOn = addDays(today(), 3);
    const put = await desk.post(`${url}/postponement`, { reason: 'Calls back', dueOn }, within);
    expect(put.headers['hx-redirect']).toBe(at);
    expect((await desk.post(`${url}/link`, { channels: ['email'] }, within)).headers['hx-redirect']).toBe(at);
    expect((await desk.post(`${url}/done`, { reason: 'By telephone' }, within)).headers['hx-redirect']).toBe(at);
  });

  it('is done with a reason, once', async () => {
    const { url, followUpId } = await waiting();
    const without = await desk.post(`${url}/done`, { reason: ' ' });
    expect([without.statusCode, without.body.includes('This is required')]).toEqual([422, true]);
    const long = `Moved away ${'x'.repeat(500)}`;
    const tooLong = await desk.post(`${url}/done`, { reason: long });
    expect([tooLong.statusCode, tooLong.body.includes(long)]).toEqual([422, true]);
    expect((await desk.post(`${url}/done`, { reason: 'Moved away' })).statusCode).toBe(303);
    const row = await followUpNow(followUpId);
    expect([row.closedReason, row.closedBy]).toEqual(['Moved away', built.users.receptionist.id]);
    expect(await rowOf(desk, followUpId)).toBe('');
    expect((await desk.post(`${url}/done`, { reason: 'Again' })).statusCode).toBe(409);
  });

  it('of another practice does not exist', async () => {
    const { url } = await waiting();
    const other = await buildPractice(db);
    const stranger = await signIn(app, other.users.receptionist);
    for (const window of ['link', 'contacts', 'gaps', 'postponement', 'done']) {
      expect((await stranger.get(`${url}/${window}`)).statusCode).toBe(404);
    }
    expect((await stranger.post(`${url}/done`, { reason: 'Not mine' })).statusCode).toBe(404);
  });
});
