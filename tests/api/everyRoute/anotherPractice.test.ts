import { describe, expect, it } from 'vitest';
import { signIn } from '../../desk.ts';
import { fingerprint } from '../../fingerprint.ts';
import type { Fields } from '../rightForms/form.ts';
import { rightForms } from '../rightForms.ts';
import {
  addressesWith,
  app,
  db,
  endless,
  idsOf,
  manager,
  mark,
  markNames,
  nobody,
  other,
  own,
  routes,
  staffRoutes,
  useTwoPractices,
  withIds,
} from './twoPractices.ts';

useTwoPractices();

/** The answer, or that of the page it leads on to. */
async function follow(url: string) {
  const answer = await manager.get(url);
  return answer.statusCode === 303 ? manager.get(answer.headers.location!) : answer;
}

/** Whether a route has something to show for one of the ids. Those that another route had an answer for are asked first from then on. */
async function hasAnswer(url: string, ids: string[]): Promise<boolean> {
  for (const [index, id] of ids.entries()) {
    for (const address of addressesWith(url, id)) {
      if ((await follow(address)).statusCode !== 200) continue;
      ids.unshift(...ids.splice(index, 1));
      return true;
    }
  }
  return false;
}

describe('another practice', () => {
  it('shows none of its rows, by whatever id they are asked for', async () => {
    await markNames();
    const [theirs, ours] = await Promise.all([idsOf(other.practice.id, 2), idsOf(own.practice.id, 5)]);
    expect(theirs.length).toBeGreaterThan(25);
    for (const { url } of withIds('GET')) {
      // With the right one of our own ids there is something to see: the pool of ids is good for this route.
      expect(await hasAnswer(url, ours), url).toBe(true);
      const right = url in rightForms ? [(await rightForms[url]!(db, other)).url] : [];
      const before = await fingerprint(db.sql);
      for (const address of [...right, ...theirs.flatMap((id) => addressesWith(url, id))]) {
        const answer = await follow(address);
        expect([404, 403, 422], `GET ${address} ${answer.statusCode}`).toContain(answer.statusCode);
        expect(answer.body.includes(mark), url).toBe(false);
      }
      expect(await fingerprint(db.sql), url).toEqual(before);
    }
  });

  it('shows none of its rows in lists, whatever is asked of them', async () => {
    const { providers, chairs, location, practice } = other;
    const queries = [
      '',
      ...[providers[0]!.id, chairs[0]!.id, location.id, practice.id].map((id) => {
        const names = ['provider', 'location', 'chair', 'patient', 'id', 'practice', 'practiceId'];
        return `?${names.map((name) => `${name}=${id}`).join('&')}&q=${mark}`;
      }),
    ];
    for (const { method, url } of routes) {
      if (method !== 'GET' || url.includes(':') || endless.has(url) || url === '/inbox') continue;
      for (const query of queries) {
        const answer = await manager.get(`${url}${query}`);
        expect([200, 303, 400, 404], `${url} ${answer.statusCode}`).toContain(answer.statusCode);
        const shown = answer.body
          .replaceAll(`value="${mark}"`, '')
          .replaceAll(`q=${mark}`, '')
          .replaceAll(`“${mark}”`, '');
        expect(shown.includes(mark), `${url}${query}`).toBe(false);
      }
    }
  });

  it('is changed by no form, whichever of its rows the address names', async () => {
    const staff = ['manager', 'receptionist', 'provider'] as const;
    const browsers = await Promise.all(
      staff.map(async (role) => ({ role, browser: await signIn(app, own.users[role]) })),
    );
    for (const { url } of withIds('POST')) {
      const theirs = await rightForms[url]!(db, other);
      const ours = await rightForms[url]!(db, own);
      const before = await fingerprint(db.sql);
      // The fields as they would be right there, and as they would be right here.
      for (const fields of [theirs.fields, ours.fields]) {
        for (const { role, browser } of browsers) {
          const answer = await browser.post(theirs.url, fields);
          expect([404, 403, 422], `${role} POST ${url} ${answer.statusCode}`).toContain(answer.statusCode);
          expect(answer.body).not.toContain(mark);
        }
      }
      expect(await fingerprint(db.sql), url).toEqual(before);
    }
  });

  it('lends none of its rows to a form of ours', async () => {
    const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
    const theirs = [
      other.providers[0]!.id,
      other.chairs[0]!.id,
      other.services[0]!.id,
      other.location.id,
      other.practice.id,
      nobody,
    ];
    let tried = 0;
    for (const { url } of staffRoutes().filter(({ method }) => method === 'POST')) {
      const right = await rightForms[url]!(db, own);
      const before = await fingerprint(db.sql);
      const ours = [...new Set(JSON.stringify(right.fields).match(uuid) ?? [])];
      for (const [id, foreign] of ours.flatMap((id) => theirs.map((one) => [id, one] as const))) {
        const fields = JSON.parse(JSON.stringify(right.fields).replaceAll(id, foreign)) as Fields;
        const answer = await manager.post(right.url, fields);
        expect([404, 403, 409, 422], `POST ${url} ${JSON.stringify(fields)} ${answer.statusCode}`).toContain(
          answer.statusCode,
        );
        expect(answer.body).not.toContain(mark);
        tried++;
      }
      expect(await fingerprint(db.sql), url).toEqual(before);
    }
    expect(tried).toBeGreaterThan(40);
  });
});
