import { CalendarPlusIcon } from '../icons.tsx';
import type { Reader } from '../reader.ts';
import { type AppointmentFacts, AppointmentSummary } from './AppointmentSummary.tsx';
import { PatientPage, type Practice } from './PatientPage.tsx';

export interface AppointmentProps {
  reader: Reader;
  practice: Practice;
  link: string;
  /** None: it was cancelled. */
  appointment: AppointmentFacts | null;
}

/** Where the confirmation's link leads: the appointment as it stands in the book. */
export function AppointmentPage({ reader, practice, link, appointment }: AppointmentProps) {
  const { t } = reader;
  return (
    <PatientPage reader={reader} practice={practice} title={t.patientLinks.yourAppointment} link={link}>
      <h1>{t.patientLinks.yourAppointment}</h1>
      {appointment ? (
        <>
          <AppointmentSummary reader={reader} facts={appointment} />
          <p>
            <a class="button wide" href={`${link}/appointment.ics`}>
              <CalendarPlusIcon /> {t.patientLinks.addToCalendar}
            </a>
          </p>
        </>
      ) : (
        <p>{t.patientLinks.cancelled}</p>
      )}
      <p class="hint">{t.patientLinks.toChange(practice.phone)}</p>
    </PatientPage>
  );
}
