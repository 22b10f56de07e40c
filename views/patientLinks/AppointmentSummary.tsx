import { CalendarIcon, PinIcon } from '../icons.tsx';
import type { Reader } from '../reader.ts';
import { ProviderCard, type ShownProvider } from './ProviderCard.tsx';

export interface AppointmentFacts {
  provider: ShownProvider;
  startsAt: Date;
  minutes: number;
  place: string;
}

/** With whom, when, how long and where. */
export function AppointmentSummary({ reader, facts }: { reader: Reader; facts: AppointmentFacts }) {
  const { t, f } = reader;
  const { provider, startsAt, minutes, place } = facts;
  return (
    <section class="appointment">
      <ProviderCard reader={reader} provider={provider} />
      <dl class="summary">
        <div>
          <CalendarIcon size={20} />
          <dt>{t.patientLinks.when}</dt>
          <dd>
            <time dateTime={startsAt.toISOString()}>
              {f.longDay(startsAt)}, {f.time(startsAt)}
            </time>{' '}
            <span class="hint">{t.patientLinks.minutes(minutes)}</span>
          </dd>
        </div>
        <div>
          <PinIcon size={20} />
          <dt>{t.patientLinks.where}</dt>
          <dd>{place}</dd>
        </div>
      </dl>
    </section>
  );
}
