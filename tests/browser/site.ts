import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { freePort } from '../../dev/ports.ts';
import * as tables from '../../drizzle/schema/index.ts';
import type { Language } from '../../locales/texts.ts';
import { type BuiltPractice, buildPractice, password } from '../builders.ts';
import { buildTestApp } from '../desk.ts';
import { launchBrowser } from '../engines/browser.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { startTestWorker } from '../engines/worker.ts';

export interface Site {
  db: FreshDatabase;
  url: string;
  /** A browser of somebody's own; faults in its console are collected. */
  visit(options?: BrowserContextOptions): Promise<Page>;
  /** A member of staff, signed in. */
  signIn(email: string, options?: BrowserContextOptions): Promise<Page>;
  /** What the browsers complained about. */
  complaints: string[];
  /** Every address that the browsers asked for or showed, ids of assets aside. */
  addresses: string[];
  stop(): Promise<void>;
}

/** The whole service on engines of the tests' own: api, worker and a browser. */
export async function openSite(): Promise<Site> {
  const db = await freshDatabase();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const app: FastifyInstance = await buildTestApp(db, { PORT: String(port), PUBLIC_URL: url });
  await app.listen({ port, host: '127.0.0.1' });
  const worker = await startTestWorker(db, { publicUrl: url });
  const browser: Browser = await launchBrowser();
  const complaints: string[] = [];
  const addresses: string[] = [];
  const note = (address: string) => address.startsWith(`${url}/assets/`) || addresses.push(address);

  async function visit(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ baseURL: url, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('request', (request) => void note(request.url()));
    page.on('framenavigated', (frame) => void note(frame.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text());
    });
    return page;
  }

  return {
    db,
    url,
    complaints,
    addresses,
    visit,
    signIn: async (email, options) => {
      const page = await visit(options);
      await page.goto('/sign-in');
      await page.fill('input[name=email]', email);
      await page.fill('input[name=password]', password);
      await page.click('main button');
      await page.waitForURL('**/book');
      return page;
    },
    stop: async () => {
      await browser.close();
      await worker.stop();
      await app.close();
      await db.drop();
    },
  };
}

/** How people come here: in either language, with scripts and without. */
export const ways: [Language, boolean][] = [
  ['en', true],
  ['nl', true],
  ['en', false],
  ['nl', false],
];

/** Either language once, either with scripts or without: for days that are long. */
export const eitherWay = [ways[0]!, ways[3]!];

/** A practice whose staff and patients read this language. */
export async function practiceIn({ db }: Site, language: Language): Promise<BuiltPractice> {
  const built = await buildPractice(db, { language });
  await db.database.update(tables.users).set({ language }).where(eq(tables.users.practiceId, built.practice.id));
  return built;
}

/** The browser of somebody who reads this language. */
export const browserIn = (language: Language, javaScriptEnabled: boolean): BrowserContextOptions => ({
  javaScriptEnabled,
  locale: language === 'nl' ? 'nl-NL' : 'en-GB',
});
