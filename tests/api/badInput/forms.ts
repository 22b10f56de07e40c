import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, expect } from 'vitest';
import { type BuiltPractice, buildPractice } from '../../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../../desk.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { fingerprint } from '../../fingerprint.ts';
import { type KnownRoute, routeCollector } from '../knownRoutes.ts';
import { rightForms } from '../rightForms.ts';

export type Language = 'en' | 'nl';
export type Fields = Record<string, string | string[]>;
export interface Tried {
  url: string;
  fields: Fields;
  route: string;
  isOpen: boolean;
}

const urlencoded = 'application/x-www-form-urlencoded';
export const languages = ['en', 'nl'] as const;

export let db: FreshDatabase;
export let built: BuiltPractice;
export let app: FastifyInstance;
export let forms: Tried[];
export let before: Record<string, string>;
export const staff = {} as Record<Language, Browser>;
export const strangers = {} as Record<Language, Browser>;

/** Every form there is, and who sends it: staff and strangers who read both languages. */
export function useForms(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    const { routes, onRoute } = routeCollector();
    app = await buildTestApp(db, {}, { onRoute });
    built = await buildPractice(db);
    const [dutch] = await db.sql`
    insert into users (practice_id, email, name, role, password_hash, language, location_id)
    select practice_id, 'nl.' || email, name, role, password_hash, 'nl', location_id from users where id = ${built.users.manager.id}
    returning email`;
    staff.en = await signIn(app, built.users.manager);
    staff.nl = await signIn(app, dutch as { email: string });
    for (const language of languages) {
      strangers[language] = visitor(app, { 'accept-language': language });
      for (const browser of [staff[language], strangers[language]]) await browser.get('/patients');
      await strangers[language].get('/sign-in');
    }
    forms = await Promise.all(writing(routes).map(prepare));
    before = await fingerprint(db.sql);
  });

  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });
}

/** Forms that bring a file are tried in settingsPictures.test.ts. */
const writing = (routes: KnownRoute[]) =>
  routes.filter(({ method, url }) => method === 'POST' && url in rightForms && !url.endsWith('/picture'));
const prepare = async ({ url, roles }: KnownRoute): Promise<Tried> => {
  const right = await rightForms[url]!(db, built);
  const fields = Object.entries(right.fields).flatMap(([name, value]) =>
    value instanceof Uint8Array ? [] : [[name, value] as const],
  );
  return { url: right.url, fields: Object.fromEntries(fields), route: url, isOpen: roles === null };
};

const browserFor = ({ isOpen }: Tried, language: Language) => (isOpen ? strangers : staff)[language];

/** Asks as the browser would, but with a body of the test's own. */
export async function sendRaw(
  form: Tried,
  language: Language,
  payload: string | Buffer,
  type: string | null = urlencoded,
  url = form.url,
): Promise<LightMyRequestResponse> {
  const browser = browserFor(form, language);
  const headers: InjectOptions['headers'] = {
    host: 'localhost',
    'accept-language': language,
    cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ...(type ? { 'content-type': type } : {}),
  };
  return app.inject({ method: 'POST', url, payload, headers });
}

export const encode = (fields: Fields) => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
  return form;
};

/** Refused with the right status, in the reader's language, without a glimpse of the inside. */
export function expectRefused(
  answer: LightMyRequestResponse,
  language: Language,
  statuses: number[],
  said: string,
): void {
  expect.soft(statuses, `${said} → ${answer.statusCode}: ${answer.body.slice(0, 300)}`).toContain(answer.statusCode);
  expect.soft(answer.headers['content-type'], said).toMatch(/^text\/html/);
  expect.soft(answer.body, said).toContain(`<html lang="${language}">`);
  const words = answer.body.replace(/<[^>]*>/g, ' ');
  expect
    .soft(words, said)
    .not.toMatch(
      /\b(select .* from|insert into|update \w+ set|violates|constraint|relation "|duplicate key|postgres\w*|drizzle|zod\w*|TypeError|\w*Error:|node_modules|stack|undefined|\[object)\b|\.(ts|js):\d|\bat \w+ \(/i,
    );
}

async function expectNothingChanged(): Promise<void> {
  expect(await fingerprint(db.sql)).toEqual(before);
}

/** Each form in both languages; where there is much to try, in one of them by turns. */
export async function tryAll(
  work: (form: Tried, language: Language, said: string) => Promise<void>,
  { byTurns = false } = {},
): Promise<void> {
  for (const [turn, language] of languages.entries()) {
    for (const [index, form] of forms.entries()) {
      if (byTurns && index % 2 !== turn) continue;
      await work(form, language, `${language} POST ${form.route}`);
    }
  }
  await expectNothingChanged();
}

const tokens = new Map<Browser, string>();

/** With the browser's own token, so that nothing but the body is wrong. */
export async function post(
  form: Tried,
  language: Language,
  body: URLSearchParams,
  url = form.url,
): Promise<LightMyRequestResponse> {
  const browser = browserFor(form, language);
  if (!tokens.has(browser)) {
    const page = await browser.get(form.isOpen ? '/sign-in' : '/patients/new');
    tokens.set(browser, /name="_csrf" value="([^"]+)"/.exec(page.body)![1]!);
  }
  const whole = new URLSearchParams([...body, ['_csrf', tokens.get(browser)!]]);
  return sendRaw(form, language, whole.toString(), urlencoded, url);
}

/** Sends each as it is, so that each refusal was for what was wrong with it. */
export async function expectAccepted(): Promise<void> {
  for (const form of forms) {
    // A browser of its own: some forms end the session.
    const browser = form.isOpen ? strangers.en : await signIn(app, built.users.manager);
    const answer = await browser.post(form.url, form.fields);
    expect([204, 303], `${form.route} ${answer.statusCode}`).toContain(answer.statusCode);
  }
  expect(await fingerprint(db.sql)).not.toEqual(before);
}
