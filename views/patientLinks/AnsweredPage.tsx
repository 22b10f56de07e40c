import { PhoneIcon, TickIcon } from '../icons.tsx';
import type { Reader } from '../reader.ts';
import { PatientPage, type Practice, telephone } from './PatientPage.tsx';

export interface AnsweredProps {
  reader: Reader;
  practice: Practice;
  link: string;
  answer: 'no_time_suits' | 'call_me';
}

/** After an answer: what happens now, whom to call if that takes too long, and the way back to the times. */
export function AnsweredPage({ reader, practice, link, answer }: AnsweredProps) {
  const { t } = reader;
  const { title, text } = t.patientLinks.answered[answer];
  return (
    <PatientPage reader={reader} practice={practice} title={title} link={link} saysPhone>
      <p class="done">
        <TickIcon size={32} />
      </p>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        <a class="button wide" href={telephone(practice)}>
          <PhoneIcon /> {t.patientLinks.ratherNotWait(practice.phone)}
        </a>
      </p>
      <p>
        <a class="button quiet wide" href={link}>
          {t.patientLinks.chooseAfterAll}
        </a>
      </p>
    </PatientPage>
  );
}
