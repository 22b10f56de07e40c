import { and, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localDay } from '../../../domain/book/rules/localTime.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { closeBooking } from '../../../domain/openBookings/rescue.ts';
import { erasePatient, readErasure } from '../../../domain/people/erasure.ts';
import { exportPatient } from '../../../domain/people/export.ts';
import { letGo } from '../../../domain/people/keeping.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPlanned, buildPractice, inDays } from '../../builders.ts';
import { buildDeparting, buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { fingerprint } from '../../fingerprint.ts';

let db: FreshDatabase;
let built: BuiltPractice;

beforeAll(async () => {
  db = await freshDatabase();
});
beforeEach(async () => {
  built = await buildPractice(db);
});
afterAll(() => db?.drop());

const erase = (patientId: string) => db.database.transaction((tx) => erasePatient(tx, built.staff, patientId));

/** The tables and columns that hold a text anywhere. */
async function whereIs(text: string): Promise<string[]> {
  const names = await db.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
  const found = await Promise.all(
    names.map(({ name }) => db.sql.unsafe(`select 1 from "${name}" r where r::text ilike '%${text}%' limit 1`)),
  );
  return names.filter((_, i) => found[i]!.length > 0).map(({ name }) => name);
}

/** A patient with a link out, who has written back, opted out, and is noted on Follow Up. */
async function buildKnown() {
  const known = await buildSent(db, built, { patient: { email: 'marked@example.com', mobile: '+31699999999' } });
  const { id: patientId, practiceId } = known.patient;
  await endVisits(patientId);
  await db.sql`update messages set body = body || ' marked', state = 'sent', carrier_id = id::text where patient_id = ${patientId}`;
  await db.sql`
    insert into demo_inbox (id, channel, recipient, sender, body)
    select id, channel, recipient, 'x', body from messages where patient_id = ${patientId}`;
  await db.sql`
    insert into inbound_texts (practice_id, patient_id, sender, body, carrier_id)
    values (${practiceId}, ${patientId}, '+31699999999', 'marked', ${patientId})`;
  await db.sql`insert into opt_outs (practice_id, channel, contact, said) values (${practiceId}, 'sms', '+31699999999', 'text')`;
  await db.sql`update follow_ups set note = 'marked' where patient_id = ${patientId}`;
  const other = await buildPlanned(db, built, patientId);
  const [closed] = await db.database
    .insert(tables.bookings)
    .values({
      practiceId,
      patientId,
      plannedAppointmentId: other.id,
      requirementVersion: other.requirementVersion,
      locationId: built.location.id,
      number: 1,
      state: 'link_sent',
      visitDay: localDay(Date.now(), built.practice.timeZone),
      departureEndsAt: inDays(built, 1, 0),
    })
    .returning();
  await db.database.transaction((tx) => closeBooking(tx, built.staff, closed!.id, 'Is marked'));
  return known;
}

describe('erasing a patient', () => {
  it('leaves neither contacts nor texts anywhere, and links that open nothing', async () => {
    const { patient } = await buildKnown();
    for (const text of ['marked', '31699999999']) expect((await whereIs(text)).length).toBeGreaterThan(2);
    await erase(patient.id);
    for (const text of ['marked', '31699999999']) expect(await whereIs(text)).toEqual([]);
    const links = await db.sql<{ token_hash: string; replaced_at: Date | null }[]>`
      select l.token_hash, l.replaced_at from booking_links l join bookings b on b.id = l.booking_id where b.patient_id = ${patient.id}`;
    expect(links).toHaveLength(1);
    expect(links[0]!.token_hash).toMatch(/^gone:/);
    expect(links[0]!.replaced_at).not.toBeNull();
  });

  it('keeps the record: name, birth date, plan and appointments', async () => {
    const { patient, planned, appointment } = await buildKnown();
    await db.sql`update book_entries set ends_at = now() - interval '1 minute', starts_at = now() - interval '31 minutes', status = 'departed' where id = ${appointment.id}`;
    await erase(patient.id);
    const [kept] = await db.database.select().from(tables.patients).where(eq(tables.patients.id, patient.id));
    expect(kept).toMatchObject({ lastName: patient.lastName, birthDate: patient.birthDate, email: null, mobile: null });
    const [plan] = await db.database
      .select()
      .from(tables.plannedAppointments)
      .where(eq(tables.plannedAppointments.id, planned.id));
    expect(plan).toMatchObject({ description: 'Filling', toBeBooked: false });
    expect(await db.sql`select 1 from book_entries where patient_id = ${patient.id}`).toHaveLength(1);
  });

  it('ends what is under way, and tells its workflow', async () => {
    const { patient, bookingId } = await buildKnown();
    const departing = await buildDeparting(db, built);
    await endVisits(patient.id, departing.patient.id);
    await db.sql`update messages set state = 'waiting', carrier_id = null where patient_id = ${patient.id}`;
    await erase(patient.id);
    await erase(departing.patient.id);
    for (const id of [bookingId, departing.bookingId]) {
      const [booking] = await db.database.select().from(tables.bookings).where(eq(tables.bookings.id, id));
      expect(booking!.state).toBe('withdrawn');
      expect(
        await db.sql`select 1 from workflow_messages where booking_id = ${id} and name = 'planWithdrawn'`,
      ).toHaveLength(1);
    }
    const [task] = await db.database
      .select()
      .from(tables.departureTasks)
      .where(eq(tables.departureTasks.id, departing.taskId));
    expect(task!.closedAt).not.toBeNull();
    expect(
      await db.database
        .select()
        .from(tables.followUps)
        .where(and(eq(tables.followUps.patientId, patient.id), isNull(tables.followUps.closedAt))),
    ).toHaveLength(0);
    expect(await db.sql`select distinct state, reason from messages where patient_id = ${patient.id}`).toEqual([
      { state: 'dropped', reason: 'contact_removed' },
    ]);
  });

  it('is refused, and changes nothing, while an appointment is to come, is on its way, or a message is being sent', async () => {
    const { patient, bookingId } = await buildKnown();
    await endVisits(patient.id);
    await db.database.transaction((tx) => hold(tx, bookingId, inDays(built, 5, 600)));
    await db.database.transaction((tx) => confirm(tx, bookingId));
    const before = await fingerprint(db.sql);
    await expect(erase(patient.id)).rejects.toMatchObject({ code: 'already_booked' });
    expect(await fingerprint(db.sql)).toEqual(before);

    const other = await buildKnownVisit();
    await expect(erase(other)).rejects.toMatchObject({ code: 'appointments_ahead' });
    expect((await readErasure(db.sql, built.staff, other)).appointmentsAhead).toHaveLength(1);

    const third = await buildSent(db, built);
    await endVisits(third.patient.id);
    await db.sql`update messages set state = 'sending', attempt_started_at = now() where patient_id = ${third.patient.id}`;
    await expect(erase(third.patient.id)).rejects.toMatchObject({ code: 'message_under_way' });
  });

  it('does not deny a message whose attempt never came to an answer', async () => {
    const { patient } = await buildSent(db, built);
    await endVisits(patient.id);
    await db.sql`
      update messages set state = 'sending', attempt_started_at = now() - interval '2 minutes' where patient_id = ${patient.id}`;
    await erase(patient.id);
    expect(await db.sql`select distinct state, reason from messages where patient_id = ${patient.id}`).toEqual([
      { state: 'uncertain', reason: 'contact_removed' },
    ]);
  });

  it('is done once, and noted once, however often it is asked for', async () => {
    const { patient } = await buildKnown();
    await endVisits(patient.id);
    await erase(patient.id);
    const before = await fingerprint(db.sql);
    await erase(patient.id);
    expect(await fingerprint(db.sql)).toEqual(before);
    expect(
      await db.sql`select 1 from audit_entries where patient_id = ${patient.id} and action = 'patient.erased'`,
    ).toHaveLength(1);
  });

  it('spares a contact that wants no messages while another patient has it too', async () => {
    const { patient } = await buildKnown();
    await endVisits(patient.id);
    const child = await buildPatient(db, built, { mobile: '+31699999999', email: null });
    await erase(patient.id);
    const spared = () => db.sql`select 1 from opt_outs where practice_id = ${built.practice.id}`;
    expect(await spared()).toHaveLength(1);
    await erase(child.id);
    expect(await spared()).toHaveLength(0);
  });

  it('of another practice’s patient is not found', async () => {
    const patient = await buildPatient(db, await buildPractice(db));
    await expect(erase(patient.id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what need not be kept any longer', () => {
  it('goes by itself: sessions that are over, links and texts of long ago; what is young stays', async () => {
    const [old, young] = [await buildKnown(), await buildSent(db, built)];
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
    const old = await buildKnown();
    await db.sql`delete from opt_outs where practice_id = ${built.practice.id}`;
    const young = await buildKnown();
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
    const { patient, appointment } = await buildKnown();
    await db.sql`
      update book_entries set status = 'departed', starts_at = now() - interval '19 years', ends_at = now() - interval '19 years' + interval '1 hour'
      where id = ${appointment.id}`;
    await db.sql`update planned_appointments set created_at = now() - interval '19 years' where patient_id = ${patient.id}`;
    await db.sql`update patients set created_at = now() - interval '25 years', note = 'Keeps bees' where id = ${patient.id}`;
    await erase(patient.id);
    expect((await letGo(db.sql)).records).toBe(0);
    await db.sql`update practices set record_years = 10 where id = ${built.practice.id}`;
    expect((await letGo(db.sql)).records).toBe(1);
    expect((await letGo(db.sql)).records).toBe(0);
    for (const text of [patient.lastName, 'Keeps bees']) expect(await whereIs(text)).toEqual([]);
    expect(await db.sql`select 1 from book_entries where patient_id = ${patient.id}`).toHaveLength(1);
    expect(
      await db.sql`select 1 from patients where id = ${patient.id} and erased_at is not null and number = ${patient.number}`,
    ).toHaveLength(1);
  });

  it('is nothing of a patient who did not ask, however long ago', async () => {
    const patient = await buildPatient(db, built, { createdAt: new Date('1990-01-01') });
    await letGo(db.sql);
    expect(await whereIs(patient.lastName)).toContain('patients');
  });
});

describe('the export', () => {
  it('holds every table that has rows of the patient, and no token', async () => {
    const { patient } = await buildKnown();
    const data = await exportPatient(db.database, db.sql, built.staff, patient.id);
    const having = await db.sql<{ name: string }[]>`
      select table_name as name from information_schema.columns where table_schema = 'public' and column_name in ('patient_id', 'booking_id')
      group by 1 having table_name not in ('workflow_messages', 'failing_steps')`;
    for (const { name } of having) expect(Object.keys(data), name).toContain(name);
    expect(data.patients![0]).toMatchObject({ last_name: patient.lastName, email: 'marked@example.com' });
    expect(data.messages!.length).toBeGreaterThan(0);
    expect(data.opt_outs).toHaveLength(1);
    expect(JSON.stringify(data)).not.toMatch(/token_hash|key_id/);
  });

  it('is noted, and of the practice’s own patients only', async () => {
    const patient = await buildPatient(db, built);
    await exportPatient(db.database, db.sql, built.staff, patient.id);
    expect(
      await db.sql`select 1 from audit_entries where patient_id = ${patient.id} and action = 'patient.exported'`,
    ).toHaveLength(1);
    const other = await buildPatient(db, await buildPractice(db));
    await expect(exportPatient(db.database, db.sql, built.staff, other.id)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

/** Today's visits lie in the past. */
async function endVisits(...patientIds: string[]): Promise<void> {
  await db.sql`
    update book_entries set status = 'departed', starts_at = now() - interval '2 days', ends_at = now() - interval '2 days' + interval '30 minutes'
    where patient_id = any(${patientIds}) and kind = 'appointment'`;
}

async function buildKnownVisit(): Promise<string> {
  const patient = await buildPatient(db, built);
  const startsAt = inDays(built, 3, 600);
  await db.database.insert(tables.bookEntries).values({
    practiceId: built.practice.id,
    locationId: built.location.id,
    kind: 'appointment',
    status: 'booked',
    patientId: patient.id,
    providerId: built.providers[0]!.id,
    chairId: built.chairs[0]!.id,
    startsAt,
    endsAt: new Date(startsAt.getTime() + 30 * 60_000),
  });
  return patient.id;
}
