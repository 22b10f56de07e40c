import { eq } from 'drizzle-orm';
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PatientAnswer } from '../../domain/bookings/answer.ts';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type Language, texts } from '../../locales/texts.ts';
import { buildPractice } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { openSite, type Site } from './site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.stop());

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const categories = { no_time_suits: 'unbooked', call_me: 'call_requested', not_for_me: 'wrong_contact' } as const;

describe.each([
  ['en', true],
  ['en', false],
  ['nl', true],
  ['nl', false],
] as const)('in %s, with scripts: %s', (language: Language, javaScriptEnabled) => {
  it.each(Object.keys(categories) as PatientAnswer[])(
    'a patient answers %s, and reception sees it come in by itself',
    async (answer) => {
      const t = texts(language);
      const built = await buildPractice(site.db, { language });
      await site.db.database
        .update(tables.users)
        .set({ language })
        .where(eq(tables.users.practiceId, built.practice.id));
      const { patient, token } = await buildSent(site.db, built, { patient: { language } });
      const options = { javaScriptEnabled, locale: language === 'nl' ? 'nl-NL' : 'en-GB' };
      const desk = await site.signIn(built.users.receptionist.email, options);
      await desk.goto('/follow-up');
      const row = desk.locator('.follow-up-row', { hasText: patient.lastName });
      await row.getByText(t.followUp.categories.olb_link_sent).waitFor();

      const page = await site.visit({ ...options, ...phone, colorScheme: answer === 'call_me' ? 'dark' : 'light' });
      await page.goto(`/b/${token}`);
      if (answer === 'not_for_me') {
        await page.getByRole('link', { name: t.patientLinks.answers.not_for_me }).click();
        await page.getByRole('heading', { name: t.patientLinks.notForMe.title }).waitFor();
        await page.getByRole('button', { name: t.patientLinks.notForMe.yes }).click();
        await page.getByRole('heading', { name: t.patientLinks.closed.not_for_me.title }).waitFor();
      } else {
        await page.getByRole('button', { name: t.patientLinks.answers[answer] }).click();
        await page.getByRole('heading', { name: t.patientLinks.answered[answer].title }).waitFor();
        await page.reload();
        await page.getByRole('link', { name: t.patientLinks.chooseAfterAll }).click();
        await page.getByText(t.patientLinks.answeredBefore[answer]).waitFor();
        expect(await page.locator('button.time').count()).toBeGreaterThan(0);
      }

      // Without scripts the page is loaded anew.
      if (!javaScriptEnabled) await desk.reload();
      await row.getByText(t.followUp.categories[categories[answer]]).waitFor();
      await row.getByText(t.followUp.afterAnswer[answer]).waitFor();
      expect(await row.textContent()).toContain(t.patientLinks.answers[answer]);
      expect(await findInconsistencies(site.db.sql, { atRest: false })).toEqual([]);
      expect(site.complaints).toEqual([]);
      for (const one of [desk, page]) await one.context().close();
    },
  );
});
