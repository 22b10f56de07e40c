import { CalendarPlusIcon } from '../icons.tsx';
import type { Reader } from '../reader.ts';
import { AppointmentSummary } from './AppointmentSummary.tsx';
import { PatientPage, type Practice } from './PatientPage.tsx';
import type { ShownProvider } from './ProviderCard.tsx';

export interface AppointmentProps {
  reader: Reader;
  practice: Practice;
  link: string;
  provider: ShownProvider;
  /** None: it was cancelled. */
  time: { startsAt: Date; minutes: number } | null;
  place: string;
}

/** Where the confirmation's link leads: the appointment as it stands in the book. */
export function AppointmentPage({ reader, practice, link, provider, time, place }: AppointmentProps) {
  const { t } = reader;
  return (
    <PatientPage reader={reader} practice={practice} title={t.bookings.yourAppointment} link={link}>
      <h1>{t.bookings.yourAppointment}</h1>
      {time ? (
        <>
          <AppointmentSummary reader={reader} facts={{ provider, place, ...time }} />
          <p>
            <a class="button wide" href={`${link}/appointment.ics`}>
              <CalendarPlusIcon /> {t.bookings.addToCalendar}
            </a>
          </p>
        </>
      ) : (
        <p>{t.bookings.cancelled}</p>
      )}
      <p class="hint">{t.bookings.toChange(practice.phone)}</p>
    </PatientPage>
  );
}
