import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { eq } from 'drizzle-orm';
import type { BrowserContextOptions } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { openSite, type Site } from './site.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const desk: BrowserContextOptions = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true };

let site: Site;
let built: BuiltPractice;

beforeAll(async () => {
  site = await openSite();
  built = await buildPractice(site.db);
});
afterAll(() => site?.stop());

const pages = () => {
  const { location, providers, chairs, services, users } = built;
  const provider = `/settings/providers/${providers[0]!.id}`;
  return [
    '/settings/practice',
    '/settings/locations',
    `/settings/locations/${location.id}`,
    '/settings/providers',
    '/settings/providers/new',
    provider,
    `${provider}/working-hours/${location.id}`,
    `/settings/chairs/${chairs[0]!.id}`,
    `/settings/services/${services[0]!.id}`,
    '/settings/users',
    '/settings/users/new',
    `/settings/users/${users.receptionist.id}`,
  ];
};

describe.each([
  ['desk', 'en', desk],
  ['desk', 'nl', desk],
  ['phone', 'en', phone],
  ['phone', 'nl', phone],
] as const)('at the width of a %s, in %s', (_width, language, options) => {
  it('no page of the settings stands in anybody’s way or is wider than the screen', async () => {
    await site.db.database.update(tables.users).set({ language }).where(eq(tables.users.id, built.users.manager.id));
    const page = await site.signIn(built.users.manager.email, options);
    const faults: string[] = [];
    for (const path of pages()) {
      await page.goto(path);
      await page.evaluate(axe);
      const found = await page.evaluate(async (runOnly) => {
        const { axe, document, innerWidth } = globalThis as unknown as {
          axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }> };
          document: { documentElement: { scrollWidth: number } };
          innerWidth: number;
        };
        const { violations } = await axe.run({ runOnly });
        const wide = document.documentElement.scrollWidth > innerWidth ? ['wider than the screen'] : [];
        return [...wide, ...violations.map(({ id, nodes }) => `${id} at ${nodes[0]!.target.join(' ')}`)];
      }, wcag);
      faults.push(...found.map((fault) => `${path}: ${fault}`));
    }
    await page.context().close();
    expect(faults).toEqual([]);
    expect(site.complaints).toEqual([]);
  });
});

describe.each([true, false])('with scripts: %s', (javaScriptEnabled) => {
  it('a provider’s picture is uploaded, after a file that is none, seen by the patient, and removed', async () => {
    await site.db.database
      .update(tables.users)
      .set({ language: 'en' })
      .where(eq(tables.users.id, built.users.manager.id));
    const { token } = await buildSent(site.db, built);
    const page = await site.signIn(built.users.manager.email, { javaScriptEnabled });
    await page.goto(`/settings/providers/${built.providers[0]!.id}`);
    const file = page.getByLabel('Picture file');
    await file.setInputFiles({ name: 'portrait.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') });
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByText('This is not a PNG, JPEG or WebP picture.').waitFor();
    const picture = await sharp({ create: { width: 300, height: 400, channels: 3, background: 'teal' } })
      .jpeg()
      .toBuffer();
    await file.setInputFiles({ name: 'portrait', mimeType: '', buffer: picture });
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByText('Saved.').waitFor();
    const shown = page.getByRole('img', { name: `Picture of ${built.providers[0]!.name}` });
    expect(await shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(288);

    const theirs = await site.visit({ javaScriptEnabled });
    await theirs.goto(`/b/${token}`);
    await theirs.locator('button[name=startsAt]').first().click();
    await theirs.waitForURL('**/confirmation');
    const portrait = theirs.locator('.provider-card img');
    expect(await portrait.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(288);

    await page.getByRole('button', { name: 'Remove the picture' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await shown.count()).toBe(0);
    await theirs.reload();
    expect(await theirs.locator('.provider-card .avatar').count()).toBe(1);
    expect(site.complaints).toEqual([]);
    for (const one of [page, theirs]) await one.context().close();
  });

  it('a chair is added in its window, after a mistake that is shown at its field', async () => {
    const name = `Surgery ${javaScriptEnabled}`;
    await site.db.database
      .update(tables.users)
      .set({ language: 'en' })
      .where(eq(tables.users.id, built.users.manager.id));
    const page = await site.signIn(built.users.manager.email, { ...desk, javaScriptEnabled });
    await page.goto('/settings/chairs');
    await page.click('text=Add a chair');
    const window = page.locator(javaScriptEnabled ? 'dialog[open]' : '.window-page');
    await window.locator('[name=name]').fill(name);
    await window.locator('[name=position]').fill('last');
    await window.locator('button.primary').click();
    await window.locator('#field-position-error').waitFor();
    expect(await window.locator('[name=name]').inputValue()).toBe(name);
    await window.locator('[name=position]').fill('9');
    await window.locator('button.primary').click();
    await page.locator('.flash').waitFor();
    expect(await page.locator('.settings-table').textContent()).toContain(name);
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.context().close();
  });
});
