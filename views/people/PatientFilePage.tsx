import type { PatientFile } from '../../domain/people/patientFile.ts';
import { entryAddress } from '../book/address.ts';
import { OnlineIcon, WarningIcon } from '../icons.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import type { Channel, Viewer } from '../reader.ts';
import { AuditTrail } from './AuditTrail.tsx';
import { MessageList } from './MessageList.tsx';
import { fullName } from './names.ts';
import { PatientRights } from './PatientRights.tsx';

export interface PatientFileProps {
  viewer: Viewer;
  file: PatientFile;
  /** What was just done, a code of `people.notices`. */
  notice: string | null;
}

/** A patient's contacts, language, appointments, messages and audit trail. */
export function PatientFilePage({ viewer, file, notice }: PatientFileProps) {
  const { t, f } = viewer;
  const done = notice === null ? undefined : t.people.notices[notice];
  return (
    <StaffPage viewer={viewer} title={fullName(file)} tab="patients">
      {done ? (
        <p class="notice" role="status">
          {done}
        </p>
      ) : null}
      <div class="page-head">
        <div>
          <p class="hint">{t.people.patientFile}</p>
          <h1>{fullName(file)}</h1>
          <p class="hint">
            {[t.common.bornOn(f.date(file.birthDate)), t.common.numbered(file.number), file.provider]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        <p class="actions">
          <a class="button primary" href={`/patients/${file.id}/chart`}>
            {t.people.chart}
          </a>
          {viewer.role === 'provider' ? null : (
            <a class="button" href={`/patients/${file.id}/edit`}>
              {t.people.edit}
            </a>
          )}
        </p>
      </div>
      {file.note ? <p class="note">{file.note}</p> : null}
      <PatientFileParts viewer={viewer} file={file} />
      {viewer.role === 'manager' || file.erasureAskedAt ? <PatientRights viewer={viewer} file={file} /> : null}
    </StaffPage>
  );
}

/** What changes while the page is open: a carrier's news, a STOP, the patient's yes. Drawn again by itself. */
export function PatientFileParts({ viewer, file }: { viewer: Viewer; file: PatientFile }) {
  return (
    <div
      id="patient-file"
      hx-get={`/patients/${file.id}`}
      hx-trigger="messages from:#live, htmx:sse:after:connection from:#live"
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
    >
      <Contacts viewer={viewer} file={file} />
      <Appointments viewer={viewer} file={file} />
      <MessageList viewer={viewer} file={file} />
      <AuditTrail viewer={viewer} entries={file.audit} />
    </div>
  );
}

function Contacts({ viewer, file }: { viewer: Viewer; file: PatientFile }) {
  const { t } = viewer;
  return (
    <section class="card" aria-labelledby="contacts">
      <h2 id="contacts">{t.people.contacts}</h2>
      {file.email || file.mobile ? null : (
        <p class="warning">
          <WarningIcon /> {t.people.noContacts}
        </p>
      )}
      <dl class="facts">
        <dt>{t.people.email}</dt>
        <dd>
          {file.email ?? '–'} <OptedOut viewer={viewer} file={file} channel="email" />
        </dd>
        <dt>{t.people.mobile}</dt>
        <dd>
          {file.mobile ?? '–'} <OptedOut viewer={viewer} file={file} channel="sms" />
        </dd>
        <dt>{t.people.contactOwner}</dt>
        <dd>{t.people.contactOwners[file.contactOwner]}</dd>
        <dt>{t.people.language}</dt>
        <dd>{file.language ? t.people.languages[file.language] : t.people.practiceLanguage}</dd>
      </dl>
    </section>
  );
}

/** Says in words that the contact wants no messages; nothing is sent there. */
function OptedOut({ viewer, file, channel }: { viewer: Viewer; file: PatientFile; channel: Channel }) {
  const { t, f } = viewer;
  const optOut = file.optOuts.find((one) => one.channel === channel);
  if (!optOut) return null;
  return (
    <span class="warning">
      <WarningIcon /> {t.people.optedOut[channel](f.fullDay(optOut.since), t.people.optedOutBy[optOut.said] ?? '')}
    </span>
  );
}

function Appointments({ viewer, file }: { viewer: Viewer; file: PatientFile }) {
  const { t, f } = viewer;
  return (
    <section class="card" aria-labelledby="appointments">
      <h2 id="appointments">{t.people.appointments}</h2>
      {file.appointments.length === 0 ? (
        <p class="empty">{t.people.noAppointments}</p>
      ) : (
        <ul class="rows">
          {file.appointments.map(({ id, startsAt, endsAt, status, madeBy, description, provider, location }) => (
            <li class="row">
              <a href={entryAddress(id)}>
                <time dateTime={startsAt.toISOString()}>
                  {f.fullDay(startsAt)}, {f.time(startsAt)}–{f.time(endsAt)}
                </time>
              </a>
              <span>
                {madeBy === 'online' ? <OnlineIcon /> : null}{' '}
                {[description, provider, location].filter(Boolean).join(' · ')}
              </span>
              <span class="badge">{t.book.statuses[status]}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
