import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { type AppDependencies, buildApp } from '../api/app.ts';
import { readConfiguration } from '../configuration.ts';
import { password, testKeys } from './builders.ts';
import type { FreshDatabase } from './engines/database.ts';

type Fields = Record<string, string | number | boolean | null | undefined | (string | number)[] | Uint8Array>;

export interface Asking {
  /** As htmx asks for a part of a page. */
  partial?: boolean;
  headers?: Record<string, string>;
}

/** A browser without scripts: it keeps cookies and finds the token of its forms. */
export interface Browser {
  get(url: string, asking?: Asking): Promise<LightMyRequestResponse>;
  /** Sends a form with its token. True ticks a box; null and undefined fields are left out; bytes are a file that is uploaded. */
  post(url: string, fields?: Fields, asking?: Asking): Promise<LightMyRequestResponse>;
  cookies: Map<string, string>;
}

/** Searches as the box in the head does, and goes where the answer leads. */
export async function search(browser: Browser, q: string): Promise<LightMyRequestResponse> {
  const { headers } = await browser.post('/patients/search', { q });
  return browser.get(String(headers.location));
}

/** What the web application works with, on a database of its own. */
export const dependenciesOn = ({ walled, database, sql }: FreshDatabase) => ({
  database: walled.database,
  sql: walled.sql,
  outside: { database, sql },
});

/** The web application on a database of its own. `env` overrides settings. */
export async function buildTestApp(
  db: FreshDatabase,
  env: Record<string, string> = {},
  more: Partial<AppDependencies> = {},
): Promise<FastifyInstance> {
  const configuration = readConfiguration({
    NODE_ENV: 'test',
    DATABASE_URL: db.url,
    SESSION_SECRETS: 'a-secret-for-tests-of-32-characters!',
    LINK_SECRETS: Object.entries(testKeys.secrets)
      .map(([id, secret]) => `${id}:${secret}`)
      .join(','),
    ...env,
  });
  // Tests share their machine; being busy is not what they are about.
  const app = await buildApp({ configuration, ...dependenciesOn(db), busyAboveMs: 0, ...more });
  await app.ready();
  return app;
}

/** Somebody who is not signed in: a patient, or staff before they sign in. `remoteAddress` is where they ask from. */
export function visitor(
  app: FastifyInstance,
  headers: Record<string, string> = {},
  remoteAddress = '127.0.0.1',
): Browser {
  const cookies = new Map<string, string>();
  let token: string | undefined;

  async function ask(options: InjectOptions, { partial, headers: more }: Asking): Promise<LightMyRequestResponse> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await app.inject({
      ...options,
      remoteAddress,
      headers: {
        host: 'localhost',
        ...headers,
        cookie,
        ...(partial ? { 'hx-request': 'true', 'hx-request-type': 'partial' } : {}),
        ...options.headers,
        ...more,
      },
    });
    for (const { name, value, maxAge, expires } of response.cookies) {
      if (maxAge === 0 || (expires && expires.getTime() <= Date.now())) cookies.delete(name);
      else cookies.set(name, encodeURIComponent(value));
    }
    token = /name="_csrf" value="([^"]+)"/.exec(response.body)?.[1] ?? token;
    return response;
  }

  async function upload(url: string, fields: Fields, asking: Asking) {
    const form = new FormData();
    form.append('_csrf', token ?? '');
    for (const [name, value] of Object.entries(fields)) {
      if (value instanceof Uint8Array) form.append(name, new Blob([new Uint8Array(value)]), 'photo.svg');
      else form.append(name, String(value));
    }
    const encoded = new Response(form);
    const payload = Buffer.from(await encoded.arrayBuffer());
    const headers = { 'content-type': encoded.headers.get('content-type')! };
    return ask({ method: 'POST', url, payload, headers }, asking);
  }

  return {
    cookies,
    get: (url, asking = {}) => ask({ method: 'GET', url }, asking),
    async post(url, fields = {}, asking = {}) {
      if (!token) await ask({ method: 'GET', url: '/sign-in' }, {});
      if (Object.values(fields).some((value) => value instanceof Uint8Array)) return upload(url, fields, asking);
      const form = new URLSearchParams({ _csrf: token ?? '' });
      for (const [name, value] of Object.entries(fields)) {
        if (value instanceof Uint8Array) continue;
        for (const one of Array.isArray(value) ? value : [value]) {
          if (one !== null && one !== undefined && one !== false) form.append(name, one === true ? 'on' : String(one));
        }
      }
      return ask(
        {
          method: 'POST',
          url,
          payload: form.toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        },
        asking,
      );
    },
  };
}

/** A member of staff at their browser, signed in. */
export async function signIn(
  app: FastifyInstance,
  user: { email: string },
  headers: Record<string, string> = {},
): Promise<Browser> {
  const browser = visitor(app, headers);
  const response = await browser.post('/sign-in', { email: user.email, password });
  if (response.statusCode !== 303)
    throw new Error(`signing in was answered with ${response.statusCode}: ${response.body}`);
  // The pages' forms belong to the new session; the first page holds their token.
  return browser;
}
