import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { eq } from 'drizzle-orm';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoUsers, seedDemoPractice } from '../../dev/demo/seed.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { openSite, type Site } from './site.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const looks: [string, BrowserContextOptions][] = [
  ['at a desk, light', { viewport: { width: 1440, height: 900 }, colorScheme: 'light' }],
  ['on a phone, dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true }],
];

let site: Site;
let ids: { task: string; followUp: string; appointment: string; patient: string; planned: string; plan: string };

beforeAll(async () => {
  site = await openSite();
  await seedDemoPractice(site.db.url);
  const one = async (query: Promise<{ id: string }[]>) => (await query)[0]!.id;
  const { sql } = site.db;
  ids = {
    task: await one(sql`
      select t.id from departure_tasks t join bookings b on b.id = t.booking_id join patients p on p.id = b.patient_id
      where t.closed_at is null and p.email is not null order by t.id limit 1`),
    followUp: await one(sql`select id from follow_ups where closed_at is null order by id limit 1`),
    appointment: await one(sql`
      select id from book_entries where kind = 'appointment' and status in ('in_chair', 'arrived', 'booked') and starts_at::date = now()::date order by starts_at limit 1`),
    patient: await one(sql`select patient_id as id from planned_appointments order by id limit 1`),
    planned: await one(sql`select id from planned_appointments where deleted_at is null order by id limit 1`),
    plan: await one(sql`select id from treatment_plans order by id limit 1`),
  };
});
afterAll(() => site?.stop());

/** What a manager can open; it holds every screen of the desk too. */
const staffPages = () => [
  '/book',
  '/book?by=chair',
  `/book/appointments/${ids.appointment}/departure`,
  '/departure-tasks',
  `/departure-tasks/${ids.task}/link`,
  `/departure-tasks/${ids.task}/gaps`,
  `/departure-tasks/${ids.task}/contacts`,
  `/departure-tasks/${ids.task}/postponement`,
  '/follow-up',
  `/follow-up/${ids.followUp}/link`,
  `/follow-up/${ids.followUp}/done`,
  '/online-appointments',
  '/patients',
  '/patients/new',
  `/patients/${ids.patient}`,
  `/patients/${ids.patient}/edit`,
  `/patients/${ids.patient}/chart`,
  `/planned-appointments/${ids.planned}`,
  `/treatment-plans/${ids.plan}/planned-appointments/new`,
  '/reports/feature-usage',
  '/settings',
  '/inbox',
  '/no-such-page',
];

async function faultsOf(page: Page, path: string): Promise<string[]> {
  await page.goto(path);
  // The site's own policy lets in no script from elsewhere; evaluating one needs none.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (tags) =>
      (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } }).axe.run({
        runOnly: tags,
      }),
    wcag,
  );
  return violations.map(
    ({ id, nodes }) =>
      `${path}: ${id} at ${nodes
        .map(({ target }) => target.join(' '))
        .slice(0, 3)
        .join(', ')}`,
  );
}

interface Violation {
  id: string;
  nodes: { target: string[] }[];
}

describe.each(looks)('%s', (_look, options) => {
  it.each(['en', 'nl'] as const)('no page of the staff stands in anybody’s way, in %s', async (language) => {
    const { email, password } = demoUsers.find(({ role }) => role === 'manager')!;
    await site.db.database.update(tables.users).set({ language }).where(eq(tables.users.email, email));
    const page = await site.visit(options);
    const faults = await faultsOf(page, '/sign-in');
    await page.fill('input[name=email]', email);
    await page.fill('input[name=password]', password);
    await page.click('main button');
    await page.waitForURL('**/book');
    // What a search finds stands at an address of its own.
    await page.getByRole('banner').getByRole('searchbox').fill('an');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/patients?search=*');
    faults.push(...(await faultsOf(page, page.url())));
    for (const path of staffPages()) faults.push(...(await faultsOf(page, path)));
    await page.context().close();
    expect(faults).toEqual([]);
  });
});
