import { Csrf } from '../forms/Csrf.tsx';
import { ClockIcon } from '../icons.tsx';
import type { Channel, Reader } from '../reader.ts';
import { type AppointmentFacts, AppointmentSummary } from './AppointmentSummary.tsx';
import { PatientPage, type Practice } from './PatientPage.tsx';
import { WithoutConfirmation } from './WithoutConfirmation.tsx';

export interface ConfirmationProps extends AppointmentFacts {
  reader: Reader;
  practice: Practice;
  link: string;
  heldUntil: Date;
  mayExtend: boolean;
  channels: Channel[];
  /** Channels of the link by which no confirmation comes. */
  silent: Channel[];
}

/** What the patient is about to confirm, and until when the time is theirs. */
export function ConfirmationPage({
  reader,
  practice,
  link,
  heldUntil,
  mayExtend,
  channels,
  silent,
  ...facts
}: ConfirmationProps) {
  const { t, f } = reader;
  return (
    <PatientPage reader={reader} practice={practice} title={t.patientLinks.check} link={link}>
      <h1>{t.patientLinks.check}</h1>
      <AppointmentSummary reader={reader} facts={facts} />
      <p class="kept">
        <ClockIcon />
        <span data-held-until={heldUntil.toISOString()} data-over={t.patientLinks.keptNoLonger}>
          {t.patientLinks.keptUntil(f.time(heldUntil))}
        </span>
      </p>
      <WithoutConfirmation reader={reader} practice={practice} channels={channels} silent={silent} />
      <form action={`${link}/confirmation`} method="post">
        <Csrf reader={reader} />
        <button type="submit" class="primary wide">
          {t.patientLinks.confirm}
        </button>
      </form>
      <div class="pager">
        <a class="button" href={`${link}?choose=1`}>
          {t.patientLinks.chooseAnother}
        </a>
        {mayExtend ? (
          <form action={`${link}/hold/extension`} method="post">
            <Csrf reader={reader} />
            <button type="submit" class="quiet">
              {t.patientLinks.keepLonger}
            </button>
          </form>
        ) : null}
      </div>
    </PatientPage>
  );
}
