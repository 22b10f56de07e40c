import { eq } from 'drizzle-orm';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeAppointment } from '../../domain/book/appointments.ts';
import { localDay } from '../../domain/book/rules/localTime.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { en } from '../../locales/en/index.ts';
import { type BuiltPractice, buildPatient, buildPractice, inDays } from '../builders.ts';
import { buildDeparting } from '../efforts.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
let built: BuiltPractice;
let desk: Page;
/** Each test has a day of its own. */
let ahead = 1;

beforeAll(async () => {
  site = await openSite();
  built = await buildPractice(site.db);
  desk = await site.signIn(built.users.receptionist.email, { viewport: { width: 1440, height: 1000 } });
});
beforeEach(() => {
  ahead++;
});
afterAll(() => site?.stop());

const at = (minute: number) => inDays(built, ahead, minute);
const openDay = () => desk.goto(`/book?day=${localDay(at(0).getTime(), built.practice.timeZone)}`);

async function appointment(minute: number, patientId?: string): Promise<string> {
  const whose = patientId ?? (await buildPatient(site.db, built)).id;
  const made = await site.db.database.transaction((tx) =>
    makeAppointment(tx, built.staff, {
      locationId: built.location.id,
      patientId: whose,
      providerId: built.providers[0]!.id,
      chairId: built.chairs[0]!.id,
      startsAt: at(minute),
      minutes: 30,
      description: 'Check-up',
      note: '',
      overlapAllowed: false,
      twiceAllowed: false,
    }),
  );
  return (made as { entryId: string }).entryId;
}

const stands = async (id: string) =>
  (await site.db.database.select().from(tables.bookEntries).where(eq(tables.bookEntries.id, id)))[0]!;

const entry = (id: string) => desk.locator(`#entry-${id}`);
const column = (provider: number) => desk.locator(`[data-column="${built.providers[provider]!.id}"]`);

/** How many pixels high a minute is drawn. */
const heightOfMinute = () =>
  desk.locator('.grid').evaluate((grid: HTMLElement) => {
    const { height } = grid.querySelector('.slots')!.getBoundingClientRect();
    return height / (Number(grid.dataset.until) - Number(grid.dataset.from));
  });

/** Takes hold of something near its upper left corner. */
async function takeHold(handle: Locator): Promise<{ x: number; y: number }> {
  await handle.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await handle.boundingBox())!;
  const point = { x: x + width / 2, y: y + Math.min(height / 2, 6) };
  await desk.mouse.move(point.x, point.y);
  await desk.mouse.down();
  return point;
}

async function dragBy(handle: Locator, minutes: number, to?: Locator) {
  const { x, y } = await takeHold(handle);
  const below = minutes * (await heightOfMinute());
  const there = to ? (await to.boundingBox())!.x + 40 : x;
  await desk.mouse.move(there, y + below, { steps: 8 });
}

/** Lets go, and waits for what is said of it. */
async function letGo(said: string | RegExp) {
  await desk.mouse.up();
  await desk.locator('#announcements', { hasText: said }).waitFor({ state: 'attached' });
}

describe('an appointment under the mouse', () => {
  it('goes where it is let go, to another time and another provider', async () => {
    const id = await appointment(600);
    await openDay();
    await dragBy(entry(id), 45);
    await letGo(en.book.standsAt('10:45'));
    expect(await stands(id)).toMatchObject({ startsAt: at(645), endsAt: at(675), providerId: built.providers[0]!.id });
    await openDay();
    await dragBy(entry(id), -15, column(1));
    await letGo(en.book.standsAt('10:30'));
    expect(await stands(id)).toMatchObject({ startsAt: at(630), providerId: built.providers[1]!.id });
    await column(1).locator(`#entry-${id}`).waitFor();
  });

  it('becomes longer and shorter by its lower edge', async () => {
    const id = await appointment(600);
    await openDay();
    await dragBy(entry(id).locator('.lengthen'), 30);
    await letGo(en.book.standsAt('10:00'));
    expect(await stands(id)).toMatchObject({ startsAt: at(600), endsAt: at(660) });
    await openDay();
    await dragBy(entry(id).locator('.lengthen'), -45);
    await letGo(en.book.standsAt('10:00'));
    expect(await stands(id)).toMatchObject({ startsAt: at(600), endsAt: at(615) });
  });

  it('stays where it was over somebody else’s, and that is said', async () => {
    const id = await appointment(600);
    await appointment(660);
    await openDay();
    await dragBy(entry(id), 45);
    await letGo(en.problems.pages.time_not_free);
    await desk.locator('.toast', { hasText: en.problems.pages.time_not_free }).waitFor();
    expect(await stands(id)).toMatchObject({ startsAt: at(600) });
  });

  it('stays where it was onto another of its own patient’s, and that is said', async () => {
    const { id: patientId } = await buildPatient(site.db, built);
    const id = await appointment(600, patientId);
    await appointment(660, patientId);
    await openDay();
    await dragBy(entry(id), 60, column(1));
    await letGo(en.problems.pages.patient_elsewhere);
    expect(await stands(id)).toMatchObject({ startsAt: at(600), providerId: built.providers[0]!.id });
  });

  it('stays where it was when Escape is pressed on the way', async () => {
    const id = await appointment(600);
    await openDay();
    await dragBy(entry(id), 60);
    await desk.locator('.ghost').waitFor();
    await desk.keyboard.press('Escape');
    expect(await desk.locator('.ghost').count()).toBe(0);
    await desk.mouse.up();
    expect(await stands(id)).toMatchObject({ startsAt: at(600) });
  });
});

it('a departure task is booked in the column and at the time where it is let go', async () => {
  const { bookingId, taskId } = await buildDeparting(site.db, built);
  await openDay();
  const { y } = await takeHold(desk.locator(`#task-${taskId} .grip`));
  const { x } = (await column(0).boundingBox())!;
  await desk.mouse.move(x + 40, y + 30, { steps: 8 });
  const said = (await desk.locator('.ghost').textContent())!.slice(0, 5);
  await letGo(en.book.standsAt(said));
  const [entryOf] = await site.db.database
    .select()
    .from(tables.bookEntries)
    .where(eq(tables.bookEntries.bookingId, bookingId));
  const [hours, minutes] = said.split(':').map(Number);
  expect(entryOf).toMatchObject({ startsAt: at(hours! * 60 + minutes!), providerId: built.providers[0]!.id });
  await desk.locator(`#task-${taskId}`).waitFor({ state: 'detached' });
});

describe('by keyboard alone', () => {
  it('an appointment is opened from the book, moved and lengthened by its form', async () => {
    const id = await appointment(600);
    await openDay();
    await entry(id).locator('summary').focus();
    await desk.keyboard.press('Enter');
    await entry(id).getByRole('link', { name: en.book.edit }).focus();
    await desk.keyboard.press('Enter');
    await desk.locator('#window').getByLabel(en.book.start).waitFor();
    // The field where typing begins has the focus, and Tab leads to the length.
    await desk.keyboard.press('Control+A');
    await desk.keyboard.type('11:15');
    await desk.keyboard.press('Tab');
    await desk.keyboard.press('Control+A');
    await desk.keyboard.type('0:45');
    await desk.keyboard.press('Enter');
    await desk.getByText(en.layout.notices.moved).waitFor();
    expect(await stands(id)).toMatchObject({ startsAt: at(675), endsAt: at(720) });
  });

  it('what is opened from an entry is closed by Escape, and the focus is back at the entry', async () => {
    const id = await appointment(600);
    await openDay();
    await entry(id).locator('summary').focus();
    await desk.keyboard.press('Enter');
    expect(await entry(id).locator('details').getAttribute('open')).not.toBeNull();
    await desk.keyboard.press('Escape');
    expect(await entry(id).locator('details').getAttribute('open')).toBeNull();
    expect(
      await entry(id)
        .locator('summary')
        .evaluate((summary) => summary === document.activeElement),
    ).toBe(true);
  });
});

it('a patient who comes at that time already is booked twice only after a warning', async () => {
  const patient = await buildPatient(site.db, built);
  await appointment(600, patient.id);
  const day = localDay(at(0).getTime(), built.practice.timeZone);
  await desk.goto(
    `/book/appointments/new?patient=${patient.id}&day=${day}&start=10:15&provider=${built.providers[1]!.id}`,
  );
  await desk.getByRole('button', { name: en.book.make, exact: true }).click();
  await desk.getByText(en.book.elsewhere).waitFor();
  expect(await desk.getByText('10:00–10:30 Dr Noor Beekman').count()).toBe(1);
  const warning = desk.locator('#window');
  await warning.getByLabel(en.book.allowTwice).check();
  await warning.getByRole('button', { name: en.book.make, exact: true }).click();
  await desk.getByText(en.layout.notices.booked).waitFor();
  const rows = await site.db.database
    .select()
    .from(tables.bookEntries)
    .where(eq(tables.bookEntries.patientId, patient.id));
  expect(rows).toHaveLength(2);
  expect(site.complaints).toEqual([]);
});
