import { readFile } from 'node:fs/promises';
import { and, eq } from 'drizzle-orm';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { localDay } from '../../domain/book/rules/localTime.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { texts } from '../../locales/texts.ts';
import { type BuiltPractice, inDays, password } from '../builders.ts';
import { buildBookedOnline, buildDeparting } from '../efforts.ts';
import { browserIn, eitherWay, openSite, practiceIn, type Site } from './site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.stop());

const { locations, openingHours, practices, services, users, workingHours } = tables;

describe.each(eitherWay)('the manager, in %s, with scripts: %s', (language, javaScriptEnabled) => {
  const t = texts(language);
  const words = t.settings;
  let built: BuiltPractice;
  let page: Page;

  beforeAll(async () => {
    built = await practiceIn(site, language);
    page = await site.signIn(built.users.manager.email, {
      ...browserIn(language, javaScriptEnabled),
      viewport: { width: 1440, height: 1000 },
    });
  });
  afterEach(() => expect(site.complaints).toEqual([]));
  afterAll(() => page?.context().close());

  const said = (notice: string) => page.locator('.flash', { hasText: words.notices[notice]! }).waitFor();
  const main = () => page.getByRole('main');
  const within = () => page.locator('#window');
  const tab = (name: string) => page.locator('#tabs').getByRole('link', { name });
  const field = (label: string, where = main()) => where.getByLabel(label, { exact: true });
  const box = (label: string, where = main()) => where.getByRole('checkbox', { name: label });
  const save = (where = main()) => where.getByRole('button', { name: t.common.save, exact: true }).click();
  const follow = (name: string, where: Locator = main()) => where.getByRole('link', { name }).click();
  const row = (name: string) => page.locator('.settings-table tr', { hasText: name });
  const fill = async (filled: [label: string, value: string][], where = main()) => {
    for (const [label, value] of filled) await field(label, where).fill(value);
  };

  async function open(section: keyof typeof words.sections) {
    await tab(t.layout.settings).click();
    await follow(words.sections[section], page.getByRole('navigation', { name: words.nav }));
    await page.getByRole('heading', { name: words.sections[section], level: 1 }).waitFor();
  }

  it('sets the practice: what does not fit stands at its field, and a tab follows its switch', async () => {
    await open('practice');
    await fill([
      [words.practice.reminderDays, '3, 99'],
      [words.practice.holdMinutes, '15'],
    ]);
    const switches = [words.practice.appointmentWorkflow, words.practice.onlineAppointmentsTab];
    for (const one of switches) await box(one).uncheck();
    await save();
    await page.locator('#field-reminderDays-error').getByText(t.problems.fields.reminder_after_expiry).waitFor();
    expect(await field(words.practice.holdMinutes).inputValue()).toBe('15');
    for (const one of switches) expect(await box(one).isChecked()).toBe(false);
    await field(words.practice.reminderDays).fill('2, 5');
    await save();
    await said('settings_saved');
    const practice = () => site.db.database.select().from(practices).where(eq(practices.id, built.practice.id));
    const switched = (on: boolean) => ({ appointmentWorkflow: on, onlineAppointmentsTab: on });
    expect(await practice()).toMatchObject([{ holdMinutes: 15, reminderDays: [2, 5], ...switched(false) }]);
    for (const name of [t.layout.tasks, t.layout.online]) expect(await tab(name).count()).toBe(0);

    for (const one of switches) await box(one).check();
    await save();
    for (const name of [t.layout.tasks, t.layout.online]) await tab(name).waitFor();
    expect(await practice()).toMatchObject([switched(true)]);
  });

  it('reads the Feature Usage Report by provider and month, and takes it away as a file', async () => {
    const zone = built.practice.timeZone;
    const longAgo = inDays(built, -40, 720);
    await buildBookedOnline(site.db, built, { startsAt: inDays(built, 2, 600) });
    await buildBookedOnline(site.db, built, { startsAt: inDays(built, 2, 660) });
    await buildBookedOnline(site.db, built, { startsAt: inDays(built, 2, 720), provider: 1, confirmedAt: longAgo });
    const total = page.locator('tfoot td');
    await tab(t.layout.reports).click();
    await page.getByRole('heading', { name: t.reports.title }).waitFor();
    expect(await total.textContent()).toBe('3');
    await page.getByRole('img', { name: t.reports.chart('3') }).waitFor();

    const filter = page.locator('form.filter');
    await filter.getByRole('combobox', { name: t.book.provider }).selectOption({ label: 'Sam Winter' });
    await filter.getByRole('button', { name: t.common.show }).click();
    await page.getByRole('img', { name: t.reports.chart('1') }).waitFor();
    expect(await total.textContent()).toBe('1');
    const coming = page.waitForEvent('download');
    await follow(t.reports.csv, filter);
    const file = await coming;
    expect(file.suggestedFilename()).toMatch(/^feature-usage-20\d\d-\d\d-20\d\d-\d\d\.csv$/);
    const month = localDay(longAgo.getTime(), zone).slice(0, 7);
    expect(await readFile(await file.path(), 'utf8')).toBe(
      `\ufeff"${t.reports.month}","${t.followUp.kind}","${t.reports.provider}","${t.reports.bookings}"\r\n` +
        `"${month}","${t.reports.kinds.planned_treatment_booking}","Sam Winter","1"\r\n`,
    );

    const printer = filter.getByRole('button', { name: t.reports.print });
    expect(await printer.isVisible()).toBe(javaScriptEnabled);
    if (javaScriptEnabled) {
      await page.evaluate(() => Object.assign(window, { print: () => document.body.classList.add('printed') }));
      await printer.click();
      await page.locator('body.printed').waitFor();
    }

    await filter.getByLabel(t.common.from).fill(localDay(Date.now(), zone).slice(0, 7));
    await filter.getByRole('button', { name: t.common.show }).click();
    await page.getByText(t.reports.none).waitFor();
  });

  it('opens a location with its hours, and changes it', async () => {
    await open('locations');
    await follow(words.locations.add);
    const [monday] = words.weekdays as [string];
    await fill([
      [words.name, 'Park Side'],
      [words.phone, '+31 20 000 0001'],
      [words.locations.street, 'Parklaan 2'],
      [words.locations.postalCode, '1000 AB'],
      [words.locations.city, 'Amsterdam'],
      [monday, '8:00-25:00'],
    ]);
    await save();
    await page.locator('#field-day1-error').getByText(t.problems.fields.hours_format).waitFor();
    expect(await field(words.locations.city).inputValue()).toBe('Amsterdam');
    await field(monday).fill('8:00-12:30, 13:15-17:00');
    await save();
    await said('settings_added');
    await row('Park Side').getByText('Parklaan 2, 1000 AB Amsterdam').waitFor();

    await follow('Park Side', row('Park Side'));
    expect(await field(monday).inputValue()).toBe('08:00–12:30, 13:15–17:00');
    await field(words.name).fill('Park View');
    await field(monday).fill('9:00-12:00');
    await save();
    await row('Park View').waitFor();
    const open9to12 = await site.db.database
      .select({ weekday: openingHours.weekday, from: openingHours.fromMinute, until: openingHours.untilMinute })
      .from(openingHours)
      .innerJoin(locations, eq(locations.id, openingHours.locationId))
      .where(and(eq(locations.practiceId, built.practice.id), eq(locations.name, 'Park View')));
    expect(open9to12).toEqual([{ weekday: 1, from: 540, until: 720 }]);
  });

  it('sets when a provider works, in a window of their page', async () => {
    await open('providers');
    await follow('Sam Winter');
    await follow(words.providers.workingHoursOf('Sam Winter', 'Canal House'));
    const [, tuesday, , , , , sunday] = words.weekdays as [string, string, string, string, string, string, string];
    await fill(
      [
        [tuesday, '12:00-9:00'],
        [sunday, ''],
      ],
      within(),
    );
    await save(within());
    await within().getByText(t.problems.fields.hours_order).waitFor();
    expect(await field(sunday, within()).inputValue()).toBe('');
    await field(tuesday, within()).fill('9:00-12:00, 13:00-17:00');
    await save(within());
    await said('settings_saved');
    const week = page.locator('.week-of', { hasText: 'Canal House' });
    await week.getByText('09:00–12:00, 13:00–17:00').waitFor();
    await week.getByText(words.notWorking).waitFor();
    const days = await site.db.database
      .select()
      .from(workingHours)
      .where(and(eq(workingHours.providerId, built.providers[1]!.id), eq(workingHours.locationId, built.location.id)));
    expect(days.filter(({ weekday }) => weekday === 7)).toEqual([]);
    expect(days.filter(({ weekday }) => weekday === 2)).toHaveLength(2);
  });

  it('adds a service with its Estimated Time, and takes it out of use', async () => {
    await open('services');
    await follow(words.services.add);
    await fill(
      [
        [words.services.code, 'Q7'],
        [words.services.estimatedTime, 'long'],
        [words.services.nameEn, 'Polish'],
        [words.services.nameNl, 'Polijsten'],
      ],
      within(),
    );
    await save(within());
    await within().getByText(t.problems.fields.length_format).waitFor();
    expect(await field(words.services.nameNl, within()).inputValue()).toBe('Polijsten');
    await field(words.services.estimatedTime, within()).fill('0:20');
    await save(within());
    await said('settings_added');
    await row('Polijsten').getByText('0:20').waitFor();

    await follow('Q7', row('Q7'));
    await box(words.active, within()).uncheck();
    await save(within());
    await row('Q7').getByText(words.inactive).waitFor();
    expect(
      await site.db.database.select().from(services).where(eq(services.practiceId, built.practice.id)),
    ).toContainEqual(expect.objectContaining({ code: 'Q7', estimatedMinutes: 20, active: false }));
  });

  it('adds a user, who signs in, until they may no longer', async () => {
    const email = `nina.${language}.${javaScriptEnabled}.${process.pid}@example.com`;
    await open('users');
    await follow(words.users.add);
    await fill(
      [
        [words.name, 'Nina Vermeer'],
        [words.users.email, email],
        [words.users.password, 'too short'],
      ],
      within(),
    );
    await field(words.users.role, within()).selectOption({ label: t.layout.roles.provider });
    await save(within());
    await within().getByText(t.problems.fields.password_short).waitFor();
    expect(await field(words.users.password, within()).inputValue()).toBe('');
    await field(words.users.password, within()).fill(password);
    await save(within());
    await said('settings_added');
    await row('Nina Vermeer').getByText(t.layout.roles.provider).waitFor();

    const hers = await site.signIn(email, { javaScriptEnabled });
    await follow('Nina Vermeer', row('Nina Vermeer'));
    await box(words.users.active, within()).uncheck();
    await save(within());
    await row('Nina Vermeer').getByText(words.users.inactive).waitFor();
    await hers.goto('/patients');
    await hers.waitForURL('**/sign-in*');
    expect(await site.db.database.select().from(users).where(eq(users.email, email))).toMatchObject([
      { active: false, role: 'provider', language, name: 'Nina Vermeer' },
    ]);
    await hers.context().close();
  });
});

it('what becomes overdue, which nobody tells, comes to a manager’s open screens within a minute', async () => {
  const built = await practiceIn(site, 'en');
  const [book, list] = await Promise.all([1, 2].map(() => site.signIn(built.users.manager.email)));
  const { bookingId } = await buildDeparting(site.db, built);
  for (const page of [book!, list!]) await page.clock.install();
  await book!.goto('/book');
  await list!.goto('/bookings');
  const badge = book!.locator('#tabs [data-count=bookings]');
  await list!.locator(`#booking-${bookingId}`).waitFor();
  expect(await badge.isVisible()).toBe(false);
  await site.db.database
    .update(tables.bookings)
    .set({ departureEndsAt: new Date(Date.now() - 6 * 60_000) })
    .where(eq(tables.bookings.id, bookingId));
  for (const page of [book!, list!]) await page.clock.fastForward(61_000);
  await badge.waitFor();
  expect(await badge.textContent()).toBe('1');
  await list!.locator(`#booking-${bookingId}.needs-attention`).waitFor();
  for (const page of [book!, list!]) await page.context().close();
  expect(site.complaints).toEqual([]);
});
