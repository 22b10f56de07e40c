import type { ComponentChildren } from 'preact';
import { WarningIcon } from '../icons.tsx';
import type { Reader } from '../reader.ts';
import { Document } from './Document.tsx';

export interface ProblemProps {
  reader: Reader;
  /** A code of locales' `problems.pages`. */
  problem: string;
  /** What to tell whoever looks into it. */
  reference: string | null;
}

/** What went wrong, in a window or a part of a page. */
export function ProblemNotice(props: ProblemProps) {
  return (
    <Problem {...props}>
      <a class="button" href="/" data-close="window">
        {props.reader.t.common.close}
      </a>
    </Problem>
  );
}

/** @param back where it goes on: for patients their link, never the staff’s pages */
export function ProblemPage({ back, ...props }: ProblemProps & { back: string }) {
  const { t } = props.reader;
  return (
    <Document reader={props.reader} title={t.problems.title} kind="patient">
      <main class="sheet standing-alone">
        <p class="done plain">
          <WarningIcon size={28} />
        </p>
        <Problem {...props}>
          <a class="button" href={back}>
            {t.problems.back}
          </a>
        </Problem>
      </main>
    </Document>
  );
}

function Problem({ reader, problem, reference, children }: ProblemProps & { children: ComponentChildren }) {
  const texts = reader.t.problems;
  const pages = texts.pages as Record<string, string>;
  return (
    <section class="problem" role="alert">
      <h1>{texts.title}</h1>
      <p>{pages[problem] ?? pages.bad_request!}</p>
      {reference ? <p class="hint">{texts.reference(reference)}</p> : null}
      <p>{children}</p>
    </section>
  );
}
