import type { Reader } from '../reader.ts';
import { Document } from './Document.tsx';

export interface ProblemProps {
  reader: Reader;
  /** A code of locales' `problems.pages`. */
  problem: string;
  /** What to tell whoever looks into it. */
  reference: string | null;
}

export function ProblemNotice({ reader, problem, reference }: ProblemProps) {
  const texts = reader.t.problems;
  const pages = texts.pages as Record<string, string>;
  return (
    <section class="problem" role="alert">
      <h1>{texts.title}</h1>
      <p>{pages[problem] ?? pages.bad_request!}</p>
      {reference ? <p class="hint">{texts.reference(reference)}</p> : null}
      <p>
        <a class="button" href="/" data-close="window">
          {texts.back}
        </a>
      </p>
    </section>
  );
}

export function ProblemPage(props: ProblemProps) {
  return (
    <Document reader={props.reader} title={props.reader.t.problems.title} kind="patient">
      <main class="sheet">{ProblemNotice(props)}</main>
    </Document>
  );
}
