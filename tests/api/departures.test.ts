import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBlock } from '../../domain/book/blocks.ts';
import * as tables from '../../drizzle/schema/index.ts';
import {
  type BuiltPractice,
  buildAppointment,
  buildPatient,
  buildPlanned,
  buildPractice,
  inDays,
} from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let app: FastifyInstance;
let built: BuiltPractice;
let desk: Browser;
let minute = 0;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  app = await buildTestApp(db);
  desk = await signIn(app, built.users.receptionist);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

async function inTheChair(
  planned: Parameters<typeof buildPlanned>[3] = {},
  patient: Parameters<typeof buildPatient>[2] = {},
) {
  const person = await buildPatient(db, built, patient);
  const plan = await buildPlanned(db, built, person.id, planned);
  minute += 30;
  const appointment = await buildAppointment(db, built, person.id, minute);
  return { person, plan, appointment, url: `/book/appointments/${appointment.id}/departure` };
}

/** The window's fields as they stand. */
const asItStands = (id: string, more: Record<string, string | undefined> = {}) => ({
  [`book.${id}`]: 'on',
  [`length.${id}`]: '',
  [`description.${id}`]: 'Filling',
  [`note.${id}`]: '',
  [`provider.${id}`]: built.providers[0]!.id,
  [`interval.${id}`]: '',
  ...more,
});

async function departed(planned?: Parameters<typeof buildPlanned>[3], patient?: Parameters<typeof buildPatient>[2]) {
  const leaving = await inTheChair(planned, patient);
  expect((await desk.post(leaving.url, asItStands(leaving.plan.id))).statusCode).toBe(303);
  const [booking] = await db.database
    .select()
    .from(tables.bookings)
    .where(eq(tables.bookings.patientId, leaving.person.id));
  const [task] = await db.database
    .select()
    .from(tables.departureTasks)
    .where(eq(tables.departureTasks.bookingId, booking!.id));
  return { ...leaving, booking: booking!, task: task!, taskUrl: `/departure-tasks/${task!.id}` };
}

/** Where the form in an entry's card leads that undoes its departure. */
async function departureInBook(entryId: string): Promise<string | null> {
  const [, card] = (await desk.get('/book')).body.split(`id="entry-${entryId}"`);
  return /^(?:(?!<li).)*? action="(\/departures\/[^"]+\/undo)"/s.exec(card!)?.[1] ?? null;
}
const entryNow = async (id: string) =>
  (await db.database.select().from(tables.bookEntries).where(eq(tables.bookEntries.id, id)))[0]!;
const taskNow = async (id: string) =>
  (await db.database.select().from(tables.departureTasks).where(eq(tables.departureTasks.id, id)))[0]!;

const settings = {
  workflow: (appointmentWorkflow: boolean) =>
    db.database.update(tables.practices).set({ appointmentWorkflow }).where(eq(tables.practices.id, built.practice.id)),
  chairs: (active: boolean) =>
    db.database.update(tables.chairs).set({ active }).where(eq(tables.chairs.practiceId, built.practice.id)),
};
type Settings = typeof settings;

describe('the departure window', () => {
  it('shows what is planned, and brings what is ticked to the Departure Task List', async () => {
    const { person, plan, url } = await inTheChair({ description: 'Crown preparation' });
    const window = await desk.get(url, { partial: true });
    expect(window.body).toContain('Crown preparation');
    await desk.post(url, asItStands(plan.id, { [`description.${plan.id}`]: 'Crown preparation' }));
    const list = await desk.get('/departure-tasks');
    expect(list.body).toContain(person.lastName);
    expect(list.body).toContain('0:30');
  });

  it('asks once when nothing is ticked, and then takes it for an answer', async () => {
    const { person, plan, url } = await inTheChair();
    const fields = asItStands(plan.id, { [`book.${plan.id}`]: undefined });
    const asked = await desk.post(url, fields);
    expect(asked.statusCode).toBe(422);
    expect(asked.body).toContain('name="nothing"');
    expect((await desk.post(url, { ...fields, nothing: 'on' })).statusCode).toBe(303);
    expect(await db.database.select().from(tables.bookings).where(eq(tables.bookings.patientId, person.id))).toEqual(
      [],
    );
  });

  it.each([['25:00'], ['0:00'], ['an hour']])('keeps the form as filled when the length is %s', async (length) => {
    const { plan, url, appointment } = await inTheChair();
    const answer = await desk.post(
      url,
      asItStands(plan.id, { [`length.${plan.id}`]: length, [`note.${plan.id}`]: 'Kept as typed' }),
    );
    expect(answer.statusCode).toBe(422);
    expect(answer.body).toContain(`value="${length}"`);
    expect(answer.body).toContain('Kept as typed');
    const [entry] = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.id, appointment.id));
    expect(entry!.status).toBe('in_chair');
  });

  it('is one departure for two appointments of one day', async () => {
    const { person, plan, appointment, url } = await inTheChair();
    minute += 30;
    const second = await buildAppointment(db, built, person.id, minute);
    await desk.post(url, asItStands(plan.id));
    await desk.post(`/book/appointments/${second.id}/departure`, {});
    const departures = await db.database
      .select()
      .from(tables.departures)
      .where(eq(tables.departures.patientId, person.id));
    expect(departures).toHaveLength(1);
    const entries = await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.patientId, person.id));
    expect(entries.map(({ status }) => status)).toEqual(['departed', 'departed']);
    expect(entries.map(({ id }) => id).sort()).toEqual([appointment.id, second.id].sort());
  });

  it('is not there for an appointment of another day', async () => {
    const { appointment, url } = await inTheChair();
    await db.database
      .update(tables.bookEntries)
      .set({ startsAt: inDays(built, 1, 600), endsAt: inDays(built, 1, 630) })
      .where(eq(tables.bookEntries.id, appointment.id));
    expect((await desk.get(url)).statusCode).toBe(409);
  });

  it('brings no tasks where the practice has no Appointment Workflow', async () => {
    const { person, plan, url } = await inTheChair();
    await settings.workflow(false);
    await desk.post(url, asItStands(plan.id));
    await settings.workflow(true);
    expect(await db.database.select().from(tables.bookings).where(eq(tables.bookings.patientId, person.id))).toEqual(
      [],
    );
  });
});

describe('a departure', () => {
  it('leaves its reader on the day they were looking at', async () => {
    const { plan, url } = await inTheChair();
    const within = { partial: true, headers: { 'hx-current-url': 'http://localhost/book?by=chair' } };
    expect((await desk.post(url, asItStands(plan.id), within)).headers['hx-redirect']).toBe('/book?by=chair');
  });

  it('is undone while nothing was sent, and not afterwards', async () => {
    const wrong = await departed();
    expect((await desk.post(`/departures/${wrong.task.departureId}/undo`)).statusCode).toBe(303);
    expect((await taskNow(wrong.task.id)).outcome).toBe('undone');
    expect((await desk.post(`/departures/${wrong.task.departureId}/undo`)).body).toContain('Somebody was first');
    const sent = await departed();
    await desk.post(`${sent.taskUrl}/link`, { channels: ['email'] });
    expect((await desk.post(`/departures/${sent.task.departureId}/undo`)).statusCode).toBe(409);
  });

  it.each([
    ['no scripts', false, 303],
    ['scripts, where the grid draws itself again', true, 204],
  ])('is undone from the book where it brought no task: with %s', async (_how, partial, status) => {
    const { plan, url, appointment } = await inTheChair();
    await desk.post(url, asItStands(plan.id, { [`book.${plan.id}`]: undefined, nothing: 'on' }));
    const found = await departureInBook(appointment.id);
    const undone = await desk.post(found!, {}, { partial });
    expect(undone.statusCode).toBe(status);
    expect((await entryNow(appointment.id)).status).toBe('in_chair');
    expect(await departureInBook(appointment.id)).toBeNull();
    expect((await desk.post(found!)).body).toContain('Somebody was first');
  });

  it('says in the card of the book why it stands', async () => {
    const { taskUrl, appointment } = await departed();
    await desk.post(`${taskUrl}/first-free`);
    const undone = await desk.post((await departureInBook(appointment.id))!, {}, { partial: true });
    expect(undone.statusCode).toBe(409);
    expect(undone.body).toContain('This departure cannot be undone any more');
    expect((await entryNow(appointment.id)).status).toBe('departed');
  });
});

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
