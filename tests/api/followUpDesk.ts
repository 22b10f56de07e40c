import { eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll } from 'vitest';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { confirm } from '../../domain/bookings/confirm.ts';
import { hold } from '../../domain/bookings/hold.ts';
import { expireLink } from '../../domain/bookings/steps.ts';
import type { Channel } from '../../domain/messages/freeze.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPractice, inDays } from '../builders.ts';
import { type Browser, buildTestApp, signIn } from '../desk.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';

export const temporalUi = 'https://temporal.example.com';
export let db: FreshDatabase;
export let app: FastifyInstance;
export let built: BuiltPractice;
export let desk: Browser;

/** A practice, and its receptionist at their browser. */
export function useFollowUp(): void {
  beforeAll(async () => {
    db = await freshDatabase();
    built = await buildPractice(db);
    app = await buildTestApp(db, { TEMPORAL_UI_URL: temporalUi });
    desk = await signIn(app, built.users.receptionist);
  });
  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });
}

const { bookings, followUps } = tables;
export const today = () => localDay(Date.now(), built.practice.timeZone);
export const bookingNow = async (id: string) =>
  (await db.database.select().from(bookings).where(eq(bookings.id, id)))[0]!;
export const followUpNow = async (id: string) =>
  (await db.database.select().from(followUps).where(eq(followUps.id, id)))[0]!;

/** A patient on Follow Up under OLB Link Sent, and where their row's actions are. */
export async function waiting(channels: Channel[] = ['sms', 'email']) {
  const sent = await buildSent(db, built, {}, channels);
  return { ...sent, url: `/follow-up/${sent.followUpId}` };
}

/** The same, after the link has come to its end. */
export async function expired() {
  const sent = await waiting();
  await endLink(sent.bookingId);
  return sent;
}

export async function endLink(bookingId: string) {
  await db.database.update(bookings).set({ linkExpiresAt: new Date() }).where(eq(bookings.id, bookingId));
  await db.database.transaction((tx) => expireLink(tx, bookingId));
}

/** The row of one patient, as the page shows it. */
export async function rowOf(browser: Browser, id: string, url = '/follow-up') {
  const { body } = await browser.get(url);
  const row = new RegExp(`<li[^>]* id="follow-up-${id}".*?<div class="actions">.*?</div>`, 's').exec(body);
  return row?.[0] ?? '';
}

export async function patientConfirms(bookingId: string, day: number) {
  await db.database.transaction((tx) => hold(tx, bookingId, inDays(built, day, 600)));
  await db.database.transaction((tx) => confirm(tx, bookingId));
}
