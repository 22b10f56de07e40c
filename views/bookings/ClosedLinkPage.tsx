import type { Reader } from '../reader.ts';
import { PatientPage, type Practice } from './PatientPage.tsx';

export interface ClosedLinkProps {
  reader: Reader;
  practice: Practice | null;
  /** None for a link that is nobody's. */
  link?: string;
  why: 'booked' | 'expired' | 'replaced' | 'withdrawn' | 'unknown';
}

/** A link that leads no further: kind, with the practice's telephone number, and without any personal data. */
export function ClosedLinkPage({ reader, practice, link, why }: ClosedLinkProps) {
  const { title, text } = reader.t.bookings.closed[why];
  return (
    <PatientPage reader={reader} practice={practice} title={title} link={link}>
      <h1>{title}</h1>
      <p>{text}</p>
      {practice ? <p>{reader.t.bookings.call(practice.phone)}</p> : null}
    </PatientPage>
  );
}
