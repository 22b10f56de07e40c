import { and, eq, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { erasePatient, readErasure } from '../../../domain/people/erasure.ts';
import { exportPatient } from '../../../domain/people/export.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPatient, buildPractice, inDays } from '../../builders.ts';
import { buildDeparting, buildSent } from '../../efforts.ts';
import { type FreshDatabase, freshDatabase } from '../../engines/database.ts';
import { fingerprint } from '../../fingerprint.ts';
import { buildKnown, endVisits, whereIs } from './known.ts';

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

describe('erasing a patient', () => {
  it('leaves neither contacts nor texts anywhere, and links that open nothing', async () => {
    const { patient } = await buildKnown(db, built);
    for (const text of ['marked', '31699999999']) expect((await whereIs(db, text)).length).toBeGreaterThan(2);
    await erase(patient.id);
    for (const text of ['marked', '31699999999']) expect(await whereIs(db, text)).toEqual([]);
    const links = await db.sql<{ token_hash: string; replaced_at: Date | null }[]>`
      select l.token_hash, l.replaced_at from booking_links l join bookings b on b.id = l.booking_id where b.patient_id = ${patient.id}`;
    expect(links).toHaveLength(1);
    expect(links[0]!.token_hash).toMatch(/^gone:/);
    expect(links[0]!.replaced_at).not.toBeNull();
  });

  it('keeps the record: name, birth date, plan and appointments', async () => {
    const { patient, planned, appointment } = await buildKnown(db, built);
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
    const { patient, bookingId } = await buildKnown(db, built);
    const departing = await buildDeparting(db, built);
    await endVisits(db, patient.id, departing.patient.id);
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
    const { patient, bookingId } = await buildKnown(db, built);
    await endVisits(db, patient.id);
    await db.database.transaction((tx) => hold(tx, bookingId, inDays(built, 5, 600)));
    await db.database.transaction((tx) => confirm(tx, bookingId));
    const before = await fingerprint(db.sql);
    await expect(erase(patient.id)).rejects.toMatchObject({ code: 'already_booked' });
    expect(await fingerprint(db.sql)).toEqual(before);

    const other = await buildKnownVisit();
    await expect(erase(other)).rejects.toMatchObject({ code: 'appointments_ahead' });
    expect((await readErasure(db.sql, built.staff, other)).appointmentsAhead).toHaveLength(1);

    const third = await buildSent(db, built);
    await endVisits(db, third.patient.id);
    await db.sql`update messages set state = 'sending', attempt_started_at = now() where patient_id = ${third.patient.id}`;
    await expect(erase(third.patient.id)).rejects.toMatchObject({ code: 'message_under_way' });
  });

  it('does not deny a message whose attempt never came to an answer', async () => {
    const { patient } = await buildSent(db, built);
    await endVisits(db, patient.id);
    await db.sql`
      update messages set state = 'sending', attempt_started_at = now() - interval '2 minutes' where patient_id = ${patient.id}`;
    await erase(patient.id);
    expect(await db.sql`select distinct state, reason from messages where patient_id = ${patient.id}`).toEqual([
      { state: 'uncertain', reason: 'contact_removed' },
    ]);
  });

  it('is done once, and noted once, however often it is asked for', async () => {
    const { patient } = await buildKnown(db, built);
    await endVisits(db, patient.id);
    await erase(patient.id);
    const before = await fingerprint(db.sql);
    await erase(patient.id);
    expect(await fingerprint(db.sql)).toEqual(before);
    expect(
      await db.sql`select 1 from audit_entries where patient_id = ${patient.id} and action = 'patient.erased'`,
    ).toHaveLength(1);
  });

  it('spares a contact that wants no messages while another patient has it too', async () => {
    const { patient } = await buildKnown(db, built);
    await endVisits(db, patient.id);
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

describe('the export', () => {
  it('holds every table that has rows of the patient, and no token', async () => {
    const { patient } = await buildKnown(db, built);
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
