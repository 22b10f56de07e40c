import { TickIcon } from '../icons.tsx';
import type { Reader } from '../reader.ts';
import { PatientPage, type Practice } from './PatientPage.tsx';
import { ProviderCard } from './ProviderCard.tsx';

export interface ThankYouProps {
  reader: Reader;
  practice: Practice;
  link: string;
  channels: ('sms' | 'email')[];
  provider: { id: string | null; title: string; name: string; hasPicture: boolean };
  startsAt: Date;
  minutes: number;
  place: string;
}

/** After the patient's yes: what was chosen, and where the confirmation will come. */
export function ThankYouPage({ reader, practice, link, channels, provider, startsAt, minutes, place }: ThankYouProps) {
  const { t, f } = reader;
  const by = f.either(channels.map((channel) => t.bookings.channels[channel]));
  return (
    <PatientPage reader={reader} practice={practice} title={t.bookings.yourAppointment} link={link}>
      <p class="done"><TickIcon /></p>
      <h1>{t.bookings.thankYou(by)}</h1>
      <ProviderCard provider={provider} />
      <dl class="summary">
        <dt>{t.bookings.when}</dt>
        <dd><time dateTime={startsAt.toISOString()}>{f.longDay(startsAt)}, {f.time(startsAt)}</time> <span class="hint">{t.bookings.minutes(minutes)}</span></dd>
        <dt>{t.bookings.where}</dt>
        <dd>{place}</dd>
      </dl>
      <p><a class="button wide" href={`${link}/appointment.ics`}>{t.bookings.addToCalendar}</a></p>
    </PatientPage>
  );
}
