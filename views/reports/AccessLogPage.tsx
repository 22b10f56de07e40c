import type { AccessRow, AccessUser, NumberedPatient } from '../../domain/reports/access.ts';
import { FilterSelect } from '../forms/FilterSelect.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import type { Viewer } from '../reader.ts';
import { ReportsNav } from './ReportsNav.tsx';

export interface AccessLogProps {
  viewer: Viewer;
  /** Local days, both included. */
  fromDay: string;
  untilDay: string;
  userId: string | null;
  users: AccessUser[];
  /** As it was asked for; `patient` is null where nobody has it. */
  number: number | null;
  patient: NumberedPatient | null;
  rows: AccessRow[];
  more: boolean;
}

/** Who opened which patient, the newest first. */
export function AccessLogPage(props: AccessLogProps) {
  const { viewer, fromDay, untilDay, userId, users, number, patient, rows, more } = props;
  const { t } = viewer;
  const query = `from=${fromDay}&until=${untilDay}&user=${userId ?? ''}&number=${number ?? ''}`;
  return (
    <StaffPage viewer={viewer} title={t.access.title} tab="reports">
      <ReportsNav viewer={viewer} shown="access" />
      <h1>{t.access.title}</h1>
      <p class="hint">{t.access.intro}</p>
      <form class="filter no-print" method="get">
        <label>
          {t.common.from}
          <input type="date" name="from" value={fromDay} required />
        </label>
        <label>
          {t.common.until}
          <input type="date" name="until" value={untilDay} required />
        </label>
        <FilterSelect reader={viewer} name="user" label={t.access.user} choices={users} chosen={userId} />
        <label>
          {t.access.number}
          <input type="text" name="number" inputMode="numeric" maxLength={9} value={number ?? ''} autocomplete="off" />
        </label>
        <button type="submit">{t.common.show}</button>
        <a class="button quiet" href={`/reports/access.csv?${query}`}>
          {t.access.csv}
        </a>
      </form>
      {patient ? <p>{t.access.of(patient.name, patient.number)}</p> : null}
      {number !== null && !patient ? <p class="warning">{t.access.unknownNumber(number)}</p> : null}
      {rows.length === 0 ? <p class="empty">{t.access.none}</p> : <Lines viewer={viewer} rows={rows} />}
      {more ? (
        <p>
          <a class="button" href={`/reports/access?${query}&before=${rows.at(-1)!.id}`}>
            {t.access.older}
          </a>
        </p>
      ) : null}
    </StaffPage>
  );
}

function Lines({ viewer, rows }: { viewer: Viewer; rows: AccessRow[] }) {
  const { t, f } = viewer;
  const { access } = t;
  return (
    <table class="table stacks">
      <thead>
        <tr>
          {[access.at, access.user, access.patient, access.what, access.act, access.address].map((label) => (
            <th scope="col">{label}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ at, userName, role, patientId, patientNumber, patientName, what, act, address }) => (
          <tr>
            <td class="leading">
              <time dateTime={at.toISOString()}>{f.dateTime(at)}</time>
            </td>
            <td data-label={access.user}>
              <span>
                {userName} <span class="hint">{t.layout.roles[role]}</span>
              </span>
            </td>
            <td data-label={access.patient}>
              <span>
                <a href={`/patients/${patientId}`}>{patientName}</a>{' '}
                <span class="hint">{t.common.numbered(patientNumber)}</span>
              </span>
            </td>
            <td data-label={access.what}>{access.parts[what]}</td>
            <td data-label={access.act}>{access.acts[act]}</td>
            <td data-label={access.address}>{address}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
