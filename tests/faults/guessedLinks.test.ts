import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeAppointment } from '../../domain/bookings/steps.ts';
import { type BuiltPractice, buildPractice, inDays } from '../builders.ts';
import { buildTestApp, visitor } from '../desk.ts';
import { buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { fingerprint } from '../fingerprint.ts';
import { expectConsistent } from './consistent.ts';

const guesses = 10_000;
const patients = 50;
/** A lone guesser, and a crowd that shares the work out. */
const addresses = ['192.0.2.1', ...Array.from({ length: 20 }, (_, i) => `198.51.100.${i + 1}`)];

let db: FreshDatabase;
let built: BuiltPractice;
let app: FastifyInstance;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
  app = await buildTestApp(db);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
});

it('fault 18: of ten thousand guesses none finds a link, all but a few are held off, and patients book meanwhile as if nothing were', async () => {
  const sent: Awaited<ReturnType<typeof buildSent>>[] = [];
  for (let i = 0; i < patients; i++) sent.push(await buildSent(db, built));
  const before = await fingerprint(db.sql);
  const answers = new Map<string, Map<number, number>>(addresses.map((address) => [address, new Map()]));

  async function guess(i: number): Promise<void> {
    // Half of all come from the one; names as ours, addresses as ours.
    const address = addresses[i % 2 ? 0 : 1 + ((i / 2) % (addresses.length - 1))]!;
    const token = randomBytes(17).toString('base64url').slice(0, 22);
    const url = [`/b/${token}`, `/a/${token}`, `/b/${token}/confirmation`, `/b/${token}/appointment.ics`][i % 4]!;
    const { statusCode } = await app.inject({ url, remoteAddress: address, headers: { host: 'localhost' } });
    const counted = answers.get(address)!;
    counted.set(statusCode, (counted.get(statusCode) ?? 0) + 1);
  }

  /** What one patient does, from behind the one address of a company or a mobile carrier. */
  async function book({ token, bookingId }: (typeof sent)[number], i: number): Promise<void> {
    const patient = visitor(app, {}, '203.0.113.9');
    const startsAt = inDays(built, 3 + Math.floor(i / 20), (i % 20) * 60);
    expect((await patient.get(`/b/${token}`)).statusCode).toBe(200);
    expect((await patient.post(`/b/${token}/hold`, { startsAt: startsAt.getTime() })).statusCode).toBe(303);
    const told = await patient.post(`/b/${token}/confirmation`);
    expect([told.statusCode, told.headers.location]).toEqual([303, `/b/${token}/confirmation`]);
    await writeAppointment(db.database, bookingId);
  }

  for (const [i, one] of sent.entries()) {
    const share = Array.from({ length: guesses / patients }, (_, n) => guess(i * (guesses / patients) + n));
    await Promise.all([book(one, i), ...share]);
  }

  for (const [address, counted] of answers) {
    expect([...counted.keys()].sort(), address).toEqual([404, 429]);
    // Thirty a minute, and those that were on their way together.
    expect(counted.get(404), address).toBeLessThan(200);
  }
  const after = await fingerprint(db.sql);
  expect(Object.keys(after).filter((table) => after[table] !== before[table])).not.toContain('booking_links');
  const booked = await db.sql`select 1 from book_entries where kind = 'appointment' and made_by = 'online'`;
  expect(booked).toHaveLength(patients);
  await expectConsistent(db.sql);
}, 120_000);
