import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localDay } from '../../domain/book/rules/localTime.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPractice, inDays } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { buildBookedOnline, buildDeparting } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let desk: Browser;
let mill: { id: string; chairId: string };
let entryId: string;
let patientId: string;
const ahead = 6;
const day = () => localDay(inDays(built, ahead, 600).getTime(), built.practice.timeZone);

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  app = await buildTestApp(db);
  desk = await signIn(app, built.users.receptionist);
  const { id: _, createdAt: __, ...same } = built.location;
  const [location] = await db.database
    .insert(tables.locations)
    .values({ ...same, name: 'Mill House' })
    .returning();
  const [chair] = await db.database
    .insert(tables.chairs)
    .values({ practiceId: built.practice.id, locationId: location!.id, name: 'Mill chair' })
    .returning();
  mill = { id: location!.id, chairId: chair!.id };
  ({ id: patientId } = await buildPatient(db, built, { firstName: 'Marieke', lastName: 'Molenaar' }));
  const [entry] = await db.database
    .insert(tables.bookEntries)
    .values({
      practiceId: built.practice.id,
      locationId: mill.id,
      kind: 'appointment',
      status: 'booked',
      patientId,
      providerId: built.providers[0]!.id,
      chairId: mill.chairId,
      startsAt: inDays(built, ahead, 600),
      endsAt: inDays(built, ahead, 630),
    })
    .returning();
  entryId = entry!.id;
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const words = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('a link to an appointment', () => {
  it('leads from the Patient File to its day, at its location, and marks it', async () => {
    const file = await desk.get(`/patients/${patientId}`);
    expect(file.body).toContain(`href="/book/entries/${entryId}"`);
    const { statusCode, headers } = await desk.get(`/book/entries/${entryId}`);
    const address = `/book?day=${day()}&location=${mill.id}`;
    expect([statusCode, headers.location]).toEqual([303, `${address}#entry-${entryId}`]);
    const book = await desk.get(address);
    expect(book.body).toContain(`id="entry-${entryId}"`);
    expect(words(book.body)).toContain('You are looking at Mill House. You work at Canal House.');
    // The working location stays what it was, and the head says so.
    expect(book.body).toContain(`<option value="${built.location.id}" selected>`);
    const [user] = await db.sql`select location_id from users where id = ${built.users.receptionist.id}`;
    expect([null, built.location.id]).toContain(user!.location_id);
    expect((await desk.get(`/book?day=${day()}`)).body).not.toContain(entryId);
  });

  it('names no location where the viewer works there', async () => {
    const online = await buildBookedOnline(db, built, { startsAt: inDays(built, 9, 600) });
    const list = await desk.get('/online-appointments');
    const link = /href="(\/book\/entries\/[^"]+)"/.exec(list.body)![1]!;
    const { headers } = await desk.get(link);
    expect(headers.location).toMatch(/^\/book\?day=[\d-]+#entry-/);
    expect((await desk.get(String(headers.location))).body).toContain(link.split('/').at(-1)!);
    expect(online.bookingId).toBeDefined();
  });

  it('is there on Follow Up while an appointment is being completed', async () => {
    await db.sql`update follow_ups set closed_at = null, closed_reason = null where practice_id = ${built.practice.id}`;
    const { body } = await desk.get('/follow-up');
    expect(body).toMatch(/href="\/book\/entries\/[0-9a-f-]{36}"/);
  });

  it('exists for nobody else', async () => {
    const stranger = await signIn(app, (await buildPractice(db)).users.manager);
    expect((await stranger.get(`/book/entries/${entryId}`)).statusCode).toBe(404);
    expect((await stranger.get(`/book?day=${day()}&location=${mill.id}`)).body).not.toContain(entryId);
    expect((await desk.get('/book?location=nonsense')).statusCode).toBe(200);
  });
});

describe('the book of another location', () => {
  it('stays there: its days, what draws itself again, and what is made there', async () => {
    const { body } = await desk.get(`/book?day=${day()}&location=${mill.id}`);
    const addresses = [...body.matchAll(/(?:href|hx-get)="(\/book[^"#]*)"/g)].map(([, url]) =>
      url!.replaceAll('&amp;', '&'),
    );
    const days = addresses.filter((url) => url.startsWith('/book?day=') && !url.endsWith(`day=${day()}`));
    expect(days.length).toBeGreaterThan(4);
    for (const url of [...days, ...addresses.filter((one) => one.includes('/new'))]) expect(url).toContain(mill.id);
    expect(body).toContain(`data-location="${mill.id}"`);
    // Who leaves here is not booked from another place's list.
    expect(body).not.toContain('id="departure-tasks"');

    const asked = `/book/appointments/new?day=${day()}&start=11:00&location=${mill.id}`;
    await desk.get(asked);
    const found = await desk.post(asked, { q: 'molenaar' });
    expect(String(found.headers.location)).toContain(`location=${mill.id}`);
    const choose = await desk.get(String(found.headers.location));
    const link = /href="(\/book\/appointments\/new\?[^"]*patient=[^"]*)"/
      .exec(choose.body)![1]!
      .replaceAll('&amp;', '&');
    const form = await desk.get(link);
    expect(form.body).toContain('Mill chair');
    const action = /action="(\/book\/appointments\?[^"]*)"/.exec(form.body)![1]!.replaceAll('&amp;', '&');
    const made = await desk.post(action, {
      patient: patientId,
      day: day(),
      start: '11:00',
      length: '0:30',
      provider: built.providers[0]!.id,
      chair: '',
      description: 'Check-up',
      note: '',
    });
    expect(made.headers.location).toMatch(new RegExp(`^/book\\?day=${day()}&location=${mill.id}#entry-`));
    const [entry] = await db.sql`select location_id from book_entries where description = 'Check-up'`;
    expect(entry!.location_id).toBe(mill.id);
  });

  it('stays there, with its time and chair, when another patient is chosen, also after a form that came back', async () => {
    const { id: wrong } = await buildPatient(db, built, { lastName: 'Verkeerd' });
    const link = (body: string) =>
      /href="(\/book\/appointments\/new\?[^"]*)"[^>]*>Another patient</.exec(body)![1]!.replaceAll('&amp;', '&');
    const time = { day: day(), provider: built.providers[1]!.id, chair: mill.chairId, location: mill.id };
    const opened = new URLSearchParams({ ...time, start: '13:00', patient: wrong });
    const form = await desk.get(`/book/appointments/new?${opened}`);
    const another = new URL(link(form.body), 'http://localhost').searchParams;
    expect(Object.fromEntries(another)).toEqual({ ...time, start: '13:00' });

    const { location: _, ...fields } = { ...time, start: '9:15', description: '', note: '' };
    const action = `/book/appointments?location=${mill.id}`;
    const cameBack = await desk.post(action, { ...fields, patient: wrong, length: '25:00' });
    const again = link(cameBack.body);
    expect(Object.fromEntries(new URL(again, 'http://localhost').searchParams)).toEqual({ ...time, start: '9:15' });
    const right = await desk.get(`${again}&patient=${patientId}`);
    expect(right.body).toMatch(/name="start" value="9:15"/);
    expect(right.body).toContain(`<option value="${mill.chairId}" selected`);
    expect(right.body).toContain(`action="${action}"`);
  });

  it('can become the place where somebody works, from its page', async () => {
    const manager = await signIn(app, built.users.manager);
    const { body } = await manager.get(`/book?day=${day()}&location=${mill.id}`);
    expect(body).toContain('Work here');
    const to = `/book?day=${day()}`;
    expect((await manager.post('/location', { locationId: mill.id, to })).headers.location).toBe(to);
    const there = await manager.get(to);
    expect(there.body).toContain(`id="entry-${entryId}"`);
    expect(there.body).not.toContain('You are looking at');
  });
});

describe('the tabs', () => {
  it('are fetched alone, with their counts', async () => {
    await db.sql`update follow_ups set closed_at = null, closed_reason = null where practice_id = ${built.practice.id}`;
    const [{ n }] = await db.sql<
      [{ n: number }]
    >`select count(*)::int as n from follow_ups where practice_id = ${built.practice.id} and closed_at is null`;
    const { body } = await desk.get('/tabs?tab=followUp', { partial: true });
    expect(body).toMatch(/^<nav id="tabs"/);
    expect(body).toMatch(new RegExp(`data-count="followUp">${n}<`));
    expect(body).toMatch(/href="\/follow-up" aria-current="page"/);
    expect((await desk.get('/tabs?tab=x', { partial: true })).body).toMatch(/href="\/book" aria-current="page"/);
  });

  it('count the tasks of the place whose list is shown', async () => {
    const { taskId } = await buildDeparting(db, built);
    await db.database
      .update(tables.departureTasks)
      .set({ locationId: mill.id })
      .where(eq(tables.departureTasks.id, taskId));
    const counted = async (query: string) =>
      /data-count="tasks"[^>]*>(\d+)</.exec((await desk.get(`/follow-up${query}`)).body)?.[1];
    const here = Number(await counted(''));
    expect(await counted(`?location=${mill.id}`)).toBe('1');
    await buildDeparting(db, built);
    expect(await counted('')).toBe(String(here + 1));
    expect(await counted(`?location=${mill.id}`)).toBe('1');
  });

  it('keep no idle session awake', async () => {
    const { body } = await desk.get('/patients');
    expect(body).toMatch(/<nav id="tabs"[^>]*hx-headers="\{&quot;x-unattended&quot;:&quot;1&quot;\}"/);
    const idle = await signIn(app, built.users.receptionist);
    const longAgo = Date.now() - 14 * 60_000;
    await db.sql`update sessions set data = data || ${db.sql.json({ lastSeenAt: longAgo })} where user_id = ${built.users.receptionist.id}`;
    await idle.get('/tabs?tab=book', { partial: true, headers: { 'x-unattended': '1' } });
    const rows = await db.sql`select data from sessions where user_id = ${built.users.receptionist.id}`;
    for (const { data } of rows) expect(data.lastSeenAt).toBe(longAgo);
  });
});
