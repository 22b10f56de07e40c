import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findInconsistencies } from '../../domain/bookings/consistency.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type Language, texts } from '../../locales/texts.ts';
import { buildAppointment, buildPatient, buildPlanned, buildPractice } from '../builders.ts';
import { eventually } from '../engines/worker.ts';
import { openSite, type Site } from './site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.stop());

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Everything a booking passes, by people's own clicks. */
async function wholeBooking(language: Language, javaScriptEnabled: boolean) {
  const t = texts(language);
  const built = await buildPractice(site.db, { language });
  await site.db.database.update(tables.users).set({ language }).where(eq(tables.users.practiceId, built.practice.id));
  const patient = await buildPatient(site.db, built, { language });
  await buildPlanned(site.db, built, patient.id);
  const appointment = await buildAppointment(site.db, built, patient.id, 600);
  const name = `${patient.firstName} ${patient.lastName}`;
  const options = { javaScriptEnabled, locale: language === 'nl' ? 'nl-NL' : 'en-GB' };

  // Reception: the departure, its task, and the link.
  const desk = await site.signIn(built.users.receptionist.email, options);
  await openEntry(desk, appointment.id);
  await desk.locator(`#entry-${appointment.id}`).getByRole('link', { name: t.book.depart }).click();
  await desk.getByRole('heading', { name: t.departures.departureOf(name) }).waitFor();
  expect(await desk.getByLabel(t.departures.bookThis).isChecked()).toBe(true);
  await desk.getByRole('button', { name: t.common.ok, exact: true }).click();
  const task = desk.locator('.task', { hasText: name });
  await task.getByRole('link', { name: t.departures.onlineBooking }).click();
  await desk.getByRole('heading', { name: t.departures.sendTitle }).waitFor();
  for (const box of await desk.locator('input[name=channels]').all()) expect(await box.isChecked()).toBe(true);
  await desk.getByRole('button', { name: t.departures.send, exact: true }).click();
  await desk.getByText(t.layout.notices.link_sent).waitFor();
  await desk.locator('.task', { hasText: name }).waitFor({ state: 'detached' });
  await desk.goto('/follow-up?category=olb_link_sent');
  await desk.locator('.follow-up-row', { hasText: name }).waitFor();

  // The patient, on a phone, from the message.
  const patientPage = await site.visit({ ...options, ...phone });
  await patientPage.goto(await linkFrom(patient.mobile!));
  await patientPage.getByRole('heading', { name: t.patientLinks.chooseFor(patient.firstName) }).waitFor();
  await patientPage.locator('button.time').first().click();
  await patientPage.getByRole('heading', { name: t.patientLinks.check }).waitFor();
  expect(await patientPage.getByText('Noor Beekman').count()).toBe(1);
  await patientPage.getByRole('button', { name: t.patientLinks.confirm, exact: true }).click();
  await patientPage.getByRole('heading', { name: thanks(language) }).waitFor();

  // What follows by itself.
  const [booking] = await eventually(
    () => site.db.database.select().from(tables.bookings).where(eq(tables.bookings.patientId, patient.id)),
    ([row]) => row?.settledAt !== null,
  );
  expect(booking!.state).toBe('booked_online');
  await desk.goto('/follow-up');
  expect(await desk.locator('.follow-up-row', { hasText: name }).count()).toBe(0);
  await desk.goto('/online-appointments');
  await desk
    .getByRole('row', { name: new RegExp(patient.lastName) })
    .getByRole('link', { name: t.followUp.toBook })
    .click();
  await iconSaysMore(desk, name, 'Noor Beekman');
  const tablet = await site.signIn(built.users.receptionist.email, { ...options, hasTouch: true });
  await tablet.goto(desk.url());
  await tablet.locator('.entry.online', { hasText: name }).locator('.online-mark').tap();
  await tablet.locator('.entry.online').getByText(t.book.plannedTreatment).waitFor();
  const manager = await site.signIn(built.users.manager.email, options);
  await manager.goto('/reports/feature-usage');
  expect(await manager.locator('tfoot td').textContent()).toBe('1');
}

/** The icon's details: with the pointer on it, and with the focus. */
async function iconSaysMore(page: Page, ...words: string[]) {
  const mark = page.locator('.entry.online', { hasText: words[0]! }).locator('.online-mark');
  const tip = mark.locator('.tip');
  await mark.waitFor();
  expect(await tip.isVisible()).toBe(false);
  await mark.hover();
  await tip.waitFor();
  for (const word of words) expect(await tip.textContent()).toContain(word);
  await page.mouse.move(1, 1);
  await tip.waitFor({ state: 'hidden' });
  await mark.focus();
  await tip.waitFor();
}

async function openEntry(page: Page, id: string) {
  await page.locator(`#entry-${id} summary`).click();
}

async function linkFrom(mobile: string): Promise<string> {
  const messages = await eventually(
    () => site.db.database.select().from(tables.demoInbox).where(eq(tables.demoInbox.recipient, mobile)),
    (found) => found.length > 0,
  );
  return /https?:\/\/\S+\/b\/\S+/.exec(messages.at(-1)!.body)![0];
}

const thanks = (language: Language) => {
  const { patientLinks, common } = texts(language);
  return patientLinks.thankYou(`${common.byChannel.email} ${language === 'nl' ? 'of' : 'or'} ${common.byChannel.sms}`);
};

describe.each([
  ['en', true],
  ['en', false],
  ['nl', true],
  ['nl', false],
] as const)('in %s, with scripts: %s', (language, scripts) => {
  it('a departure becomes an appointment that the patient chose', async () => {
    await wholeBooking(language, scripts);
    await expect.poll(() => findInconsistencies(site.db.sql, { atRest: true })).toEqual([]);
    expect(site.complaints).toEqual([]);
  });
});
