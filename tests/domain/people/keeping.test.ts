import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { erasePatient } from '../../../domain/people/erasure.ts';
import { letGo } from '../../../domain/people/keeping.ts';
import { type BuiltPractice, buildPatient, buildPractice } from '../../builders.ts';
import { buildDeparting, buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { buildKnown, whereIs } from './known.ts';

let db: FreshDatabase;
let built: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
});
beforeEach(async () => {
  built = await buildPractice(db);
});
afterAll(() => db?.drop());

describe('what need not be kept any longer', () => {
  it('goes by itself: sessions that are over, links and texts of long ago; what is young stays', async () => {
    const [old, young] = [await buildKnown(db, built), await buildSent(db, built)];
    await db.sql`insert into sessions (id_hash, user_id, data, expires_at) values (${old.patient.id}, null, '{}', now() - interval '1 minute')`;
    await db.sql`update bookings set state = 'expired', closed_at = now() - interval '7 months' where id = ${old.bookingId}`;
    await db.sql`update booking_links set created_at = now() - interval '8 months' where booking_id = ${old.bookingId}`;
    await db.sql`update messages set created_at = now() - interval '13 months' where booking_id = ${old.bookingId}`;
    expect(await letGo(db.sql)).toMatchObject({ sessions: 1, links: 1, texts: 2 });
    expect(
      await db.sql`select 1 from messages where booking_id = ${old.bookingId} and (body <> '' or recipient <> '')`,
    ).toHaveLength(0);
    expect(await db.sql`select 1 from messages where booking_id = ${young.bookingId} and body = ''`).toHaveLength(0);
    expect(await letGo(db.sql)).toEqual({
      carried: 0,
      sessions: 0,
      links: 0,
      texts: 0,
      replies: 0,
      notes: 0,
      accesses: 0,
      records: 0,
    });
  });

  it('goes by itself: texts received, and notes of Follow Up rows, after the practice’s months; what is open or young stays', async () => {
    const old = await buildKnown(db, built);
    await db.sql`delete from opt_outs where practice_id = ${built.practice.id}`;
    const young = await buildKnown(db, built);
    await db.sql`update inbound_texts set received_at = now() - interval '13 months' where patient_id = ${old.patient.id}`;
    await db.sql`
      update follow_ups set closed_at = now() - interval '13 months', closed_by = ${built.staff.userId}, closed_reason = 'Moved away'
      where booking_id = ${old.bookingId}`;
    await db.sql`update follow_ups set opened_at = now() - interval '13 months' where booking_id = ${young.bookingId}`;
    expect(await letGo(db.sql)).toMatchObject({ replies: 1, notes: 1 });
    const words = (patientId: string) => db.sql`
      select body as word from inbound_texts where patient_id = ${patientId}
      union all select note from follow_ups where patient_id = ${patientId} and note <> ''
      union all select closed_reason from follow_ups where patient_id = ${patientId} and closed_reason = 'Moved away'`;
    expect(await words(old.patient.id)).toEqual([{ word: '' }]);
    expect(await words(young.patient.id)).toEqual([{ word: 'marked' }, { word: 'marked' }]);
    expect(await letGo(db.sql)).toMatchObject({ replies: 0, notes: 0 });
  });

  it('goes by itself: what was carried to the workflows, after a month; what waits stays', async () => {
    const [old, young, waiting] = await Promise.all([1, 2, 3].map(() => buildDeparting(db, built)));
    const messages = [old, young, waiting].map((departing) => departing!.bookingId);
    const sent = (bookingId: string, age: string) =>
      db.sql`update workflow_messages set created_at = now() - ${age}::interval, sent_at = now() - ${age}::interval where booking_id = ${bookingId}`;
    await sent(messages[0]!, '32 days');
    await sent(messages[1]!, '27 days');
    await db.sql`update workflow_messages set created_at = now() - interval '32 days' where booking_id = ${messages[2]!}`;
    expect((await letGo(db.sql)).carried).toBe(1);
    const left = await db.sql<{ id: string }[]>`
      select booking_id as id from workflow_messages where booking_id = any(${messages}::uuid[]) order by id`;
    expect(left.map(({ id }) => id).sort()).toEqual(messages.slice(1).sort());
  });

  it('takes a bounded number at a time', async () => {
    await db.sql`
      insert into sessions (id_hash, data, expires_at) select 'old ' || n, '{}', now() - interval '1 day' from generate_series(1, 700) n`;
    expect((await letGo(db.sql)).sessions).toBe(500);
    expect((await letGo(db.sql)).sessions).toBe(200);
  });

  it('forgets lines of the access log after five years', async () => {
    const patient = await buildPatient(db, built);
    const line = (at: string) => db.sql`
      insert into access_entries (id, practice_id, user_id, role, patient_id, what, act, address, at)
      select uuidv7(${at}::interval), ${built.practice.id}, ${built.users.manager.id}, 'manager', ${patient.id}, 'file', 'seen', 'x', now() + ${at}::interval`;
    await line('-61 months');
    await line('-59 months');
    expect((await letGo(db.sql)).accesses).toBe(1);
    expect(await db.sql`select 1 from access_entries where patient_id = ${patient.id}`).toHaveLength(1);
  });

  it('is who it was, of a patient who asked for it, when the years for records are over', async () => {
    const { patient, appointment } = await buildKnown(db, built);
    await db.sql`
      update book_entries set status = 'departed', starts_at = now() - interval '19 years', ends_at = now() - interval '19 years' + interval '1 hour'
      where id = ${appointment.id}`;
    await db.sql`update planned_appointments set created_at = now() - interval '19 years' where patient_id = ${patient.id}`;
    await db.sql`update patients set created_at = now() - interval '25 years', note = 'Keeps bees' where id = ${patient.id}`;
    await db.database.transaction((tx) => erasePatient(tx, built.staff, patient.id));
    expect((await letGo(db.sql)).records).toBe(0);
    await db.sql`update practices set record_years = 10 where id = ${built.practice.id}`;
    expect((await letGo(db.sql)).records).toBe(1);
    expect((await letGo(db.sql)).records).toBe(0);
    for (const text of [patient.lastName, 'Keeps bees']) expect(await whereIs(db, text)).toEqual([]);
    expect(await db.sql`select 1 from book_entries where patient_id = ${patient.id}`).toHaveLength(1);
    expect(
      await db.sql`select 1 from patients where id = ${patient.id} and erased_at is not null and number = ${patient.number}`,
    ).toHaveLength(1);
  });

  it('is nothing of a patient who did not ask, however long ago', async () => {
    const patient = await buildPatient(db, built, { createdAt: new Date('1990-01-01') });
    await letGo(db.sql);
    expect(await whereIs(db, patient.lastName)).toContain('patients');
  });
});
