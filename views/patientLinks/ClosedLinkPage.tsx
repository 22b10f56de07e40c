import type { ClosedLink } from '../../domain/bookings/visit.ts';
import { CalendarIcon, ClockIcon, InfoIcon, PhoneIcon, TickIcon } from '../icons.tsx';
import type { Reader } from '../reader.ts';
import { PatientPage, type Practice, telephone } from './PatientPage.tsx';

export interface ClosedLinkProps {
  reader: Reader;
  practice: Practice | null;
  /** None for a link that is nobody's. */
  link?: string;
  why: ClosedLink | 'unknown';
}

const icons = {
  booked: CalendarIcon,
  cancelled: CalendarIcon,
  not_for_me: TickIcon,
  expired: ClockIcon,
  replaced: InfoIcon,
  withdrawn: InfoIcon,
  unknown: InfoIcon,
};

/** A link that leads no further: kind, with the practice's telephone number, and without any personal data. */
export function ClosedLinkPage({ reader, practice, link, why }: ClosedLinkProps) {
  const { title, text } = reader.t.patientLinks.closed[why];
  const Icon = icons[why];
  return (
    <PatientPage reader={reader} practice={practice} title={title} link={link} saysPhone>
      <p class="done plain">
        <Icon size={32} />
      </p>
      <h1>{title}</h1>
      <p>{text}</p>
      {practice ? (
        <p>
          <a class="button wide" href={telephone(practice)}>
            <PhoneIcon /> {reader.t.patientLinks.call(practice.phone)}
          </a>
        </p>
      ) : null}
    </PatientPage>
  );
}
