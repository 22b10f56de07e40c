import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

export type Fields = Record<string, string | boolean | string[]>;

export let db: FreshDatabase;
export let built: BuiltPractice;
export let elsewhere: BuiltPractice;
export let app: FastifyInstance;
export let manager: Browser;

/** A practice for each test, with its manager at their browser. */
export function useSettings(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    app = await buildTestApp(db);
  });
  beforeEach(async () => {
    built = await buildPractice(db);
    elsewhere = await buildPractice(db);
    manager = await signIn(app, built.users.manager);
  });
  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });
}

/** Every case: the form with one wrong field comes back with 422, the error and what else was typed. */
export async function refuses(
  path: string,
  fields: Fields,
  cases: [string, string | string[], string][],
  kept: string,
) {
  for (const [field, value, error] of cases) {
    const { statusCode, body } = await manager.post(path, { ...fields, [field]: value });
    expect([field, value, statusCode]).toEqual([field, value, 422]);
    expect(body).toContain(error);
    expect(body).toContain(kept);
  }
}
