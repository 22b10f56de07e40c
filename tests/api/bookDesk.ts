import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { addDays, localDay } from '../../domain/book/rules/localTime.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPractice, inDays } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

export let db: FreshDatabase;
export let built: BuiltPractice;
export let elsewhere: BuiltPractice;
export let app: FastifyInstance;
export let provider: Browser;
export let receptionist: Browser;
export let stranger: Browser;
export let patient: Awaited<ReturnType<typeof buildPatient>>;
/** Each test has a day of its own. */
export let ahead = 0;

/** A practice with its desk, another one, and a patient. */
export function useBookDesk(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    built = await buildPractice(db);
    elsewhere = await buildPractice(db);
    app = await buildTestApp(db);
    provider = await signIn(app, built.users.provider);
    receptionist = await signIn(app, built.users.receptionist);
    stranger = await signIn(app, elsewhere.users.receptionist);
    patient = await buildPatient(db, built, { firstName: 'Wilhelmina', lastName: 'Oosterbaan' });
    for (const browser of [provider, receptionist, stranger]) await browser.get('/book');
  });
  beforeEach(() => {
    ahead += 2;
  });
  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });
}

export const day = () => addDays(localDay(Date.now(), built.practice.timeZone), ahead);
export const filled = (more: Record<string, string | boolean> = {}) => ({
  patient: patient.id,
  day: day(),
  start: '10:00',
  length: '0:30',
  provider: built.providers[0]!.id,
  chair: built.chairs[0]!.id,
  description: 'Check-up',
  note: '',
  ...more,
});
export const change = (more: Record<string, string | boolean> = {}) => {
  const { patient: _whose, ...fields } = filled();
  return { ...fields, ...more };
};
export const onDay = async (offset = ahead) =>
  (
    await db.database
      .select()
      .from(tables.bookEntries)
      .where(eq(tables.bookEntries.practiceId, built.practice.id))
      .orderBy(tables.bookEntries.id)
  ).filter(({ startsAt }) => startsAt >= inDays(built, offset, 0) && startsAt < inDays(built, offset + 1, 0));

export async function made(more: Record<string, string | boolean> = {}): Promise<string> {
  const { headers } = await receptionist.post('/book/appointments', filled(more));
  return /#entry-(.+)$/.exec(String(headers.location))![1]!;
}
