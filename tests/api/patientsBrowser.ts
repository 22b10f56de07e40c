import { and, eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Tx } from '../../drizzle/database.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { texts } from '../../locales/texts.ts';
import { type BuiltPractice, buildPractice, inDays } from '../builders.ts';
import { type Browser, buildTestApp, visitor } from '../desk.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
export let app: FastifyInstance;

/** A practice whose patients have links. */
export function usePatients(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    built = await buildPractice(db, { name: 'Brightside Dental', phone: '+31 20 000 4321' });
    await db.database.update(tables.locations).set({ phone: '+31 20 000 1234' });
    app = await buildTestApp(db);
  });
  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });
}

export const en = texts('en').patientLinks;
export const nl = texts('nl').patientLinks;
export const phone = '+31 20 000 1234';
export const patientOf = { firstName: 'Wilhelmientje', lastName: 'Quaadgras', birthDate: '1961-02-03' };
export const planOf = { description: 'Zesendertig crown fitting', note: 'Fears needles' };
export const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);

export let address = 0;
/** Each browser from an address of its own: links are throttled by address. */
export const patientsBrowser = (headers: Record<string, string> = {}): Browser => {
  address++;
  return visitor(app, headers, `198.51.${Math.floor(address / 250)}.${(address % 250) + 1}`);
};

export const sent = (language: 'en' | 'nl' | null = 'en') =>
  buildSent(db, built, { patient: { ...patientOf, language }, planned: planOf });

export const entriesOf = (bookingId: string) =>
  db.database
    .select()
    .from(tables.bookEntries)
    .where(eq(tables.bookEntries.bookingId, bookingId))
    .orderBy(tables.bookEntries.createdAt, tables.bookEntries.id);
export const stateOf = async (id: string) =>
  (await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, id)))[0]!.state;
export const startsIn = (body: string) =>
  [...body.matchAll(/name="startsAt" value="(\d+)"/g)].map(([, start]) => start!);
export let slot = 0;
/** A start of its own for each test, some days from today. */
export const nextTime = () => inDays(built, 4 + Math.floor(++slot / 20), (slot % 20) * 60);

export async function holding(language: 'en' | 'nl' | null = 'en') {
  const visit = await sent(language);
  const startsAt = nextTime();
  const browser = patientsBrowser();
  const link = `/b/${visit.token}`;
  const answer = await browser.post(`${link}/hold`, { startsAt: startsAt.getTime() });
  expect(answer.statusCode).toBe(303);
  return { ...visit, startsAt, browser, link };
}

export const endHold = (bookingId: string, heldUntil = new Date(Date.now() - 1_000)) =>
  db.database
    .update(tables.bookEntries)
    .set({ heldUntil })
    .where(and(eq(tables.bookEntries.bookingId, bookingId), eq(tables.bookEntries.status, 'held')));

/** Nothing that says whose link it was, or what for. */
export function expectNothingPersonal(
  { body }: { body: string },
  { email, mobile }: { email: string | null; mobile: string | null },
) {
  for (const word of [
    'Wilhelmientje',
    'Quaadgras',
    '1961',
    '03/02',
    '03-02',
    'Zesendertig',
    'needles',
    'Filling',
    'Beekman',
    email!,
    mobile!,
  ]) {
    expect(body).not.toContain(word);
  }
}
