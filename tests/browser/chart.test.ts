import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPlanned, buildPractice } from '../builders.ts';
import { openSite, type Site } from './site.ts';

let site: Site;
let db: Site['db'];
let built: BuiltPractice;

beforeAll(async () => {
  site = await openSite();
  db = site.db;
  built = await buildPractice(db);
});
afterAll(() => site?.stop());
afterEach(() => expect(site.complaints).toEqual([]));

async function signedIn(language: 'en' | 'nl', { javaScriptEnabled = true } = {}): Promise<Page> {
  const user = { email: `${language}.${process.pid}@example.org` };
  await db.database
    .insert(tables.users)
    .values({ ...built.users.provider, ...user, id: undefined, language })
    .onConflictDoNothing();
  return site.signIn(user.email, { javaScriptEnabled, viewport: { width: 1280, height: 900 } });
}

/** A patient with a plan of three, and nothing ticked. */
async function planned(): Promise<string> {
  const { id } = await buildPatient(db, built);
  const first = await buildPlanned(db, built, id, { description: 'Filling 36', toBeBooked: false });
  await db.database.insert(tables.plannedAppointments).values(
    ['Crown 36', 'Check-up'].map((description, index) => ({
      practiceId: built.practice.id,
      patientId: id,
      treatmentPlanId: first.treatmentPlanId,
      position: index + 2,
      description,
      toBeBooked: index === 0,
    })),
  );
  return id;
}

const plannedOf = async (patientId: string) =>
  (
    await db.database
      .select()
      .from(tables.plannedAppointments)
      .where(eq(tables.plannedAppointments.patientId, patientId))
  ).sort((a, b) => a.position - b.position);

describe.each([
  {
    language: 'en' as const,
    edit: 'Edit Appointment',
    book: 'Book this Appointment',
    add: 'Add a service',
    remove: 'Delete',
    sum: 'Sum of the services',
    renamePlan: 'Rename…',
    removePlan: 'Delete the plan',
  },
  {
    language: 'nl' as const,
    edit: 'Afspraak bewerken',
    book: 'Boek deze afspraak',
    add: 'Behandelcode toevoegen',
    remove: 'Verwijderen',
    sum: 'Som van de behandelcodes',
    renamePlan: 'Hernoemen…',
    removePlan: 'Plan verwijderen',
  },
])('the Chart in $language', ({ language, edit, book, add, remove, sum, renamePlan, removePlan }) => {
  it('opens Edit Appointment by double click and by Enter, counts the services, and books', async () => {
    const page = await signedIn(language);
    await page.setViewportSize({ width: 1280, height: 640 });
    const id = await planned();
    await page.goto(`/patients/${id}/chart`);
    const [first, second] = await plannedOf(id);
    await page.locator(`#planned-${first!.id} td`).nth(1).dblclick();
    const dialog = page.locator('dialog#window');
    await dialog.getByRole('heading', { name: edit }).waitFor();
    await dialog.getByText(`${sum}: 0:30`).waitFor();
    await dialog.getByRole('button', { name: add }).click();
    await dialog.locator('#service-1').waitFor();
    await dialog.locator('#service-1').selectOption({ index: 2 });
    await dialog.getByText(`${sum}: 0:30`).waitFor({ state: 'detached' });
    await dialog.getByText(`${sum}: 0:40`).waitFor();
    await dialog.locator('[name=expectedTime]').fill('25:00');
    await dialog.locator('[name=note]').fill('Kept');
    await dialog.getByRole('button', { name: 'OK', exact: true }).last().click();
    await dialog.locator('[name=expectedTime][aria-invalid=true]').waitFor();
    expect(await dialog.locator('[name=note]').inputValue()).toBe('Kept');
    // Also in a window that must be scrolled, what is wrong is not behind the buttons.
    const [message, buttons] = [dialog.locator('#field-expectedTime-error'), dialog.locator('.window-actions')];
    const [said, ends] = [(await message.boundingBox())!, (await buttons.boundingBox())!];
    expect(said.y + said.height).toBeLessThanOrEqual(ends.y);
    await dialog.locator('[name=expectedTime]').fill('1:10');
    await dialog.getByLabel(book).check();
    await dialog.locator('[name=expectedTime]').press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await expect
      .poll(() => plannedOf(id))
      .toMatchObject([{ toBeBooked: true, expectedMinutesOverride: 70, note: 'Kept' }, {}, {}]);

    await page.locator(`#open-${second!.id}`).focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('heading', { name: edit }).waitFor();
    // By the keyboard alone: the tick is where the focus is.
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => plannedOf(id)).toMatchObject([{}, { toBeBooked: false }, {}]);
    await page.locator(`#open-${second!.id}`).focus();
    await page.keyboard.press('Enter');
    await dialog.getByRole('heading', { name: edit }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await page.context().close();
  });

  it('moves within the plan and keeps the focus on the button', async () => {
    const page = await signedIn(language);
    const id = await planned();
    await page.goto(`/patients/${id}/chart`);
    const [first] = await plannedOf(id);
    await page.locator(`#down-${first!.id}`).focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await plannedOf(id)).map((one) => one.id).indexOf(first!.id)).toBe(1);
    await page.locator(`tr:nth-child(2)#planned-${first!.id}`).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(`down-${first!.id}`);
    await page.keyboard.press('Enter');
    await page.locator(`tr:nth-child(3)#planned-${first!.id}`).waitFor();
    await page.locator(`#up-${first!.id}`).click();
    await page.locator(`tr:nth-child(2)#planned-${first!.id}`).waitFor();
    await page.locator(`#up-${first!.id}`).click();
    await page.locator(`tr:nth-child(1)#planned-${first!.id}`).waitFor();
    await page.context().close();
  });

  it('drags a planned appointment to another place by its grip, and gives up with Escape', async () => {
    const page = await signedIn(language);
    const id = await planned();
    await page.goto(`/patients/${id}/chart`);
    const [first, second, third] = await plannedOf(id);
    const order = () =>
      page.locator('.planned-table tbody tr').evaluateAll((rows) => rows.map((row) => row.id.slice(8)));
    const grip = (one: { id: string }) => page.locator(`#planned-${one.id} .grip`);
    const over = async (one: { id: string }) => (await page.locator(`#planned-${one.id}`).boundingBox())!;

    async function drag(one: { id: string }, y: number) {
      const from = (await grip(one).boundingBox())!;
      await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
      await page.mouse.down();
      await page.mouse.move(from.x + from.width / 2, (from.y + y) / 2, { steps: 3 });
      await page.mouse.move(from.x + from.width / 2, y, { steps: 3 });
    }
    const bottom = await over(third!);
    await drag(first!, bottom.y + bottom.height - 2);
    await expect.poll(order).toEqual([second!.id, third!.id, first!.id]);
    // What changes meanwhile is not drawn under the pointer.
    await page.evaluate(() => document.getElementById('live')!.dispatchEvent(new Event('tasks')));
    await page.waitForTimeout(300);
    expect(await order()).toEqual([second!.id, third!.id, first!.id]);
    await page.mouse.up();
    await expect
      .poll(async () => (await plannedOf(id)).map((one) => one.id))
      .toEqual([second!.id, third!.id, first!.id]);
    await page.locator(`#up-${second!.id}[aria-disabled=true]`).waitFor();
    await page.locator(`#down-${first!.id}[aria-disabled=true]`).waitFor();

    const top = await over(second!);
    await drag(first!, top.y + 2);
    await expect.poll(order).toEqual([first!.id, second!.id, third!.id]);
    await page.keyboard.press('Escape');
    await expect.poll(order).toEqual([second!.id, third!.id, first!.id]);
    await page.mouse.up();
    await page.waitForTimeout(300);
    expect((await plannedOf(id)).map((one) => one.id)).toEqual([second!.id, third!.id, first!.id]);
    await page.context().close();
  });

  it('does all of it without scripts, deletion included', async () => {
    const page = await signedIn(language, { javaScriptEnabled: false });
    const id = await planned();
    await page.goto(`/patients/${id}/chart`);
    await page.locator('[name=name]').fill('Extra');
    await page.locator('.inline-form button').click();
    await page.locator('.plan', { hasText: 'Extra' }).locator('.section-head a').last().click();
    await page.getByRole('button', { name: add }).click();
    await page.locator('#service-0').selectOption({ index: 1 });
    await page.locator('[name=description]').fill('Zorg');
    await page.getByRole('button', { name: 'OK', exact: true }).last().click();
    await page.getByRole('link', { name: 'Zorg', exact: true }).click();
    await page.getByRole('heading', { name: edit }).waitFor();
    await page.locator('[name=description]').fill('Zorg 2');
    await page.locator('[name=description]').press('Enter');
    await page.getByRole('link', { name: `${remove} Zorg 2` }).click();
    await page.getByRole('button', { name: remove, exact: true }).click();
    await page.waitForURL(`**/patients/${id}/chart`);
    expect(await page.getByRole('link', { name: 'Zorg 2' }).count()).toBe(0);
    expect(await page.locator('.grip').first().isVisible()).toBe(false);

    const extra = page.locator('.plan', { hasText: 'Extra' });
    await extra.getByRole('link', { name: renamePlan }).click();
    await page.locator('.window-page [name=name]').fill('Extra 2');
    await page.locator('.window-page [name=name]').press('Enter');
    await page.locator('.plan', { hasText: 'Extra 2' }).getByRole('link', { name: removePlan }).click();
    await page.getByRole('button', { name: removePlan, exact: true }).click();
    await page.waitForURL(`**/patients/${id}/chart`);
    expect(await page.getByRole('heading', { name: 'Extra 2' }).count()).toBe(0);
    await page.context().close();
  });
});
