import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notifyLive } from '../../domain/live.ts';
import { en } from '../../locales/en/index.ts';
import { type BuiltPractice, buildAppointment, buildPatient, buildPractice } from '../builders.ts';
import { buildDeparting } from '../efforts.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
let built: BuiltPractice;
let desk: Page;

beforeAll(async () => {
  site = await openSite();
  built = await buildPractice(site.db);
  const patient = await buildPatient(site.db, built);
  await buildAppointment(site.db, built, patient.id, 600);
  for (let i = 0; i < 3; i++) await buildDeparting(site.db, built);
  desk = await site.signIn(built.users.receptionist.email, { viewport: { width: 1440, height: 900 } });
});
afterAll(() => site?.stop());

/** As if a colleague had changed something. */
const somethingChanges = () => site.db.database.transaction((tx) => notifyLive(tx, built.practice.id, 'book', 'tasks'));

const focused = () => desk.evaluate(() => document.activeElement?.textContent?.trim() ?? '');

describe('single keys', () => {
  it('open the sheet that names them', async () => {
    await desk.goto('/book');
    await desk.keyboard.press('?');
    await desk.getByRole('heading', { name: en.layout.keys }).waitFor();
    await desk.keyboard.press('Escape');
  });

  it('turn the days, search, and begin an appointment', async () => {
    await desk.goto('/book?day=2027-03-02');
    await desk.keyboard.press('ArrowRight');
    await desk.locator('[data-day="2027-03-03"]').first().waitFor({ state: 'attached' });
    await desk.keyboard.press('/');
    expect(await desk.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('q');
    await desk.locator('h1').click();
    await desk.keyboard.press('n');
    await desk.getByRole('heading', { name: en.book.newAppointmentTitle }).waitFor();
    await desk.keyboard.press('Escape');
  });

  it('go through the Departure Task List, and act on the row that has the focus', async () => {
    await desk.goto('/book');
    const names = await desk.locator('.task .who a').allInnerTexts();
    await desk.keyboard.press('d');
    expect(await focused()).toBe(names[0]);
    await desk.keyboard.press('j');
    expect(await focused()).toBe(names[1]);
    await desk.keyboard.press('k');
    await desk.keyboard.press('p');
    await desk.getByRole('heading', { name: en.departures.postponeTitle(names[0]!) }).waitFor();
    await desk.keyboard.press('Escape');
  });

  it('write in a field like any other', async () => {
    await desk.goto('/patients');
    await desk.getByRole('banner').getByRole('searchbox').pressSequentially('td?');
    expect(await desk.getByRole('banner').getByRole('searchbox').inputValue()).toBe('td?');
    expect(await desk.locator('dialog[open]').count()).toBe(0);
  });

  it('can be switched off, and stay so', async () => {
    await desk.goto('/book');
    await desk.keyboard.press('?');
    await desk.getByLabel(en.layout.singleKeys).uncheck();
    await desk.keyboard.press('Escape');
    await desk.reload();
    await desk.keyboard.press('?');
    expect(await desk.locator('dialog[open]').count()).toBe(0);
    await desk.locator('details.user summary').click();
    await desk.getByRole('button', { name: new RegExp(en.layout.keys) }).click();
    await desk.getByLabel(en.layout.singleKeys).check();
    await desk.keyboard.press('Escape');
  });
});

describe('what changes by itself', () => {
  it('leaves the focus of somebody who types in a window', async () => {
    await desk.goto('/book');
    await desk.locator('.task [data-row-key="p"]').first().click();
    await desk.getByLabel(en.departures.dueOn).focus();
    const drawn = desk.waitForResponse((response) => response.url().endsWith('/departure-tasks'));
    await somethingChanges();
    await drawn;
    await desk.waitForTimeout(100);
    expect(await desk.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('dueOn');
    await desk.keyboard.press('Escape');
  });

  it('leaves the line of now in place', async () => {
    await desk.goto('/book');
    const lines = await desk.locator('[data-now]').count();
    const drawn = desk.waitForResponse((response) => response.url().includes('/book?day='));
    await somethingChanges();
    await drawn;
    await desk.waitForTimeout(100);
    // One for each provider, and its time beside the hours.
    expect(await desk.locator('[data-now]').count()).toBe(lines);
    expect(lines).toBe(built.providers.length + 1);
  });
});

it('the height of an hour is remembered', async () => {
  await desk.goto('/book');
  const height = () =>
    desk
      .locator('.slots')
      .first()
      .evaluate((slots) => slots.clientHeight);
  const before = await height();
  await desk.locator('.zoom .high').click();
  const taller = await height();
  expect(taller).toBeGreaterThan(before * 1.4);
  await desk.reload();
  expect(await height()).toBe(taller);
  await desk.locator('.zoom .middle').click();
  expect(site.complaints).toEqual([]);
});
