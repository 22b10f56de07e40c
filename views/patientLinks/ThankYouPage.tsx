import { CalendarPlusIcon, TickIcon } from '../icons.tsx';
import type { Channel, Reader } from '../reader.ts';
import { type AppointmentFacts, AppointmentSummary } from './AppointmentSummary.tsx';
import { PatientPage, type Practice } from './PatientPage.tsx';
import { WithoutConfirmation } from './WithoutConfirmation.tsx';

export interface ThankYouProps extends AppointmentFacts {
  reader: Reader;
  practice: Practice;
  link: string;
  channels: Channel[];
  /** Channels of the link by which no confirmation comes. */
  silent: Channel[];
}

/** After the patient's yes: what was chosen, and where the confirmation will come. */
export function ThankYouPage({ reader, practice, link, channels, silent, ...facts }: ThankYouProps) {
  const { t, f } = reader;
  const by = f.either(channels.map((channel) => t.common.byChannel[channel]));
  return (
    <PatientPage reader={reader} practice={practice} title={t.patientLinks.yourAppointment} link={link}>
      <p class="done">
        <TickIcon size={32} />
      </p>
      <h1>{channels.length > 0 ? t.patientLinks.thankYou(by) : t.patientLinks.thankYouAlready}</h1>
      <AppointmentSummary reader={reader} facts={facts} />
      <WithoutConfirmation reader={reader} practice={practice} channels={channels} silent={silent} />
      <p>
        <a class="button wide" href={`${link}/appointment.ics`}>
          <CalendarPlusIcon /> {t.patientLinks.addToCalendar}
        </a>
      </p>
    </PatientPage>
  );
}
