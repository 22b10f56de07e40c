import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendLink } from '../../domain/bookings/sendLink.ts';
import { beginAttempts } from '../../domain/messages/attempts.ts';
import { confirmationMessages, reminderMessages } from '../../domain/messages/automatic.ts';
import { type Contact, optIn, optOut } from '../../domain/messages/optOut.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPractice, inDays, testKeys } from '../builders.ts';
import { buildBookedOnline, buildDeparting, buildSent } from '../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../engines/database.ts';
import { readReach } from '../reach.ts';

let db: FreshDatabase;
let built: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
  built = await buildPractice(db);
});
afterAll(() => db?.drop());

const out = (contact: Partial<Contact> & Pick<Contact, 'channel' | 'contact'>) =>
  db.database.transaction((tx) => optOut(tx, { practiceId: built.practice.id, ...contact }, 'text'));
const reach = (patientId: string) => readReach(db.database, built.practice.id, patientId);
const messagesOf = (bookingId: string) =>
  db.database.select().from(tables.messages).where(eq(tables.messages.bookingId, bookingId));

describe('whether a patient may be written to', () => {
  it('is said for each channel: open, no contact, or opted out', async () => {
    const patient = await buildPatient(db, built, { email: null });
    expect(await reach(patient.id)).toEqual({ sms: 'open', email: 'no_contact' });
    await out({ channel: 'sms', contact: patient.mobile! });
    expect(await reach(patient.id)).toEqual({ sms: 'opted_out', email: 'no_contact' });
  });

  it('follows the contact: another number may be written to, and a sibling’s file with the same one may not', async () => {
    const patient = await buildPatient(db, built);
    const sibling = await buildPatient(db, built, { mobile: patient.mobile });
    await out({ channel: 'sms', contact: patient.mobile! });
    expect((await reach(sibling.id)).sms).toBe('opted_out');
    await db.database.update(tables.patients).set({ mobile: '+31600008888' }).where(eq(tables.patients.id, patient.id));
    expect((await reach(patient.id)).sms).toBe('open');
  });

  it('knows an email address however it is written, and keeps channels and practices apart', async () => {
    const patient = await buildPatient(db, built, { email: 'Robin.Z@example.com' });
    await out({ channel: 'email', contact: 'robin.z@example.com' });
    expect(await reach(patient.id)).toEqual({ sms: 'open', email: 'opted_out' });
    const other = await buildPractice(db);
    const theirs = await buildPatient(db, other, { email: 'Robin.Z@example.com' });
    expect((await readReach(db.database, other.practice.id, theirs.id)).email).toBe('open');
  });

  it('can be undone, and both stand once in the audit trail', async () => {
    const patient = await buildPatient(db, built);
    const contact = { practiceId: built.practice.id, channel: 'sms', contact: patient.mobile! } as const;
    for (const _ of [1, 2]) await out(contact);
    for (const _ of [1, 2]) await db.database.transaction((tx) => optIn(tx, contact));
    expect((await reach(patient.id)).sms).toBe('open');
    const { auditEntries } = tables;
    const audit = await db.database.select().from(auditEntries).where(eq(auditEntries.patientId, patient.id));
    expect(audit.map(({ action, actor }) => [action, actor])).toEqual([
      ['contact.opted_out', 'patient'],
      ['contact.opted_in', 'patient'],
    ]);
  });
});

describe('a patient who opted out', () => {
  it('is sent no link that way: the domain refuses, and nothing changes', async () => {
    const { patient, taskId, bookingId } = await buildDeparting(db, built);
    await out({ channel: 'sms', contact: patient.mobile! });
    const send = (channels: ('sms' | 'email')[]) =>
      db.database.transaction((tx) => sendLink(tx, testKeys, built.staff, taskId, channels));
    await expect(send(['sms', 'email'])).rejects.toMatchObject({ code: 'opted_out', field: 'channels' });
    expect(await messagesOf(bookingId)).toEqual([]);
    await send(['email']);
    expect((await messagesOf(bookingId)).map(({ channel }) => channel)).toEqual(['email']);
  });

  it('gets neither what waits nor reminders', async () => {
    const { patient, bookingId } = await buildSent(db, built);
    await out({ channel: 'sms', contact: patient.mobile! });
    const sms = (await messagesOf(bookingId)).find(({ channel }) => channel === 'sms')!;
    expect(await db.database.transaction((tx) => beginAttempts(tx, [sms.id]))).toEqual([{ do: 'nothing' }]);
    expect((await messagesOf(bookingId)).find(({ id }) => id === sms.id)).toMatchObject({
      state: 'dropped',
      reason: 'opted_out',
    });
    await db.database
      .update(tables.bookings)
      .set({ reminderTimes: [new Date(Date.now() - 1000)] })
      .where(eq(tables.bookings.id, bookingId));
    await db.database.transaction((tx) => reminderMessages(tx, testKeys, bookingId));
    const reminders = (await messagesOf(bookingId)).filter(({ kind }) => kind === 'reminder');
    expect(reminders.map(({ channel }) => channel)).toEqual(['email']);
  });

  it('gets the confirmation by the other channel of the link only', async () => {
    const { patient, bookingId } = await buildBookedOnline(db, built, { startsAt: inDays(built, 3, 600) });
    await out({ channel: 'email', contact: patient.email! });
    await db.database.transaction((tx) => confirmationMessages(tx, testKeys, bookingId));
    const confirmations = (await messagesOf(bookingId)).filter(({ kind }) => kind === 'confirmation');
    expect(confirmations.map(({ channel }) => channel)).toEqual(['sms']);
  });
});
