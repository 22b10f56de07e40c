import { localDay } from '../../../domain/book/rules/localTime.ts';
import { closeBooking } from '../../../domain/openBookings/rescue.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { type BuiltPractice, buildPlanned, inDays } from '../../builders.ts';
import { buildSent } from '../../efforts.ts';
import type { FreshDatabase } from '../../engines/database.ts';

/** The tables and columns that hold a text anywhere. */
export async function whereIs(db: FreshDatabase, text: string): Promise<string[]> {
  const names = await db.sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
  const found = await Promise.all(
    names.map(({ name }) => db.sql.unsafe(`select 1 from "${name}" r where r::text ilike '%${text}%' limit 1`)),
  );
  return names.filter((_, i) => found[i]!.length > 0).map(({ name }) => name);
}

/** A patient with a link out, who has written back, opted out, and is noted on Follow Up. */
export async function buildKnown(db: FreshDatabase, built: BuiltPractice) {
  const known = await buildSent(db, built, { patient: { email: 'marked@example.com', mobile: '+31699999999' } });
  const { id: patientId, practiceId } = known.patient;
  await endVisits(db, patientId);
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

/** Today's visits lie in the past. */
export async function endVisits(db: FreshDatabase, ...patientIds: string[]): Promise<void> {
  await db.sql`
    update book_entries set status = 'departed', starts_at = now() - interval '2 days', ends_at = now() - interval '2 days' + interval '30 minutes'
    where patient_id = any(${patientIds}) and kind = 'appointment'`;
}
