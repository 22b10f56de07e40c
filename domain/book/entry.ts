import { and, eq, ne } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Tx } from '../../drizzle/database.ts';
import { bookEntries } from '../../drizzle/schema/index.ts';
import type { Staff } from '../acting.ts';
import { patientName, providerName } from '../people/names.ts';
import { Refusal } from '../refusal.ts';
import type { BookEntry } from './holds.ts';

/** An entry of the book with the words that its windows need. */
export interface EntryCard {
  id: string;
  kind: 'appointment' | 'hold' | 'block';
  status: string;
  madeBy: 'desk' | 'online';
  locationId: string;
  providerId: string | null;
  providerName: string | null;
  chairId: string | null;
  chairName: string | null;
  startsAt: Date;
  endsAt: Date;
  patientId: string | null;
  patientName: string;
  birthDate: string | null;
  bookingId: string | null;
  plannedAppointmentId: string | null;
  description: string;
  note: string;
}

/** @throws Refusal not_found, also for another practice's */
export async function readEntry(sql: Sql, practiceId: string, id: string): Promise<EntryCard> {
  const [row] = await sql<EntryCard[]>`
    select e.id, e.kind, e.status, e.made_by as "madeBy", e.location_id as "locationId", e.provider_id as "providerId",
      ${sql.unsafe(providerName('v'))} as "providerName", e.chair_id as "chairId", c.name as "chairName",
      e.starts_at as "startsAt", e.ends_at as "endsAt", e.patient_id as "patientId",
      ${sql.unsafe(patientName('p'))} as "patientName", p.birth_date::text as "birthDate",
      e.booking_id as "bookingId", e.planned_appointment_id as "plannedAppointmentId", e.description, e.note
    from book_entries e
    left join patients p on p.id = e.patient_id
    left join providers v on v.id = e.provider_id
    left join chairs c on c.id = e.chair_id
    where e.practice_id = ${practiceId} and e.id = ${id}`;
  if (!row) throw new Refusal('not_found');
  return row;
}

/** Locks an appointment's row, before any lock of the book's days. */
export async function lockAppointment(tx: Tx, by: Staff, id: string): Promise<BookEntry> {
  const [entry] = await tx
    .select()
    .from(bookEntries)
    .where(and(eq(bookEntries.id, id), eq(bookEntries.practiceId, by.practiceId), ne(bookEntries.kind, 'block')))
    .for('update');
  if (!entry) throw new Refusal('not_found');
  if (entry.kind === 'hold') throw new Refusal('kept_for_patient');
  return entry;
}
