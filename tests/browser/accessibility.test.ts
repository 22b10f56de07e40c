import { eq } from 'drizzle-orm';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoUsers } from '../../dev/demo/seed.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { texts } from '../../locales/texts.ts';
import { routeCollector } from '../api/knownRoutes.ts';
import type { BuiltPractice } from '../builders.ts';
import { buildTestApp } from '../desk.ts';
import { buildSent, tokenFor } from '../efforts.ts';
import { eventually } from '../engines/worker.ts';
import { bringAxe, faultsOf } from './axe.ts';
import { buildEveryLink, type ExampleIds, exampleIds, seedDemoAsBuilt, writeOwnTexts } from './demoSite.ts';
import { noPages, pagesWithForms, staffPages, windows, windowsAsPages } from './screens.ts';
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
  built = await seedDemoAsBuilt(site.db, site.url);
  await writeOwnTexts(site.db, built);
  links = await buildEveryLink(site.db, built, 'en');
  ids = await exampleIds(site.db, built);
});
afterAll(() => site?.stop());

async function visit(language: 'en' | 'nl', look: keyof typeof looks): Promise<Page> {
  const page = await site.visit({ ...looks[look], locale: language });
  await bringAxe(page);
  return page;
}

async function signIn(role: 'manager' | 'provider', language: 'en' | 'nl', look: keyof typeof looks): Promise<Page> {
  const { email, password } = demoUsers.find((user) => user.role === role && user.language === language)!;
  const page = await visit(language, look);
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
  // Each language and each size once with everything; what comes of both together is whether pages fit their screen.
  const thorough = (language === 'en') === (look === 'desk');
  const faultsIn = async (page: Page, screen: string, within = 'html'): Promise<string[]> =>
    thorough ? faultsOf(page, screen, within) : [];
  /** Of a form that was looked at, and came back. */
  const faultsOfRefused = (page: Page, screen: string, within: string): Promise<string[]> =>
    faultsOf(page, `${screen}, refused`, within, { isKnown: true });
  const isTooWide = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

  /** Of the whole page, which also fits its screen. */
  const faultsOfPage = async (page: Page, screen: string): Promise<string[]> => [
    ...(await faultsIn(page, screen)),
    ...(await widthsOf(page, screen)),
  ];

  /** Where a page is wider than its screen: at a desk also than that of a small laptop. */
  async function widthsOf(page: Page, screen: string): Promise<string[]> {
    const { viewport } = looks[look];
    const faults: string[] = [];
    for (const width of look === 'desk' ? [1280, viewport.width] : [viewport.width]) {
      if (page.viewportSize()!.width !== width) await page.setViewportSize({ ...viewport, width });
      if (await isTooWide(page)) faults.push(`${screen}: wider than ${width}`);
    }
    return faults;
  }

  it('no page of the staff stands in anybody’s way', async () => {
    const stranger = await visit(language, look);
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
    for (const path of staffPages(ids)) {
      const answer = await page.goto(path);
      expect([path, answer!.status()]).toEqual([path, path === '/no-such-page' ? 404 : 200]);
      faults.push(...(await faultsOfPage(page, path)));
    }
    // A window's own contents are looked at where it opens.
    for (const path of windowsAsPages(ids)) {
      await page.goto(path);
      faults.push(...(await (look === 'phone' ? faultsOfPage(page, path) : widthsOf(page, path))));
    }
    for (const path of thorough ? pagesWithForms(ids) : []) {
      await page.goto(path);
      expect(await sendNonsense(page, 'main')).toBe(true);
      faults.push(...(await faultsOfRefused(page, path, 'main')));
    }
    if (thorough) {
      await page.goto(`/settings/providers/${ids.provider}`);
      const noPicture = { name: 'portrait.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') };
      await page.locator('[name=picture]').setInputFiles(noPicture);
      await page.locator('form[enctype] button').click();
      await page.locator('[name=picture][aria-invalid=true]').waitFor();
      faults.push(...(await faultsOfRefused(page, 'a picture', 'main')));
    }
    await page.goto('/book');
    await page.locator('details.user summary').click();
    await page.locator('form[action="/lock"] button').click();
    await page.waitForURL('**/sign-in*');
    faults.push(...(await faultsOfPage(page, 'the lock')));
    await page.context().close();
    expect(faults).toEqual([]);
  });

  if (thorough)
    it('no window does, nor what it says of nonsense', async () => {
      const page = await signIn('manager', language, look);
      const faults: string[] = [];
      // The page beneath is looked at by itself; axe takes a whole page in, whatever part of it is asked for.
      await page.goto('/departure-tasks');
      for (const path of windows(ids)) {
        await open(page, path);
        faults.push(...(await faultsIn(page, path, '#window')));
        if (await sendNonsense(page, '#window')) faults.push(...(await faultsOfRefused(page, path, '#window')));
      }
      await page.goto('/book');
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

  it('no page of the patient does', async () => {
    const t = texts(language).patientLinks;
    const patient = await visit(language, look);
    const faults: string[] = [];
    const check = async (name: string) => void faults.push(...(await faultsOfPage(patient, name)));
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
    const later = await visit(language, look);
    await later.goto(link);
    faults.push(...(await faultsOfPage(later, 'booked')));
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

it('every page there is is looked at', async () => {
  const collector = routeCollector();
  const app = await buildTestApp(site.db, {}, { onRoute: collector.onRoute });
  await app.close();
  // Those without an id first: /settings/users/new is no user's page.
  const routes = collector.routes
    .filter(({ method, url }) => method === 'GET' && !noPages.includes(url))
    .map(({ url }) => url)
    .sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')));
  const isOf = (route: string, path: string) => new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`).test(path);
  const looked = [...staffPages(ids), ...windows(ids), ...Object.values(links)]
    .map((address) => address.split('?')[0]!)
    .map((path) => routes.find((route) => isOf(route, path)));
  const byTheWay = ['/sign-in', '/b/:token/confirmation', '/a/:token'];
  expect(routes.filter((route) => !looked.includes(route) && !byTheWay.includes(route))).toEqual([]);
});
