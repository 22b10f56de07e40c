import type { ComponentChildren } from 'preact';
import { Csrf } from '../forms/Csrf.tsx';
import { PhoneIcon } from '../icons.tsx';
import { Document } from '../layout/Document.tsx';
import type { Reader } from '../reader.ts';

export interface Practice {
  name: string;
  phone: string;
}

export interface PatientPageProps {
  reader: Reader;
  /** Unknown links are nobody's: no practice can be named. */
  practice: Practice | null;
  title: string;
  /** The link's path, such as /b/…; without it the language cannot be switched. */
  link?: string;
  children: ComponentChildren;
}

/** The frame of the pages that a link leads to: the practice, the other language, the telephone. */
export function PatientPage({ reader, practice, title, link, children }: PatientPageProps) {
  const { t, language } = reader;
  const other = language === 'en' ? 'nl' : 'en';
  return (
    <Document reader={reader} title={practice ? `${title} · ${practice.name}` : title} kind="patient">
      <header class="patient-head">
        <strong>{practice?.name ?? 'Nextvisit'}</strong>
        {link ? (
          <form action={`${link}/language`} method="post">
            <Csrf reader={reader} />
            <input type="hidden" name="language" value={other} />
            <button class="quiet" lang={other}>{t.bookings.otherLanguage}</button>
          </form>
        ) : null}
      </header>
      <main class="sheet" id="main">{children}</main>
      {practice ? (
        <footer class="patient-foot">
          <a href={`tel:${practice.phone.replace(/[^+\d]/g, '')}`}><PhoneIcon /> {t.bookings.prefersCall(practice.phone)}</a>
        </footer>
      ) : null}
    </Document>
  );
}
