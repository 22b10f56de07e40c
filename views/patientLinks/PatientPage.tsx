import type { ComponentChildren } from 'preact';
import { Csrf } from '../forms/Csrf.tsx';
import { LanguageIcon, PhoneIcon } from '../icons.tsx';
import { Document } from '../layout/Document.tsx';
import type { Reader } from '../reader.ts';

export interface Practice {
  name: string;
  phone: string;
}

export interface PatientPageProps {
  reader: Reader;
  /** Unknown links are nobody's: where several practices live here, none can be named. */
  practice: Practice | null;
  title: string;
  /** The link's path, such as /b/…; without it the language cannot be switched. */
  link?: string;
  /** Whether the page itself says whom to call. */
  saysPhone?: boolean;
  children: ComponentChildren;
}

/** The frame of the pages that a link leads to: the practice, the other language, the telephone. */
export function PatientPage({ reader, practice, title, link, saysPhone, children }: PatientPageProps) {
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
            <button type="submit" class="quiet" lang={other}>
              <LanguageIcon /> {t.patientLinks.otherLanguage}
            </button>
          </form>
        ) : null}
      </header>
      <main class="sheet" id="main">
        {children}
      </main>
      {practice && !saysPhone ? (
        <footer class="patient-foot">
          <a href={telephone(practice)}>
            <PhoneIcon /> {t.patientLinks.prefersCall(practice.phone)}
          </a>
        </footer>
      ) : null}
    </Document>
  );
}

/** What a telephone dials. */
export const telephone = ({ phone }: Practice) => `tel:${phone.replace(/[^+\d]/g, '')}`;
