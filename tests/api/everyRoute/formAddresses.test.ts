import { expect, it } from 'vitest';
import { signIn } from '../../desk.ts';
import type { Fields } from '../rightForms/form.ts';
import { rightForms } from '../rightForms.ts';
import { app, db, manager, own, staffRoutes, useTwoPractices } from './twoPractices.ts';

useTwoPractices();

/** What may be wrong with a form: a field too many, one that does not fit, none at all. */
const wrongForms = (right: Fields): Fields[] => [
  { ...right, unknown: 'x' },
  ...Object.keys(right).map((name) => ({ ...right, [name]: 'x'.repeat(3_000) })),
  {},
];

async function follow(url: string) {
  const answer = await manager.get(url);
  return answer.statusCode === 303 ? manager.get(answer.headers.location!) : answer;
}

it('a form that came back says an address that leads to it, also when the language is changed there', async () => {
  const cameBack = new Set<string>();
  for (const { method, url } of staffRoutes()) {
    if (method !== 'POST') continue;
    const right = await rightForms[url]!(db, own);
    // A browser of its own: some forms end the session.
    const browser = await signIn(app, own.users.manager);
    for (const fields of wrongForms(right.fields)) {
      const { body, statusCode } = await browser.post(right.url, fields);
      const to = /action="\/language".*?name="to" value="([^"]*)"/s.exec(body)?.[1];
      if (statusCode < 400 || to === undefined || cameBack.has(to)) continue;
      cameBack.add(to);
      expect((await follow(to.replaceAll('&amp;', '&'))).statusCode, `POST ${url} came back with ${to}`).toBe(200);
    }
  }
  expect(cameBack.size).toBeGreaterThan(20);
});

it.each(['/departure-tasks/:id/appointment', '/departure-tasks/:id/first-free', '/follow-up/:id/appointment'])(
  'so does %s, where the time that was chosen has just been taken',
  async (url) => {
    const { url: sentTo } = await rightForms[url]!(db, own);
    expect((await follow(sentTo)).statusCode).toBe(200);
  },
);
