import { eq } from 'drizzle-orm';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoUsers } from '../../dev/demo/seed.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { texts } from '../../locales/texts.ts';
import type { BuiltPractice } from '../builders.ts';
import { buildSent, tokenFor } from '../efforts.ts';
import { eventually } from '../engines/worker.ts';
import { faultsOf } from './axe.ts';
import { buildEveryLink, type ExampleIds, exampleIds, seedDemoAsBuilt } from './demoSite.ts';
import { openSite, type Site } from './site.ts';

const looks = {
  desk: { viewport: { width: 1440, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce' },
  phone: {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    isMobile: true,
    hasTouch: true,
  },
} satisfies Record<string, BrowserContextOptions>;
const everyLook = (['en', 'nl'] as const).flatMap((language) =>
  (['desk', 'phone'] as const).map((look) => ({ language, look })),
);

let site: Site;
let built: BuiltPractice;
let links: Awaited<ReturnType<typeof buildEveryLink>>;
let ids: ExampleIds;

beforeAll(async () => {
  site = await openSite();
  built = await seedDemoAsBuilt(site.db);
  links = await buildEveryLink(site.db, built, 'en');
  ids = await exampleIds(site.db, built);
});
afterAll(() => site?.stop());

const pages = () => [
  '/book',
  '/book?by=chair',
  '/book?day=2031-03-02',
  '/departure-tasks',
  '/follow-up',
  '/bookings',
  '/bookings?attention=1',
  '/online-appointments',
  '/online-appointments?from=2031-03-02&until=2031-03-02',
  '/patients',
  '/patients/new',
  `/patients/${ids.patient}`,
  `/patients/${ids.patient}/edit`,
  `/patients/${ids.patient}/chart`,
  `/patients/${ids.patient}/erasure`,
  '/reports/feature-usage',
  '/reports/access',
  '/settings/practice',
  '/settings/locations',
  `/settings/locations/${ids.location}`,
  '/settings/chairs',
  '/settings/providers',
  `/settings/providers/${ids.provider}`,
  '/settings/services',
  '/settings/users',
  '/inbox',
  '/no-such-page',
];

/** What opens over a page. Most hold a form. */
const windows = () => [
  '/book/appointments/new',
  `/book/appointments/new?patient=${ids.patient}`,
  `/book/appointments/${ids.booked}/edit`,
  '/book/blocks/new',
  `/book/appointments/${ids.inChair}/departure`,
  `/bookings/${ids.openBooking}/link`,
  `/bookings/${ids.openBooking}/desk`,
  `/bookings/${ids.openBooking}/closing`,
  `/departure-tasks/${ids.task}/link`,
  `/departure-tasks/${ids.taskWithoutContacts}/link`,
  `/departure-tasks/${ids.task}/gaps`,
  `/departure-tasks/${ids.task}/contacts`,
  `/departure-tasks/${ids.task}/postponement`,
  `/follow-up/${ids.followUp}/link`,
  `/follow-up/${ids.followUp}/gaps`,
  `/follow-up/${ids.followUp}/postponement`,
  `/follow-up/${ids.followUp}/done`,
  `/planned-appointments/${ids.planned}`,
  `/planned-appointments/${ids.planned}/deletion`,
  `/treatment-plans/${ids.plan}/planned-appointments/new`,
  '/settings/chairs/new',
  `/settings/chairs/${ids.chair}`,
  '/settings/services/new',
  `/settings/services/${ids.service}`,
  '/settings/users/new',
  `/settings/users/${ids.user}`,
];

/** Pages whose form is sent with nonsense in every field. */
const forms = () => [
  '/patients/new',
  '/settings/practice',
  '/settings/locations/new',
  '/settings/providers/new',
  `/settings/providers/${ids.provider}`,
];

async function signIn(role: 'manager' | 'provider', language: 'en' | 'nl', look: keyof typeof looks): Promise<Page> {
  const { email, password } = demoUsers.find((user) => user.role === role && user.language === language)!;
  const page = await site.visit({ ...looks[look], locale: language });
  await page.goto('/sign-in');
  await page.fill('input[name=email]', email);
  await page.fill('input[name=password]', password);
  await page.click('main button');
  await page.waitForURL('**/book');
  return page;
}

async function open(page: Page, url: string) {
  await page.evaluate((address) => {
    const { htmx } = globalThis as unknown as { htmx: { ajax(verb: string, url: string, to: object): Promise<void> } };
    return htmx.ajax('GET', address, { target: '#window', swap: 'innerHTML' });
  }, url);
  await page.locator('dialog#window[open] h1').waitFor();
}

/** Sends the form with nonsense in all its fields. @returns whether there was one that refuses it */
async function sendNonsense(page: Page, within: string): Promise<boolean> {
  const sent = await page.locator(within).evaluate((where) => {
    const form = where.querySelector<HTMLFormElement>(
      'form[method=post]:has(input:is([type=text], :not([type])), textarea)',
    );
    if (!form) return false;
    form.noValidate = true;
    form
      .querySelectorAll<HTMLInputElement>('input:not([type=hidden], [type=checkbox], [type=radio]), textarea')
      .forEach((field) => {
        field.value = 'x'.repeat(5_000);
      });
    form.requestSubmit();
    return true;
  });
  if (sent) await page.locator(`${within} [aria-invalid=true]`).first().waitFor();
  return sent;
}

describe.each(everyLook)('in $language, on a $look', ({ language, look }) => {
  // Each language and each size once with everything; what comes of both together are the pages as they stand.
  const thorough = (language === 'en') === (look === 'desk');
  const faultsIn = (page: Page, screen: string, within = 'html') =>
    faultsOf(page, screen, { within, bothSchemes: thorough });

  it('no page of the staff stands in anybody’s way', { timeout: 240_000 }, async () => {
    const stranger = await site.visit({ ...looks[look], locale: language });
    await stranger.goto('/sign-in');
    const faults = await faultsIn(stranger, 'the sign-in');
    await stranger.fill('input[name=email]', 'nobody@example.com');
    await stranger.fill('input[name=password]', 'wrong');
    await stranger.click('main button');
    await stranger.locator('[role=alert], .error').first().waitFor();
    faults.push(...(await faultsIn(stranger, 'the sign-in, refused')));
    await stranger.context().close();

    const page = await signIn('manager', language, look);
    for (const query of ['an', 'nobody']) {
      await page.goto('/patients');
      await page.getByRole('banner').getByRole('searchbox').fill(query);
      await page.keyboard.press('Enter');
      await page.waitForURL('**/patients?search=*');
      faults.push(...(await faultsIn(page, `what is found for ${query}`)));
    }
    for (const path of pages()) {
      await page.goto(path);
      faults.push(...(await faultsIn(page, path)));
    }
    for (const path of thorough ? forms() : []) {
      await page.goto(path);
      expect(await sendNonsense(page, 'main')).toBe(true);
      faults.push(...(await faultsIn(page, `${path}, refused`, 'main')));
    }
    await page.context().close();
    expect(faults).toEqual([]);
  });

  if (thorough)
    it('no window does, nor what it says of nonsense', { timeout: 240_000 }, async () => {
      const page = await signIn('manager', language, look);
      const faults: string[] = [];
      for (const path of windows()) {
        await open(page, path);
        faults.push(...(await faultsIn(page, path, '#window')));
        if (await sendNonsense(page, '#window')) faults.push(...(await faultsIn(page, `${path}, refused`, '#window')));
      }
      await page.keyboard.press('Escape');
      await page.locator(`#entry-${ids.online} summary`).first().click();
      faults.push(...(await faultsIn(page, 'an entry’s details', '#book')));
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      faults.push(...(await faultsIn(page, 'the keys', 'dialog[open]')));
      await page.context().close();
      const provider = await signIn('provider', language, look);
      faults.push(...(await faultsIn(provider, 'the provider’s book')));
      await provider.context().close();
      expect(faults).toEqual([]);
    });

  it('no page of the patient does', { timeout: 120_000 }, async () => {
    const t = texts(language).bookings;
    const patient = await site.visit({ ...looks[look], locale: language });
    const faults: string[] = [];
    const check = async (name: string) => void faults.push(...(await faultsIn(patient, name)));
    await site.db.database.update(tables.patients).set({ language }).where(eq(tables.patients.firstName, 'Robin'));
    const mine = await buildSent(site.db, built, { patient: { language } });
    for (const [name, path] of Object.entries(links)) {
      await patient.goto(path);
      await check(name);
    }
    const link = `/b/${mine.token}`;
    await patient.goto(link);
    await check('the times');
    for (const [name, start] of [
      ['taken', '1000000000000'],
      ['refused', 'x'],
    ] as const) {
      await patient.goto(link);
      const time = patient.locator('button[name=startsAt]').first();
      await time.evaluate((button: HTMLButtonElement, value) => {
        button.value = value;
      }, start);
      await time.click();
      await patient.locator('h1').waitFor();
      await check(name);
    }
    await patient.goto(link);
    await patient.locator('button.time').first().click();
    await patient.getByRole('heading', { name: t.check }).waitFor();
    await check('the Confirmation page');
    await patient.getByRole('button', { name: t.confirm, exact: true }).click();
    await patient.locator('.done').waitFor();
    await check('the thank-you page');
    const later = await site.visit({ ...looks[look], locale: language });
    await later.goto(link);
    faults.push(...(await faultsIn(later, 'booked')));
    await later.context().close();
    const token = await eventually(() => tokenFor(site.db, mine.bookingId, 'appointment').catch(() => null), Boolean);
    await patient.goto(`/a/${token}`);
    await check('the appointment');
    await site.db.database
      .update(tables.bookEntries)
      .set({ status: 'cancelled' })
      .where(eq(tables.bookEntries.bookingId, mine.bookingId));
    await patient.goto(`/a/${token}`);
    await check('the appointment, cancelled');
    await patient.context().close();
    expect(faults).toEqual([]);
  });
});
