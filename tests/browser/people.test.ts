import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Language, texts } from '../../locales/texts.ts';
import { type BuiltPractice, buildPatient, password } from '../builders.ts';
import { buildSent } from '../efforts.ts';
import { browserIn, openSite, practiceIn, type Site, ways } from './site.ts';

let site: Site;

beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.stop());

/** A practice whose staff read this language, and its receptionist at their browser. */
async function deskIn(language: Language, javaScriptEnabled: boolean) {
  const built = await practiceIn(site, language);
  const desk = await site.signIn(built.users.receptionist.email, browserIn(language, javaScriptEnabled));
  return { built, desk, t: texts(language) };
}

/** An address without its seal, whose letters mean nothing. */
const unsealed = (url: string) => url.replace(/search=[\w-]+/, '');

describe.each(ways)('the desk, in %s, with scripts: %s', (language, javaScriptEnabled) => {
  it('finds a patient from any screen, opens a file and edits it', async () => {
    const { built, desk, t } = await deskIn(language, javaScriptEnabled);
    const known = await buildPatient(site.db, built, { firstName: 'Zoë', lastNamePrefix: 'van den', lastName: 'Berg' });

    // From the book, by name without accents; and by the birth date.
    const head = desk.getByRole('banner').getByRole('searchbox');
    await head.fill('zoe berg');
    await head.press('Enter');
    await desk.getByRole('link', { name: 'Zoë van den Berg' }).click();
    await desk.getByRole('heading', { name: 'Zoë van den Berg' }).waitFor();
    expect(await desk.getByText(known.email!).count()).toBe(1);
    // The way back finds the list again, and so does a reload; no address names her.
    const file = new URL(desk.url()).pathname;
    await desk.goBack();
    await desk.getByRole('link', { name: 'Zoë van den Berg' }).waitFor();
    await desk.reload();
    await desk.getByRole('link', { name: 'Zoë van den Berg' }).click();
    await desk.waitForURL(`**${file}`);
    await head.fill('6-5-1984');
    await head.press('Enter');
    await desk.getByRole('link', { name: 'Zoë van den Berg' }).waitFor();
    expect(site.addresses.map(unsealed).filter((url) => /zo|berg|1984/i.test(url))).toEqual([]);

    // A new file, first with a number that can be none.
    await desk.goto('/patients');
    await desk.getByRole('link', { name: t.people.newPatient }).click();
    await desk.getByLabel(t.people.firstName).fill('Noa');
    await desk.getByLabel(t.people.lastName, { exact: true }).fill('Graaf');
    await desk.getByLabel(t.people.birthDate, { exact: true }).fill('2001-02-03');
    await desk.getByLabel(t.people.mobile, { exact: true }).fill('06 123');
    await desk.getByRole('button', { name: t.common.save }).click();
    await desk.getByText(t.problems.fields.mobile_invalid).waitFor();
    expect(await desk.getByLabel(t.people.firstName).inputValue()).toBe('Noa');
    await desk.getByLabel(t.people.mobile, { exact: true }).fill('06 00 00 00 45');
    await desk.getByRole('button', { name: t.common.save }).click();
    await desk.getByText(t.people.notices.patient_created!).waitFor();
    expect(await desk.getByText('+31600000045').count()).toBe(1);

    await desk.getByRole('link', { name: t.people.edit, exact: true }).click();
    await desk.getByLabel(t.people.email, { exact: true }).fill('noa@example.com');
    await desk.getByRole('button', { name: t.common.save }).click();
    await desk.getByText(t.people.notices.patient_saved!).waitFor();
    expect(await desk.getByText(new RegExp(t.people.auditActions['patient.changed']!)).count()).toBe(1);
    expect(site.complaints).toEqual([]);
  });

  it('locks the screen, hands it to a colleague on the page where it stood, and signs out', async () => {
    const { built, desk, t } = await deskIn(language, javaScriptEnabled);
    await desk.goto('/book?day=2031-02-03');
    await desk.locator('details.user summary').click();
    await desk.getByRole('button', { name: t.layout.switchUser }).click();
    await desk.getByText(t.layout.locked).waitFor();
    await desk.goto('/book');
    await desk.getByText(t.layout.locked).waitFor();
    await desk.goto('/book?day=2031-02-03');
    await desk.getByLabel(built.users.manager.name).check();
    await desk.getByLabel(t.layout.password).fill('not this');
    await desk.locator('main button').click();
    await desk.getByText(t.problems.fields.wrong_password).waitFor();
    expect(await desk.getByLabel(built.users.manager.name).isChecked()).toBe(true);
    await desk.getByLabel(t.layout.password).fill(password);
    await desk.locator('main button').click();
    await desk.waitForURL('**/book?day=2031-02-03');
    await desk.locator('details.user summary').click();
    await desk.getByRole('button', { name: t.layout.signOut }).click();
    await desk.waitForURL('**/sign-in');
  });
});

describe('with scripts', () => {
  it('the results follow the typing, and the field keeps what is typed', async () => {
    const { built, desk } = await deskIn('en', true);
    await buildPatient(site.db, built, { firstName: 'Quirine', lastName: 'Aker' });
    await buildPatient(site.db, built, { firstName: 'Quincy', lastName: 'Baars' });
    await desk.goto('/patients');
    const box = desk.getByRole('main').getByRole('searchbox');
    await box.pressSequentially('qui', { delay: 30 });
    await desk.getByRole('link', { name: 'Quirine Aker' }).waitFor();
    expect(await desk.getByRole('link', { name: 'Quincy Baars' }).count()).toBe(1);
    await box.pressSequentially('r', { delay: 30 });
    await desk.getByRole('link', { name: 'Quincy Baars' }).waitFor({ state: 'detached' });
    expect(await box.inputValue()).toBe('quir');
    expect(await box.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);

    // The address followed: whoever comes back finds what was typed and found.
    await desk.getByRole('link', { name: 'Quirine Aker' }).click();
    await desk.getByRole('heading', { name: 'Quirine Aker' }).waitFor();
    await desk.goBack();
    await desk.getByRole('link', { name: 'Quirine Aker' }).waitFor();
    expect(await box.inputValue()).toBe('quir');
    expect(site.addresses.some((url) => url.includes('search='))).toBe(true);
    expect(site.addresses.map(unsealed).filter((url) => /qui/i.test(url))).toEqual([]);
    expect(site.complaints).toEqual([]);
  });

  it('the count of Follow Up follows what happens, on any screen', async () => {
    const { built, desk } = await deskIn('en', true);
    await desk.goto('/patients');
    const count = desk.locator('[data-count=followUp]');
    expect(await count.isVisible()).toBe(false);
    await desk.getByRole('main').getByRole('searchbox').fill('kept as typed');
    await desk.waitForTimeout(500);
    await buildSent(site.db, built);
    await count.waitFor({ state: 'visible' });
    expect(await count.textContent()).toBe('1');
    expect(await desk.getByRole('main').getByRole('searchbox').inputValue()).toBe('kept as typed');
    expect(site.complaints).toEqual([]);
  });

  it('an open screen goes to the lock when its session is locked elsewhere', async () => {
    const { built, desk, t } = await deskIn('en', true);
    const listens = desk.waitForResponse((response) => response.url().endsWith('/live'));
    await desk.goto('/patients');
    await listens;
    await lockElsewhere(built);
    await site.db.sql.notify('live', JSON.stringify({ p: built.practice.id, t: 'sessions' }));
    await desk.getByText(t.layout.locked).waitFor();
  });

  it('so does one that was not heard of when that happened', async () => {
    const { built, desk, t } = await deskIn('en', true);
    await desk.route('**/live', async (route) => {
      await lockElsewhere(built);
      await route.continue();
    });
    await desk.goto('/patients');
    await desk.getByText(t.layout.locked).waitFor();
  });

  it('an open screen follows its practice also when its stream did not come at first', async () => {
    const { built, desk } = await deskIn('en', true);
    let asked = 0;
    await desk.route('**/live', (route) => {
      asked += 1;
      if (asked === 1) return route.abort();
      return asked === 2 ? route.fulfill({ status: 503 }) : route.continue();
    });
    await desk.goto('/follow-up');
    await buildSent(site.db, built);
    await desk.locator('[data-count="followUp"]', { hasText: '1' }).waitFor();
    expect(asked).toBe(3);
  });
});

const lockElsewhere = ({ users }: BuiltPractice) =>
  site.db.sql`update sessions set data = data || '{"locked":true}' where user_id = ${users.receptionist.id}`;
