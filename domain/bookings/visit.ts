import type { Sql } from 'postgres';
import type { Language } from '../../locales/formats.ts';
import { standsInBook } from '../book/standing.ts';
import type { BookingState } from '../contract.ts';
import type { Channel } from '../messages/templates.ts';
import type { PatientAnswer } from './answer.ts';
import { mostExtensions } from './hold.ts';
import { hashOfToken, type LinkPurpose, tokenPattern } from './links.ts';

/** What a patient's link leads to. */
export interface Visit {
  bookingId: string;
  practiceId: string;
  locationId: string;
  patientId: string;
  plannedAppointmentId: string;
  visitDay: string;
  purpose: LinkPurpose;
  state: BookingState;
  replaced: boolean;
  linkExpiresAt: Date | null;
  answer: PatientAnswer | null;
  /** What it was booked for was cancelled since. */
  cancelled: boolean;
  /** The planned appointment stands in the book, whichever effort brought it there. */
  stands: boolean;
  /** A later link for the same planned appointment was sent. */
  renewed: boolean;
  /** The patient's first name and language; nothing more of the file. */
  first: string;
  language: Language;
  practiceName: string;
  phone: string;
  timeZone: string;
  practiceEmail: string | null;
  place: string;
  /** With whom it is planned; what was chosen says with whom it is. */
  providerId: string | null;
  providerTitle: string;
  providerName: string;
  /** By which the link went out. */
  channels: Channel[];
  /** By which the patient wants no messages. */
  optedOut: Channel[];
}

/** Why a link leads no further. */
export type ClosedLink = 'booked' | 'cancelled' | 'not_for_me' | 'expired' | 'replaced' | 'withdrawn';

/** Finds a link by its token's hash; null for anything that is none of ours. Changes nothing: mail scanners open links too. */
export async function readVisit(sql: Sql, token: string): Promise<Visit | null> {
  if (!tokenPattern.test(token)) return null;
  const [row] = await sql<Visit[]>`
    select b.id as "bookingId", b.practice_id as "practiceId", b.location_id as "locationId", b.patient_id as "patientId", b.planned_appointment_id as "plannedAppointmentId",
      b.visit_day::text as "visitDay", l.purpose, b.state, l.replaced_at is not null as replaced, b.link_expires_at as "linkExpiresAt", b.answer,
      exists (select from book_entries e where e.booking_id = b.id and e.kind = 'appointment' and e.status = 'cancelled') as cancelled,
      exists (select from book_entries e where e.planned_appointment_id = b.planned_appointment_id and ${sql.unsafe(standsInBook('e'))}) as stands,
      exists (select from bookings later join booking_links newer on newer.booking_id = later.id and newer.purpose = 'choose'
        where later.planned_appointment_id = b.planned_appointment_id
          and (later.number, newer.version) > (b.number, l.version)) as renewed,
      p.first_name as first, coalesce(p.language, r.language) as language, r.name as "practiceName",
      coalesce(nullif(o.phone, ''), r.phone) as phone, r.time_zone as "timeZone", r.email as "practiceEmail",
      concat_ws(', ', o.name, o.street, o.postal_code || ' ' || o.city) as place, v.id as "providerId",
      coalesce(v.title, '') as "providerTitle", coalesce(v.name, '') as "providerName",
      (select coalesce(array_agg(distinct m.channel::text), '{}') from messages m where m.booking_id = b.id and m.kind = 'link') as channels,
      array(select gone.channel::text from opt_outs gone where gone.practice_id = b.practice_id
        and (gone.channel, gone.contact) in (('sms', p.mobile), ('email', lower(p.email)))) as "optedOut"
    from booking_links l
    join bookings b on b.id = l.booking_id
    join practices r on r.id = b.practice_id
    join patients p on p.id = b.patient_id
    join locations o on o.id = b.location_id
    join planned_appointments a on a.id = b.planned_appointment_id
    left join providers v on v.id = a.provider_id
    where l.token_hash = ${hashOfToken(token)}`;
  return row ?? null;
}

/** Whether a choosing link leads no further, and why; null while the patient can choose. A hold made in time outlives the expiry. */
export function closedLink(visit: Visit, holdStands: boolean): ClosedLink | null {
  if (visit.stands || visit.state === 'confirmed') return 'booked';
  if (visit.state === 'booked_online' || visit.state === 'booked_at_desk')
    return visit.renewed ? 'replaced' : visit.cancelled ? 'cancelled' : 'booked';
  if (visit.state === 'withdrawn' || visit.state === 'undone') return 'withdrawn';
  if (visit.answer === 'not_for_me') return 'not_for_me';
  if (visit.renewed) return 'replaced';
  if (visit.replaced || visit.state !== 'link_sent') return 'expired';
  return !holdStands && visit.linkExpiresAt && visit.linkExpiresAt.getTime() <= Date.now() ? 'expired' : null;
}

/** The time that a booking holds, has confirmed or has booked; null where it has none. */
export interface ChosenTime {
  entryId: string;
  /** As which a patient may have been shown it: a hold of the same time that ran out was taken again as another entry. */
  shownAs: string[];
  kind: 'hold' | 'appointment';
  status: string;
  startsAt: Date;
  endsAt: Date;
  heldUntil: Date | null;
  /** Whether it may be kept longer once more. */
  mayExtend: boolean;
  /** As the book has it: the desk may have moved it to a colleague, or the plan be another since. */
  providerId: string;
  providerTitle: string;
  providerName: string;
  hasPicture: boolean;
}

export async function readChosenTime(sql: Sql, bookingId: string): Promise<ChosenTime | null> {
  const [row] = await sql<ChosenTime[]>`
    select e.id as "entryId", array(select id from book_entries earlier where earlier.booking_id = e.booking_id
        and (earlier.id = e.id or (earlier.status = 'lapsed' and earlier.starts_at = e.starts_at))) as "shownAs", e.kind, e.status, e.starts_at as "startsAt", e.ends_at as "endsAt", e.held_until as "heldUntil",
      e.times_extended < ${mostExtensions} as "mayExtend", v.id as "providerId", v.title as "providerTitle", v.name as "providerName",
      v.picture is not null as "hasPicture"
    from book_entries e join providers v on v.id = e.provider_id
    where e.booking_id = ${bookingId} order by e.created_at desc, e.id desc limit 1`;
  return row ?? null;
}
