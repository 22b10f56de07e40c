import { asc } from 'drizzle-orm';
import { zone } from '../../dev/demo/scene.ts';
import { seedDemoPractice } from '../../dev/demo/seed.ts';
import { instantAt, localDay } from '../../domain/book/rules/localTime.ts';
import { answerLink, type PatientAnswer } from '../../domain/bookings/answer.ts';
import { resendLink } from '../../domain/bookings/sendLink.ts';
import { expireLink } from '../../domain/bookings/steps.ts';
import { changePlannedAppointment } from '../../domain/chart/planned.ts';
import { changeTemplates, resetTemplate } from '../../domain/messages/ownTemplates.ts';
import { subscribe, unsubscribeToken } from '../../domain/messages/unsubscribe.ts';
import type { Tx } from '../../drizzle/database.ts';
import * as tables from '../../drizzle/schema/index.ts';
import type { Language } from '../../locales/texts.ts';
import { type BuiltPractice, testKeys } from '../builders.ts';
import { buildDeparting, buildSent } from '../efforts.ts';
import type { FreshDatabase } from '../engines/database.ts';

type Db = Pick<FreshDatabase, 'database' | 'sql' | 'url'>;

/** The demo practice, as the builders know one. Patients' links begin with the address. */
export async function seedDemoAsBuilt(db: Db, publicUrl: string): Promise<BuiltPractice> {
  // At eleven at the earliest: before anybody has left there is nothing on the Departure Task List.
  const now = Math.max(Date.now(), instantAt(localDay(Date.now(), zone), 11 * 60, zone));
  await seedDemoPractice(db.url, { keys: testKeys, publicUrl }, now);
  const { practices, locations, providers, chairs, services, users } = tables;
  const [practice] = await db.database.select().from(practices);
  const [location] = await db.database.select().from(locations);
  const people = await db.database.select().from(users);
  const who = (role: 'provider' | 'receptionist' | 'manager') => people.find((user) => user.role === role)!;
  return {
    practice: practice!,
    location: location!,
    providers: await db.database.select().from(providers).orderBy(asc(providers.id)),
    chairs: await db.database.select().from(chairs).orderBy(asc(chairs.position)),
    services: await db.database.select().from(services).orderBy(asc(services.id)),
    users: { provider: who('provider'), receptionist: who('receptionist'), manager: who('manager') },
    staff: { practiceId: practice!.id, userId: who('receptionist').id },
  };
}

/** A message whose texts were changed and went back, so that its page has a history. */
export async function writeOwnTexts({ database }: Db, { practice, users }: BuiltPractice): Promise<void> {
  const by = { practiceId: practice.id, userId: users.manager.id };
  const which = { kind: 'link', channel: 'sms' } as const;
  for (const word of ['Hello', 'Hallo'])
    await database.transaction((tx) => {
      const template = { subject: null, body: `${word}: {link}` };
      return changeTemplates(tx, by, which, { en: template, nl: template }, undefined);
    });
  await database.transaction((tx) => resetTemplate(tx, by, { ...which, language: 'nl' }));
}

/** Rows of which the staff's pages and windows show one. */
export async function exampleIds({ sql }: Db, built: BuiltPractice) {
  const one = async (query: Promise<Record<string, unknown>[]>) => (await query)[0]!.id as string;
  return {
    task: await one(sql`
      select t.id from departure_tasks t join bookings b on b.id = t.booking_id join patients p on p.id = b.patient_id
      where t.closed_at is null and p.email is not null order by t.id limit 1`),
    taskWithoutContacts: await one(sql`
      select t.id from departure_tasks t join bookings b on b.id = t.booking_id join patients p on p.id = b.patient_id
      where t.closed_at is null and p.email is null and p.mobile is null limit 1`),
    followUp: await one(
      sql`select id from follow_ups where category = 'olb_link_sent' and closed_at is null order by id limit 1`,
    ),
    openBooking: await one(sql`select id from bookings where state = 'departing' order by id limit 1`),
    inChair: await one(sql`select id from book_entries where kind = 'appointment' and status = 'in_chair' limit 1`),
    booked: await one(
      sql`select id from book_entries where kind = 'appointment' and status = 'booked' and starts_at > now() limit 1`,
    ),
    online: await one(
      sql`select id from book_entries where made_by = 'online' and (starts_at at time zone ${built.practice.timeZone})::date = (now() at time zone ${built.practice.timeZone})::date order by starts_at limit 1`,
    ),
    patient: await one(sql`select patient_id as id from planned_appointments order by id limit 1`),
    planned: await one(sql`select id from planned_appointments where deleted_at is null order by id limit 1`),
    plan: await one(sql`select id from treatment_plans order by id limit 1`),
    location: built.location.id,
    chair: built.chairs[0]!.id,
    provider: built.providers[0]!.id,
    service: built.services[0]!.id,
    user: built.users.provider.id,
  };
}
export type ExampleIds = Awaited<ReturnType<typeof exampleIds>>;

/** Efforts to book in every state that reception or a patient can meet. @returns the patients' pages, by what they show */
export async function buildEveryLink(db: Db, built: BuiltPractice, language: Language) {
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => db.database.transaction(work);
  const patient = { language, firstName: 'Robin' };
  const sent = (minutes: number | null = null) =>
    buildSent(db, built, { patient, planned: { expectedMinutesOverride: minutes } });
  const address = ({ token }: { token: string }) => `/b/${token}`;

  await buildDeparting(db, built, { patient: { ...patient, email: null, mobile: null } });
  const expired = await sent();
  const replaced = await sent();
  for (const { bookingId } of [expired, replaced]) {
    await db.sql`update bookings set link_expires_at = now() - interval '1 second' where id = ${bookingId}`;
    await inTx((tx) => expireLink(tx, bookingId));
  }
  await inTx((tx) => resendLink(tx, testKeys, built.staff, replaced.followUpId, ['email']));
  const answered = async (answer: PatientAnswer) => {
    const one = await sent();
    await inTx((tx) => answerLink(tx, one.bookingId, answer));
    return address(one);
  };
  const [without, noTimeSuits, callMe, notForMe] = [
    await sent(480),
    await answered('no_time_suits'),
    await answered('call_me'),
    await answered('not_for_me'),
  ];
  const subscription = async (wanted: boolean) => {
    const { bookingId } = await buildSent(db, built, { patient }, ['email']);
    const [message] = await db.sql<{ id: string }[]>`select id from messages where booking_id = ${bookingId}`;
    const token = unsubscribeToken(testKeys, message!.id);
    if (!wanted) await inTx((tx) => subscribe(tx, testKeys, token, false));
    return `/u/${token}`;
  };
  const withdrawn = await sent();
  await inTx((tx) => changePlannedAppointment(tx, built.staff, withdrawn.planned.id, { toBeBooked: false }));
  return {
    without: address(without),
    'asked whether it is for them': `${address(without)}/not-for-me`,
    'no time suits': `${noTimeSuits}/answer`,
    'no time suited': noTimeSuits,
    'call me': `${callMe}/answer`,
    'asked to be called': callMe,
    'not for me': notForMe,
    expired: address(expired),
    replaced: address(replaced),
    withdrawn: address(withdrawn),
    unknown: `/b/${'A'.repeat(22)}`,
    subscribed: await subscription(true),
    unsubscribed: await subscription(false),
  };
}
