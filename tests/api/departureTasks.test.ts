import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { makeBlock } from '../../domain/book/blocks.ts';
import { localDay } from '../../domain/book/rules/localTime.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { inDays } from '../builders.ts';
import { signIn } from '../desk.ts';
import { asItStands, departed, inTheChair, type Settings, settings, taskNow } from './departureDesk.ts';
import { app, built, db, desk, useReception } from './reception.ts';

useReception();

const formAction = (html: string) =>
  /<form action="([^"]+\/appointment[^"]*)"/.exec(html)![1]!.replaceAll('&amp;', '&');

describe('a task', () => {
  it('offers the online button, or says why it is not there', async () => {
    const zero = await departed();
    await db.database
      .delete(tables.plannedServices)
      .where(eq(tables.plannedServices.plannedAppointmentId, zero.plan.id));
    expect((await desk.get('/departure-tasks')).body).toContain(`/patients/${zero.person.id}/chart`);
    await db.database
      .update(tables.providerOnlineBooking)
      .set({ bookable: false })
      .where(eq(tables.providerOnlineBooking.providerId, built.providers[1]!.id));
    const leaving = await inTheChair();
    await desk.post(
      leaving.url,
      asItStands(leaving.plan.id, { [`provider.${leaving.plan.id}`]: built.providers[1]!.id }),
    );
    expect((await desk.get('/departure-tasks')).body).toContain('the provider is not configured for it');
  });

  it.each([
    [
      'every chair of the provider is out of use',
      (set: Settings) => set.chairs(false),
      'the provider is not configured',
    ],
    [
      'the practice does not use the Appointment Workflow any more',
      (set: Settings) => set.workflow(false),
      'the practice does not use the Appointment Workflow',
    ],
  ])('has no online button, for the reason that Send would give, where %s', async (_when, change, reason) => {
    const { taskUrl } = await departed();
    const row = async () => {
      const body = (await desk.get('/departure-tasks')).body;
      const [, ours] = body.split(`id="task-${taskUrl.split('/').at(-1)}"`);
      return ours!.split('</li>')[0]!;
    };
    expect(await row()).toContain(`${taskUrl}/link`);
    try {
      await change(settings);
      expect(await row()).not.toContain(`${taskUrl}/link`);
      expect(await row()).toContain(`No online booking: ${reason}`);
      expect((await desk.post(`${taskUrl}/link`, { channels: ['email'] })).statusCode).toBe(409);
    } finally {
      await settings.chairs(true);
      await settings.workflow(true);
    }
  });

  it('sends the link by what is ticked, and says it at the boxes when nothing is', async () => {
    const { taskUrl, task, person } = await departed();
    const window = await desk.get(`${taskUrl}/link`);
    expect(window.body.match(/name="channels"[^>]*checked/g)).toHaveLength(2);
    const none = await desk.post(`${taskUrl}/link`, {});
    expect([none.statusCode, none.body.includes('Tick at least one way')]).toEqual([422, true]);
    expect(none.body.match(/name="channels"/g)).toHaveLength(2);
    expect(none.body).not.toMatch(/name="channels"[^>]*checked/);
    expect((await desk.post(`${taskUrl}/link`, { channels: ['sms', 'email'] })).statusCode).toBe(303);
    expect((await taskNow(task.id)).outcome).toBe('link_sent');
    const followUp = await desk.get('/follow-up?category=olb_link_sent');
    expect(followUp.body).toContain(person.lastName);
    expect((await desk.post(`${taskUrl}/link`, { channels: ['sms'] })).statusCode).toBe(409);
  });

  it('warns with both ways out when there is no contact on file, and goes on once there is one', async () => {
    const { taskUrl, person } = await departed({}, { email: null, mobile: null });
    const warning = await desk.get(`${taskUrl}/link`);
    expect(warning.body).toContain(`${taskUrl}/contacts`);
    expect(warning.body).toContain(`/patients/${person.id}/edit?back=%2Fbook`);
    const wrong = await desk.post(`${taskUrl}/contacts`, { mobile: '12', email: 'nobody', contactOwner: 'parent' });
    expect(wrong.statusCode).toBe(422);
    expect(wrong.body).toContain('value="nobody"');
    expect(
      (await desk.post(`${taskUrl}/contacts`, { mobile: '+31 6 0000 0042', email: '', contactOwner: 'parent' }))
        .statusCode,
    ).toBe(303);
    const [saved] = await db.database.select().from(tables.patients).where(eq(tables.patients.id, person.id));
    expect([saved!.mobile, saved!.email, saved!.contactOwner]).toEqual(['+31600000042', null, 'parent']);
    expect((await desk.get(`${taskUrl}/link`)).body).toContain('+31600000042');
  });

  it('is put off with a reason, not to a day that has passed', async () => {
    const { taskUrl, task } = await departed();
    const past = await desk.post(`${taskUrl}/postponement`, { reason: 'Asks her insurer', dueOn: '2020-01-01' });
    expect([past.statusCode, past.body.includes('Asks her insurer')]).toEqual([422, true]);
    expect((await desk.post(`${taskUrl}/postponement`, { reason: '', dueOn: '' })).statusCode).toBe(422);
    expect((await desk.post(`${taskUrl}/postponement`, { reason: 'Asks her insurer', dueOn: '' })).statusCode).toBe(
      303,
    );
    expect((await taskNow(task.id)).outcome).toBe('postponed');
    expect((await desk.get('/follow-up?category=postponed')).body).toContain('Asks her insurer');
  });

  it('is booked at the desk at the first free time, or at one that fits', async () => {
    const first = await departed();
    expect((await desk.post(`${first.taskUrl}/first-free`)).statusCode).toBe(303);
    expect((await taskNow(first.task.id)).outcome).toBe('booked_at_desk');
    const other = await departed();
    const gaps = await desk.get(`${other.taskUrl}/gaps`);
    const time = /name="time" value="([^"]+)"/.exec(gaps.body)![1]!;
    expect((await desk.post(`${other.taskUrl}/appointment`, { time })).statusCode).toBe(303);
    const rival = await departed();
    const taken = await desk.post(`${rival.taskUrl}/appointment`, { time });
    expect([taken.statusCode, taken.body.includes('This time is not free')]).toEqual([409, true]);
    expect((await taskNow(rival.task.id)).closedAt).toBeNull();
  });

  it('shows the days that its reader looked at once more where a colleague was faster', async () => {
    const [one, other] = [await departed(), await departed()];
    const from = localDay(inDays(built, 40, 0).getTime(), built.practice.timeZone);
    const { body } = await desk.get(`${other.taskUrl}/gaps?from=${from}`);
    const action = formAction(body);
    const time = /name="time" value="([^"]+)"/.exec(body)![1]!;
    await desk.post(`${one.taskUrl}/appointment`, { time });
    const taken = await desk.post(action, { time });
    expect(taken.statusCode).toBe(409);
    const [first] = /name="time" value="(\d+)/.exec(taken.body)!.slice(1);
    expect(Number(first)).toBeGreaterThanOrEqual(inDays(built, 40, 0).getTime());
    expect(formAction(taken.body)).toBe(action);
  });

  it('is booked at the first free time also when that is weeks away', async () => {
    const { taskUrl, booking } = await departed();
    const untilDay = inDays(built, 24, 0);
    await db.database.transaction((tx) =>
      makeBlock(tx, built.staff, {
        locationId: built.location.id,
        providerId: built.providers[0]!.id,
        chairId: null,
        reason: 'absence',
        note: '',
        startsAt: inDays(built, -1, 0),
        endsAt: untilDay,
        overlapAllowed: true,
      }),
    );
    const gaps = await desk.get(`${taskUrl}/gaps`);
    const [firstTime] = /name="time" value="(\d+)/.exec(gaps.body)!.slice(1);
    expect(Number(firstTime)).toBeGreaterThanOrEqual(untilDay.getTime());
    expect((await desk.post(`${taskUrl}/first-free`)).statusCode).toBe(303);
    const [entry] = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.bookingId, booking.id));
    expect(entry!.startsAt.getTime()).toBe(Number(firstTime));
  });

  it('is booked by no gap button on a day too early, and with nobody who no longer treats', async () => {
    const { taskUrl, task } = await departed();
    const at = (day: number) => ({ time: `${inDays(built, day, 600).getTime()} ${built.chairs[0]!.id}` });
    const early = await desk.post(`${taskUrl}/appointment`, at(0));
    expect([early.statusCode, early.body.includes('before the first day')]).toEqual([409, true]);
    expect((await desk.post(`${taskUrl}/appointment`, at(-400))).statusCode).toBe(409);
    const treats = (active: boolean) =>
      db.database.update(tables.providers).set({ active }).where(eq(tables.providers.id, built.providers[0]!.id));
    await treats(false);
    const gone = await desk.post(`${taskUrl}/appointment`, at(40));
    expect([gone.statusCode, gone.body.includes('This provider no longer treats')]).toEqual([409, true]);
    const gaps = await desk.get(`${taskUrl}/gaps`);
    expect(gaps.body).toContain('The provider no longer treats.');
    expect(gaps.body).not.toContain('name="time"');
    await treats(true);
    expect((await taskNow(task.id)).closedAt).toBeNull();
  });

  it.each(['/departure-tasks', '/book?day=2031-02-03', '/book?by=chair'])(
    'leads back to %s, where its reader was, with scripts and without',
    async (at) => {
      const within = { partial: true, headers: { 'hx-current-url': `http://localhost${at}` } };
      const from = { headers: { referer: `http://localhost${at}` } };
      const reason = { reason: 'Calls back', dueOn: '' };
      const [one, other, sent, collected, undone] = [
        await departed(),
        await departed(),
        await departed(),
        await departed(),
        await departed(),
      ];
      const scripted = await desk.post(`${one.taskUrl}/postponement`, reason, within);
      expect(scripted.headers['hx-redirect']).toBe(at);

      // Without scripts the window is a page of its own, and the form comes from there.
      const window = await desk.get(`${other.taskUrl}/postponement`, from);
      expect(window.body).toContain(`href="${at}"`);
      const action = /<form action="([^"]+\/postponement[^"]*)"/.exec(window.body)![1]!;
      const here = { headers: { referer: `http://localhost${other.taskUrl}/postponement` } };
      const wrong = await desk.post(action, { reason: '', dueOn: '' }, here);
      expect(wrong.body).toContain(`action="${action}"`);
      expect((await desk.post(action, reason, here)).headers.location).toBe(at);
      expect((await desk.get(at)).body).toContain('Postponed: the patient stands on Follow Up.');

      expect((await desk.post(`${sent.taskUrl}/link`, { channels: ['sms'] }, within)).headers['hx-redirect']).toBe(at);
      const contacts = { mobile: '', email: 'new@example.com', contactOwner: 'patient' };
      const saved = await desk.post(`${collected.taskUrl}/contacts`, contacts, within);
      expect(saved.headers['hx-redirect']).toBe(at);
      expect((await desk.post(`/departures/${undone.task.departureId}/undo`, {}, from)).headers.location).toBe(at);
    },
  );

  it('leads to the book where its reader was elsewhere', async () => {
    const { taskUrl } = await departed();
    for (const back of ['//elsewhere.example', 'https://elsewhere.example', '/settings/users', '/departure-tasks/x']) {
      const window = await desk.get(`${taskUrl}/link?back=${encodeURIComponent(back)}`, {
        headers: { referer: `http://elsewhere.example/departure-tasks` },
      });
      expect(window.body).toContain(`${taskUrl}/link?back=%2Fbook"`);
    }
  });

  it('shows colleagues who is working on it', async () => {
    const { taskUrl } = await departed();
    const colleague = await signIn(app, built.users.manager);
    await colleague.post(`${taskUrl}/taking`);
    expect((await desk.get('/departure-tasks')).body).toContain('The manager is working on it');
    await colleague.post(`${taskUrl}/letting-go`);
    expect((await desk.get('/departure-tasks')).body).not.toContain('is working on it');
  });
});
