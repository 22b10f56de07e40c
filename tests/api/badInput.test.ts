import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { texts } from '../../locales/texts.ts';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn, visitor } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { fingerprint } from '../fingerprint.ts';
import { type KnownRoute, routeCollector } from './knownRoutes.ts';
import { rightForms } from './rightForms.ts';

type Language = 'en' | 'nl';
type Fields = Record<string, string | string[]>;
interface Tried {
  url: string;
  fields: Fields;
  route: string;
  isOpen: boolean;
}

const urlencoded = 'application/x-www-form-urlencoded';
const languages = ['en', 'nl'] as const;

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;
let forms: Tried[];
let before: Record<string, string>;
const staff = {} as Record<Language, Browser>;
const strangers = {} as Record<Language, Browser>;

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
async function sendRaw(
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

const encode = (fields: Fields) => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one);
  return form;
};

/** Refused with the right status, in the reader's language, without a glimpse of the inside. */
function expectRefused(answer: LightMyRequestResponse, language: Language, statuses: number[], said: string): void {
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
async function tryAll(
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

describe('a form', () => {
  it('is refused without its token, or with somebody else’s', async () => {
    const stolen = /name="_csrf" value="([^"]+)"/.exec((await visitor(app).get('/sign-in')).body)![1]!;
    await tryAll(async (form, language, said) => {
      for (const token of [null, '', 'made-up', stolen]) {
        const fields = token === null ? form.fields : { ...form.fields, _csrf: token };
        const answer = await sendRaw(form, language, encode(fields).toString());
        expectRefused(answer, language, [403], `${said} with the token ${token}`);
        expect(answer.body).toContain(texts(language).problems.pages.form_expired);
      }
    });
  }, 120_000);

  it('is refused as anything but a form', async () => {
    await tryAll(async (form, language, said) => {
      const types = ['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'application/xml', 'x', null];
      for (const type of types) {
        const answer = await sendRaw(form, language, JSON.stringify(form.fields), type);
        expectRefused(answer, language, [415], `${said} as ${type}`);
        expect(answer.body).toContain(texts(language).problems.pages.wrong_type);
      }
    });
  }, 120_000);

  it('is refused when it is too large', async () => {
    const large = Buffer.alloc(10_000_000, 'x');
    await tryAll(async (form, language, said) => {
      const answer = await sendRaw(form, language, large);
      expectRefused(answer, language, [413], said);
      expect(answer.body).toContain(texts(language).problems.pages.too_large);
    });
  }, 120_000);

  it('is refused when it is no text: broken UTF-8, and the character NUL', async () => {
    const broken = [
      Buffer.from('note=\xff\xfe', 'latin1'),
      'note=%ff%fe',
      'note=%c3%28',
      '%ff=x',
      'note=%ed%a0%80',
      'note=a%00b',
      '%00=x',
      'note=x&note=%00',
    ];
    await tryAll(async (form, language, said) => {
      for (const payload of broken) {
        expectRefused(await sendRaw(form, language, payload), language, [400], `${said} ${payload}`);
      }
    });
  }, 120_000);

  it('is refused with a field that it does not have', async () => {
    const strange: Fields[] = [
      { surprise: 'x' },
      { practiceId: built.practice.id },
      { id: built.practice.id },
      { __proto__: 'x' } as Fields,
      { constructor: 'x' } as unknown as Fields,
      { toString: 'x' } as unknown as Fields,
      { 'note[0]': 'x' },
      { '': 'x' },
    ];
    await tryAll(
      async (form, language, said) => {
        for (const more of strange) {
          const body = new URLSearchParams([
            ...encode(form.fields),
            ...Object.entries(more),
            ...(Object.keys(more).length ? [] : [['__proto__', 'x']]),
          ] as [string, string][]);
          const answer = await post(form, language, body);
          expectRefused(answer, language, [422], `${said} with ${[...body.keys()].at(-1)}`);
        }
      },
      { byTurns: true },
    );
  }, 240_000);

  it('is refused with values that are far too long, sent twice, or nothing of the kind', async () => {
    const odd = ['-1', '99999999999999999999', "'; drop table patients; --", '2026-13-45', '25:00'];
    await tryAll(
      async (form, language, said) => {
        for (const [name, right] of Object.entries(form.fields)) {
          const instead = (values: string[]) => {
            const body = encode(form.fields);
            body.delete(name);
            for (const value of values) body.append(name, value);
            return body;
          };
          const tooLong = await post(form, language, instead(['x'.repeat(5_000)]));
          expectRefused(tooLong, language, [422], `${said} with ${name} too long`);
          if (!Array.isArray(right)) {
            expectRefused(
              await post(form, language, instead([right, right])),
              language,
              [422],
              `${said} with ${name} twice`,
            );
          }
          const first = [right].flat()[0]!;
          if (/^[0-9a-f-]{36}$/.test(first)) {
            for (const value of [
              'no-uuid',
              first.slice(0, 35),
              '00000000-0000-7000-8000-000000000000',
              `${first}'`,
              '../../x',
            ]) {
              expectRefused(
                await post(form, language, instead([value])),
                language,
                [404, 422],
                `${said} with ${name} ${value}`,
              );
            }
          }
          if (free.test(name)) continue;
          for (const value of odd) {
            const answer = await post(form, language, instead([value]));
            expectRefused(answer, language, [404, 409, 422], `${said} with ${name} ${value}`);
          }
        }
        const many = encode(form.fields);
        for (let count = 0; count < 2_000; count++) many.append('surprise', '');
        expectRefused(await post(form, language, many), language, [422], `${said} with 2,000 fields`);
      },
      { byTurns: true },
    );
  }, 240_000);

  it('is refused under an address whose id is none', async () => {
    await tryAll(async (form, language, said) => {
      const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
      if (!id.test(form.url)) return;
      for (const odd of [
        'x',
        '1',
        "'",
        '%27',
        '0'.repeat(36),
        `${id.exec(form.url)![0]}0`,
        '%F0%9F%A6%B7',
        '..%2f..',
        '1%20or%201=1',
      ]) {
        const answer = await post(form, language, encode(form.fields), form.url.replace(id, odd));
        expectRefused(answer, language, [404], `${said} under ${odd}`);
      }
      const broken = await post(form, language, encode(form.fields), form.url.replace(id, '%E0%A4%A'));
      expect(broken.statusCode).toBe(400);
    });
  }, 120_000);

  it('is accepted after all that, so that each refusal was for what was wrong with it', async () => {
    for (const form of forms) {
      // A browser of its own: some forms end the session.
      const browser = form.isOpen ? strangers.en : await signIn(app, built.users.manager);
      const answer = await browser.post(form.url, form.fields);
      expect([204, 303], `${form.route} ${answer.statusCode}`).toContain(answer.statusCode);
    }
    expect(await fingerprint(db.sql)).not.toEqual(before);
  });
});

describe('a query', () => {
  it('that cannot be understood is ignored or refused, and never a fault', async () => {
    const odd = ['%ff', '%00', 'x'.repeat(3_000), '-1', '9999-99-99', '2026-02-30', "'", '[]', 'null', '%2e%2e'];
    const names = [
      'day',
      'from',
      'until',
      'by',
      'q',
      'provider',
      'category',
      'to',
      'start',
      'chair',
      'patient',
      'choose',
    ];
    const urls = [
      '/book',
      '/patients',
      '/follow-up',
      '/online-appointments',
      '/reports/feature-usage',
      '/reports/feature-usage.csv',
      '/departure-tasks',
      '/sign-in',
      '/book/appointments/new',
      '/book/blocks/new',
      '/b/AAAAAAAAAAAAAAAAAAAAAA',
    ];
    for (const url of urls) {
      for (const value of odd) {
        for (const query of [
          names.map((name) => `${name}=${value}`).join('&'),
          `day=${value}&day=${value}`,
          `${value}=x`,
        ]) {
          const { statusCode, body } = await staff.en.get(`${url}?${query}`);
          expect([200, 303, 400, 404, 422, 429], `${url}?${query} ${statusCode}`).toContain(statusCode);
          expect(body).not.toMatch(/node_modules|PostgresError|\.ts:\d/);
        }
      }
    }
  });
});

/** Fields in which nearly any short text is right. */
const free =
  /^(note|q|body|description|name|reason|firstName|lastName|lastNamePrefix|to|from|password|street|postalCode|city|phone|title|shortName|smsSender|emailSenderName|code|nameEn|nameNl)(\.|$)/;

const tokens = new Map<Browser, string>();

/** With the browser's own token, so that nothing but the body is wrong. */
async function post(
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
