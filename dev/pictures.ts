import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Page, chromium as playwright } from 'playwright-core';
import { connect } from '../drizzle/database.ts';
import { projectFolder } from './dataFolder.ts';
import { demoUsers } from './demo/seed.ts';
import { runningEngines } from './runningService.ts';

/**
 * Takes the pictures of the docs from a service that runs with a fresh demo practice (`npm run reset`, then `npm start`, by
 * day). It sends two links; the second one's messages wait, because their carrier is away for as long as the picture takes.
 */
const home = (process.env.PUBLIC_URL || `http://localhost:${process.env.PORT || 3000}`).replace(/\/$/, '');
const desk = { width: 1440, height: 860 };
const phone = { width: 390, height: 760 };

const executablePath = process.env.CHROMIUM_PATH || (await chromium.executablePath());
const browser = await playwright.launch({
  executablePath,
  args: ['--headless=shell', '--no-sandbox', '--disable-gpu'],
  env: { ...process.env, FONTCONFIG_PATH: join(tmpdir(), 'fonts') },
});
const { sql, close } = connect((await runningEngines()).databaseUrl, { max: 1, name: 'nextvisit pictures' });
try {
  await takeAll();
} finally {
  await browser.close();
  await close();
}

async function takeAll(): Promise<void> {
  const reception = await signIn('receptionist');
  await take(reception, 'book');
  const patient = await open(phone);
  await patient.goto('/inbox');
  const newest = () => patient.locator('a[href*="/b/"]').first().getAttribute('href');
  const earlier = await newest();
  await sendFirst(reception);
  for (let tries = 0; tries < 20 && (await newest()) === earlier; tries++) await patient.reload();
  await patient.goto((await newest())!);
  await take(patient, 'times');

  await sql`alter table demo_inbox rename to demo_inbox_away`;
  try {
    await reception.goto('/book');
    await sendFirst(reception);
    const manager = await signIn('manager');
    await manager.goto('/follow-up?category=olb_link_sent');
    const workflow = await manager.getByRole('link', { name: 'Workflow' }).last().getAttribute('href');
    await manager.waitForTimeout(8_000);
    const { origin, pathname } = new URL(workflow!);
    const list = `${origin}${pathname.split('/').slice(0, 4).join('/')}?query=${encodeURIComponent('BookingStage = "link_sent"')}`;
    await manager.goto(list);
    await manager.waitForTimeout(4_000);
    await take(manager, 'workflows', 560);
    await manager.goto(workflow!);
    await manager.waitForTimeout(4_000);
    await take(manager, 'timeline', 705);
    await manager.getByText('Pending Activities').first().click();
    await manager.waitForTimeout(4_000);
    // What follows further down names the machine's own folders.
    await take(manager, 'pending', 705);
  } finally {
    await sql`alter table demo_inbox_away rename to demo_inbox`;
  }
}

async function open(viewport: { width: number; height: number }): Promise<Page> {
  return (await browser.newContext({ baseURL: home, viewport, locale: 'en-GB' })).newPage();
}

async function signIn(role: 'receptionist' | 'manager'): Promise<Page> {
  const { email, password } = demoUsers.find((user) => user.role === role && user.language === 'en')!;
  const page = await open(desk);
  await page.goto('/sign-in');
  await page.fill('input[name=email]', email);
  await page.fill('input[name=password]', password);
  await page.click('main button');
  await page.waitForURL('**/book');
  return page;
}

/** Sends the booking link of the first departure task that has one to send. */
async function sendFirst(page: Page): Promise<void> {
  await page.locator('.task').getByRole('link', { name: 'Online booking' }).first().click();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.locator('.flash').waitFor();
}

async function take(page: Page, name: string, height = page.viewportSize()!.height): Promise<void> {
  const { width } = page.viewportSize()!;
  await page.screenshot({
    path: join(projectFolder, 'docs/pictures', `${name}.png`),
    clip: { x: 0, y: 0, width, height },
  });
}
