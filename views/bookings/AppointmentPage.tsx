import type { Reader } from '../reader.ts';
import { PatientPage, type Practice } from './PatientPage.tsx';
import { ProviderCard } from './ProviderCard.tsx';

export interface AppointmentProps {
  reader: Reader;
  practice: Practice;
  link: string;
  provider: { id: string | null; title: string; name: string; hasPicture: boolean };
  /** None: it was cancelled. */
  time: { startsAt: Date; minutes: number } | null;
  place: string;
}

/** Where the confirmation's link leads: the appointment as it stands in the book. */
export function AppointmentPage({ reader, practice, link, provider, time, place }: AppointmentProps) {
  const { t, f } = reader;
  return (
    <PatientPage reader={reader} practice={practice} title={t.bookings.yourAppointment} link={link}>
      <h1>{t.bookings.yourAppointment}</h1>
      {time ? (
        <>
          <ProviderCard provider={provider} />
          <dl class="summary">
            <dt>{t.bookings.when}</dt>
            <dd><time dateTime={time.startsAt.toISOString()}>{f.longDay(time.startsAt)}, {f.time(time.startsAt)}</time> <span class="hint">{t.bookings.minutes(time.minutes)}</span></dd>
            <dt>{t.bookings.where}</dt>
            <dd>{place}</dd>
          </dl>
          <p><a class="button wide" href={`${link}/appointment.ics`}>{t.bookings.addToCalendar}</a></p>
        </>
      ) : <p>{t.bookings.cancelled}</p>}
      <p class="hint">{t.bookings.toChange(practice.phone)}</p>
    </PatientPage>
  );
}
