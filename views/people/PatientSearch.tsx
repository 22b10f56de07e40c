import { Csrf } from '../forms/Csrf.tsx';
import { SearchIcon } from '../icons.tsx';
import type { Viewer } from '../reader.ts';

interface PatientSearchProps {
  viewer: Viewer;
  /** Where what was typed is sent. */
  url: string;
  /** What was typed. */
  q: string;
  label: string;
  /** Where the results stand; they follow the typing. */
  resultsId: string;
  /** Whether the answer is a whole page, of which the results are taken; else it is the results alone. */
  fromPage?: boolean;
}

/** A search for a patient, by name, birth date or number; sent as a form, so that no name stands in an address. */
export function PatientSearch({ viewer, url, q, label, resultsId, fromPage }: PatientSearchProps) {
  const { t } = viewer;
  const results = `#${resultsId}`;
  return (
    <search>
      <form
        class="search big"
        action={url}
        method="post"
        hx-post={url}
        hx-trigger="input delay:200ms, submit"
        hx-target={results}
        hx-select={fromPage ? results : undefined}
        hx-swap="outerMorph"
        hx-sync="this:replace"
      >
        <Csrf reader={viewer} />
        <SearchIcon />
        <input
          type="search"
          name="q"
          value={q}
          maxLength={100}
          aria-label={label}
          placeholder={t.people.searchPlaceholder}
          autocomplete="off"
          autofocus
        />
        <button type="submit">{t.people.search}</button>
      </form>
    </search>
  );
}
