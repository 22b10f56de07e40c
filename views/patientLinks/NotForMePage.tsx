import { Csrf } from '../forms/Csrf.tsx';
import type { Reader } from '../reader.ts';
import { PatientPage, type Practice } from './PatientPage.tsx';

export interface NotForMeProps {
  reader: Reader;
  practice: Practice;
  link: string;
}

/** Asks once more: the link stops working with this answer. Names nobody, since it may be somebody else who reads it. */
export function NotForMePage({ reader, practice, link }: NotForMeProps) {
  const { t } = reader;
  return (
    <PatientPage reader={reader} practice={practice} title={t.patientLinks.notForMe.title} link={link}>
      <h1>{t.patientLinks.notForMe.title}</h1>
      <p>{t.patientLinks.notForMe.text}</p>
      <form action={`${link}/answer`} method="post">
        <Csrf reader={reader} />
        <button type="submit" class="primary wide" name="answer" value="not_for_me">
          {t.patientLinks.notForMe.yes}
        </button>
      </form>
      <p>
        <a class="button quiet wide" href={link}>
          {t.patientLinks.notForMe.no}
        </a>
      </p>
    </PatientPage>
  );
}
