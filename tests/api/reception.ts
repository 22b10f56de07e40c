import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { type BuiltPractice, buildPractice } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
export let app: FastifyInstance;
export let desk: Browser;

/** A practice, and its receptionist at their browser. */
export function useReception(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    built = await buildPractice(db);
    app = await buildTestApp(db);
    desk = await signIn(app, built.users.receptionist);
  });
  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });
}
