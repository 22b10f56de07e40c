import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { weekOf } from '../../../domain/practice/hours.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice } from '../../builders.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
export let elsewhere: BuiltPractice;
export let manager: { practiceId: string; userId: string };

/** Two practices for each test; the manager of one does what is tried. */
export function useManager(): void {
  beforeAll(async () => {
    db = await freshDatabase();
  });
  beforeEach(async () => {
    built = await buildPractice(db);
    elsewhere = await buildPractice(db);
    manager = { practiceId: built.practice.id, userId: built.users.manager.id };
  });
  afterAll(() => db?.drop());
}

export const inTransaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => db.database.transaction(work);
export const refusal = (code: string, field?: string) => expect.objectContaining({ name: 'Refusal', code, field });
export const lastAudit = async () => {
  const [entry] = await db.database
    .select()
    .from(tables.auditEntries)
    .where(eq(tables.auditEntries.practiceId, built.practice.id))
    .orderBy(desc(tables.auditEntries.id))
    .limit(1);
  return entry;
};
export const mornings = weekOf([1, 2, 3].map((weekday) => ({ weekday, fromMinute: 480, untilMinute: 720 })));
export const nobodyElses = { practiceId: '', userId: '' };

/** Topics that open screens are told of while the work runs. */
export async function told(work: () => Promise<unknown>): Promise<string[]> {
  const topics: string[] = [];
  const { unlisten } = await db.sql.listen('live', (payload) => {
    const { p, t } = JSON.parse(payload);
    if (p === built.practice.id) topics.push(t);
  });
  await work();
  await db.sql.notify('live', JSON.stringify({ p: built.practice.id, t: 'end' }));
  while (!topics.includes('end')) await new Promise((resolve) => setTimeout(resolve, 5));
  await unlisten();
  return topics.filter((topic) => topic !== 'end').sort();
}
