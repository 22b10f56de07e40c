import type { BrowserContextOptions } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { openSite, type Site } from './site.ts';

const desk: BrowserContextOptions = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' };

let site: Site;
let built: BuiltPractice;

beforeAll(async () => {
  site = await openSite();
  built = await buildPractice(site.db);
});
afterAll(() => site?.stop());

describe.each([true, false])('with scripts: %s', (javaScriptEnabled) => {
  it('a provider’s picture is uploaded, after a file that is none, seen by the patient, and removed', async () => {
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
    const widthOf = (image: HTMLImageElement) => image.naturalWidth;
    await expect.poll(() => shown.evaluate(widthOf)).toBe(288);

    const theirs = await site.visit({ javaScriptEnabled });
    await theirs.goto(`/b/${token}`);
    await theirs.locator('button[name=startsAt]').first().click();
    await theirs.waitForURL('**/confirmation');
    const portrait = theirs.locator('.provider-card img');
    await expect.poll(() => portrait.evaluate(widthOf)).toBe(288);

    await page.getByRole('button', { name: 'Remove the picture' }).click();
    await shown.waitFor({ state: 'detached' });
    await theirs.reload();
    await theirs.locator('.provider-card .avatar').waitFor();
    expect(site.complaints).toEqual([]);
    for (const one of [page, theirs]) await one.context().close();
  });

  it('a chair is added in its window, after a mistake that is shown at its field', async () => {
    const name = `Surgery ${javaScriptEnabled}`;
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

  it('a window whose address was opened stays a page: what is refused stands in its place, once', async () => {
    const page = await site.signIn(built.users.manager.email, { ...desk, javaScriptEnabled });
    await page.goto('/settings/chairs/new');
    await page.locator('[name=name]').fill('Surgery');
    await page.locator('[name=position]').fill('last');
    await page.locator('.window-page button.primary').click();
    await page.locator('#field-position-error').waitFor();
    expect(await page.locator('[name=position]').count()).toBe(1);
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.context().close();
  });

  it('a message’s text is previewed, refused at its field, saved, and taken back from the history', async () => {
    const page = await site.signIn(built.users.manager.email, { ...desk, javaScriptEnabled });
    await page.goto('/settings/messages');
    await page.getByLabel('Change: Reminder by SMS').click();
    const text = page.getByRole('textbox', { name: 'Text in English' });
    const preview = page.locator('#preview-en');
    const showPreview = () =>
      javaScriptEnabled ? undefined : page.getByRole('button', { name: 'Show the preview' }).click();
    const save = page.getByRole('button', { name: 'Save' });

    await text.fill('Still no time, {first}? ');
    await showPreview();
    await preview.getByText('The link is missing').waitFor();
    if (javaScriptEnabled) await page.locator('[data-into=field-textEn]').getByText('link', { exact: true }).click();
    else await text.fill('Still no time, {first}? {link}');
    expect(await text.inputValue()).toBe('Still no time, {first}? {link}');
    await showPreview();
    await preview.getByText('Still no time, Robin? http').first().waitFor();

    await text.fill('{link} {lastname}');
    await save.click();
    await page.locator('#field-textEn-error').getByText('{lastname} is not one of the fields').waitFor();
    expect(await text.inputValue()).toBe('{link} {lastname}');
    for (const words of [`First ${javaScriptEnabled}: {link}`, 'Second: {link}']) {
      await text.fill(words);
      await save.click();
      await page.locator('.template-history .older').first().getByText(words).waitFor({ state: 'attached' });
    }
    const older = page.locator('.template-history li').nth(1);
    await older.locator('summary').click();
    await older.getByRole('link').click();
    const taken = page.getByText('stands in the form. Save to use it.');
    await taken.waitFor();
    await save.click();
    await taken.waitFor({ state: 'detached' });
    await page.getByText('Saved.').waitFor();
    expect(await text.inputValue()).toBe(`First ${javaScriptEnabled}: {link}`);
    await page.getByRole('button', { name: 'Back to the default text in English' }).click();
    await page.locator('#field-textEn', { hasText: 'choose a time for' }).waitFor();
    await page.getByText('The manager went back to the default text in English').first().waitFor();
    expect(site.complaints).toEqual([]);
    await page.context().close();
  });
});
