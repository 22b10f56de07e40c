import { Csrf } from '../forms/Csrf.tsx';
import type { Reader } from '../reader.ts';
import { PatientPage, type Practice } from './PatientPage.tsx';
import { ProviderCard } from './ProviderCard.tsx';

export interface ConfirmationProps {
  reader: Reader;
  practice: Practice;
  link: string;
  provider: { id: string | null; title: string; name: string; hasPicture: boolean };
  startsAt: Date;
  minutes: number;
  place: string;
  heldUntil: Date;
  mayExtend: boolean;
}

/** What the patient is about to confirm, and until when the time is theirs. */
export function ConfirmationPage({ reader, practice, link, provider, startsAt, minutes, place, heldUntil, mayExtend }: ConfirmationProps) {
  const { t, f } = reader;
  return (
    <PatientPage reader={reader} practice={practice} title={t.bookings.check} link={link}>
      <h1>{t.bookings.check}</h1>
      <ProviderCard provider={provider} />
      <dl class="summary">
        <dt>{t.bookings.when}</dt>
        <dd><time dateTime={startsAt.toISOString()}>{f.longDay(startsAt)}, {f.time(startsAt)}</time> <span class="hint">{t.bookings.minutes(minutes)}</span></dd>
        <dt>{t.bookings.where}</dt>
        <dd>{place}</dd>
      </dl>
      <p class="kept" data-held-until={heldUntil.toISOString()}>{t.bookings.keptUntil(f.time(heldUntil))}</p>
      <form action={`${link}/confirmation`} method="post">
        <Csrf reader={reader} />
        <button class="primary wide">{t.bookings.confirm}</button>
      </form>
      <div class="pager">
        <a class="button" href={`${link}?choose=1`}>{t.bookings.chooseAnother}</a>
        {mayExtend ? (
          <form action={`${link}/hold/extension`} method="post"><Csrf reader={reader} /><button class="quiet">{t.bookings.keepLonger}</button></form>
        ) : null}
      </div>
    </PatientPage>
  );
}
