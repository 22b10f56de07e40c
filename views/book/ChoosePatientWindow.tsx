import type { FoundPatient } from '../../domain/people/search.ts';
import { FieldError } from '../forms/Field.tsx';
import { leadingBack, opensWindow, Window } from '../layout/Window.tsx';
import { fullName } from '../people/names.ts';
import { PatientSearch } from '../people/PatientSearch.tsx';
import type { Viewer } from '../reader.ts';
import { inBook, newAppointment } from './address.ts';

export interface ChoosePatientProps {
  viewer: Viewer;
  /** What was typed into the search box. */
  q: string;
  patients: FoundPatient[];
  /** Whether others were found that are not shown. */
  more: boolean;
  /** The time that was pointed at; it goes along. */
  asked: { day?: string | null; start?: string | null; provider?: string | null; chair?: string | null };
  error?: string | undefined;
}

/** The first step of a new appointment: for whom. The results follow the typing; each is a link to the second step. */
export function ChoosePatientWindow({ viewer, q, patients, more, asked, error }: ChoosePatientProps) {
  const { t, f } = viewer;
  const along = Object.fromEntries(
    (['day', 'start', 'provider', 'chair'] as const).map((name) => [name, asked[name] ?? undefined]),
  );
  const url = (more: Record<string, string>) => inBook(viewer, newAppointment, { ...along, ...more });
  return (
    <Window
      reader={viewer}
      title={t.book.newAppointmentTitle}
      back={inBook(viewer, '/book', { day: asked.day ?? undefined })}
    >
      {asked.day ? (
        <p class="hint">
          {f.fullDayOf(asked.day)}
          {asked.start ? `, ${asked.start}` : ''}
        </p>
      ) : null}
      <PatientSearch
        viewer={viewer}
        url={url({})}
        q={q}
        label={t.book.whichPatient}
        resultsId="patients-to-choose"
        fromPage
      />
      <div id="patients-to-choose" aria-live="polite">
        <FieldError reader={viewer} code={error} />
        {patients.length === 0 ? (
          <p class="empty">{q === '' ? t.book.whichPatient : t.people.noneFound(q)}</p>
        ) : (
          <ul class="choices-list">
            {patients.map((patient) => (
              <li>
                <a {...opensWindow(url({ patient: patient.id }))}>
                  <strong>{fullName(patient)}</strong>
                  <span class="hint">
                    {t.common.born(f.date(patient.birthDate))} · {t.common.numbered(patient.number)}
                  </span>
                </a>
              </li>
            ))}
          </ul>
        )}
        {more ? <p class="hint">{t.people.moreFound(patients.length)}</p> : null}
      </div>
      <p>
        <a href={leadingBack('/patients/new', url({}))}>{t.people.newPatient}</a>
      </p>
    </Window>
  );
}
