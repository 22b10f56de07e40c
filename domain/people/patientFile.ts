import type { Sql } from 'postgres';
import type { Staff } from '../acting.ts';
import type { Channel } from '../messages/templates.ts';
import { Refusal } from '../refusal.ts';
import { providerName } from './names.ts';
import type { ContactOwner } from './patients.ts';

export interface PatientFile {
  id: string;
  number: number;
  firstName: string;
  lastNamePrefix: string;
  lastName: string;
  birthDate: string;
  email: string | null;
  mobile: string | null;
  contactOwner: ContactOwner;
  language: 'en' | 'nl' | null;
  note: string;
  /** When contacts, links and texts were erased at the patient's wish; and when the rest was. */
  erasureAskedAt: Date | null;
  erasedAt: Date | null;
  provider: string | null;
  appointments: FiledAppointment[];
  messages: FiledMessage[];
  replies: FiledReply[];
  optOuts: FiledOptOut[];
  audit: FiledAuditEntry[];
}

export interface FiledAppointment {
  id: string;
  startsAt: Date;
  endsAt: Date;
  status: 'booked' | 'arrived' | 'in_chair' | 'departed' | 'did_not_attend' | 'cancelled' | 'confirmed';
  madeBy: 'desk' | 'online';
  description: string;
  provider: string;
  location: string;
}

export interface FiledMessage {
  id: string;
  kind: 'link' | 'reminder' | 'confirmation';
  channel: Channel;
  state: string;
  recipient: string;
  subject: string | null;
  body: string;
  reason: string | null;
  /** The carrier's own code of the reason. */
  carrierCode: string | null;
  openedAt: Date | null;
  createdAt: Date;
  sentAt: Date | null;
  sentBy: string | null;
}

/** What the patient wrote back by SMS. */
export interface FiledReply {
  id: string;
  sender: string;
  body: string;
  receivedAt: Date;
}

/** A channel by which the contact on file wants no messages. */
export interface FiledOptOut {
  channel: Channel;
  since: Date;
  said: string;
}

export interface FiledAuditEntry {
  id: string;
  at: Date;
  actor: 'staff' | 'patient' | 'system';
  user: string | null;
  action: string;
  details: Record<string, string | number | boolean | null>;
}

/** The newest of each are shown. */
const most = 100;

/** A patient's file: contacts, appointments, messages and audit trail, the newest first. @throws Refusal not_found */
export async function readPatientFile(sql: Sql, { practiceId }: Staff, patientId: string): Promise<PatientFile> {
  const [[patient], appointments, messages, replies, optOuts, audit] = await Promise.all([
    sql<PatientFile[]>`
      select p.id, p.number, p.first_name as "firstName", p.last_name_prefix as "lastNamePrefix", p.last_name as "lastName",
        p.birth_date::text as "birthDate", p.email, p.mobile, p.contact_owner as "contactOwner", p.language, p.note,
        p.erasure_asked_at as "erasureAskedAt", p.erased_at as "erasedAt",
        nullif(${sql.unsafe(providerName('r'))}, '') as provider
      from patients p left join providers r on r.id = p.provider_id
      where p.practice_id = ${practiceId} and p.id = ${patientId}`,
    sql<FiledAppointment[]>`
      select e.id, e.starts_at as "startsAt", e.ends_at as "endsAt", e.status, e.made_by as "madeBy", e.description,
        ${sql.unsafe(providerName('r'))} as provider, l.name as location
      from book_entries e join providers r on r.id = e.provider_id join locations l on l.id = e.location_id
      where e.practice_id = ${practiceId} and e.patient_id = ${patientId} and (e.kind = 'appointment' or (e.kind = 'hold' and e.status = 'confirmed'))
      order by e.starts_at desc limit ${most}`,
    sql<FiledMessage[]>`
      select m.id, m.kind, m.channel, m.state, m.recipient, m.subject, m.body, m.reason, m.carrier_code as "carrierCode", m.opened_at as "openedAt", m.created_at as "createdAt", m.sent_at as "sentAt", u.name as "sentBy"
      from messages m left join users u on u.id = m.sent_by
      where m.practice_id = ${practiceId} and m.patient_id = ${patientId}
      order by m.created_at desc limit ${most}`,
    sql<FiledReply[]>`
      select id, sender, body, received_at as "receivedAt" from inbound_texts
      where practice_id = ${practiceId} and patient_id = ${patientId}
      order by received_at desc limit ${most}`,
    sql<FiledOptOut[]>`
      select o.channel, o.since, o.said from opt_outs o
      join patients p on p.practice_id = o.practice_id and (o.channel, o.contact) in (('sms', p.mobile), ('email', lower(p.email)))
      where p.practice_id = ${practiceId} and p.id = ${patientId}
      order by o.channel`,
    sql<FiledAuditEntry[]>`
      select a.id, a.at, a.actor, u.name as user, a.action, a.details
      from audit_entries a left join users u on u.id = a.user_id
      where a.practice_id = ${practiceId} and a.patient_id = ${patientId}
      order by a.at desc, a.id desc limit ${most}`,
  ]);
  if (!patient) throw new Refusal('not_found');
  return { ...patient, appointments, messages, replies, optOuts, audit };
}
