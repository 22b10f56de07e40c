import type { FoundPatient } from '../../domain/people/search.ts';
import { FieldError } from '../forms/Field.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import type { Viewer } from '../reader.ts';
import { fullName } from './names.ts';
import { PatientSearch } from './PatientSearch.tsx';

export interface PatientsProps {
  viewer: Viewer;
  /** What was typed into the search box. */
  q: string;
  patients: FoundPatient[];
  /** Whether others were found that are not shown. */
  more: boolean;
  error?: string | undefined;
}

/** Search by name, birth date or number; the results follow the typing. */
export function PatientsPage(props: PatientsProps) {
  const { viewer, q } = props;
  const { t } = viewer;
  return (
    <StaffPage viewer={viewer} title={t.people.patients} tab="patients">
      <div class="page-head">
        <h1>{t.people.patients}</h1>
        {viewer.role === 'provider' ? null : (
          <a class="button primary" href="/patients/new">
            {t.people.newPatient}
          </a>
        )}
      </div>
      <PatientSearch
        viewer={viewer}
        url="/patients/search"
        q={q}
        label={t.people.searchLabel}
        resultsId="patients-found"
      />
      <PatientsFound {...props} />
    </StaffPage>
  );
}

export function PatientsFound({ viewer, q, patients, more, error }: PatientsProps) {
  const { t, f } = viewer;
  return (
    <div id="patients-found" aria-live="polite">
      <FieldError reader={viewer} code={error} />
      {error ? null : patients.length === 0 ? (
        <p class="empty">{q === '' ? t.people.typeToSearch : t.people.noneFound(q)}</p>
      ) : (
        <table class="table stacks">
          <caption class="visually-hidden">{t.people.patients}</caption>
          <thead>
            <tr>
              <th scope="col">{t.people.name}</th>
              <th scope="col">{t.people.birthDate}</th>
              <th scope="col" class="number">
                {t.people.number}
              </th>
              <th scope="col">{t.people.mobile}</th>
              <th scope="col">{t.people.email}</th>
            </tr>
          </thead>
          <tbody>
            {patients.map((patient) => (
              <tr>
                <th scope="row" class="leading">
                  <a href={`/patients/${patient.id}`}>{fullName(patient)}</a>
                </th>
                <td data-label={t.people.birthDate}>{f.date(patient.birthDate)}</td>
                <td class="number" data-label={t.people.number}>
                  {patient.number}
                </td>
                <td data-label={t.people.mobile}>{patient.mobile}</td>
                <td data-label={t.people.email}>{patient.email}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more ? <p class="hint">{t.people.moreFound(patients.length)}</p> : null}
    </div>
  );
}
