import type { FiledAuditEntry } from '../../domain/people/patientFile.ts';
import type { Viewer } from '../reader.ts';

/** Who did what, the newest first. */
export function AuditTrail({ viewer, entries }: { viewer: Viewer; entries: FiledAuditEntry[] }) {
  const { t, f } = viewer;
  return (
    <section class="card" aria-labelledby="audit-trail">
      <h2 id="audit-trail">{t.people.auditTrail}</h2>
      {entries.length === 0 ? <p class="empty">{t.people.noAuditEntries}</p> : null}
      <ol class="audit">
        {entries.map(({ at, actor, user, action, details }) => (
          <li>
            <time dateTime={at.toISOString()}>{f.dateTime(at)}</time> {user ?? t.people.auditActors[actor]}:{' '}
            {t.people.auditActions[action] ?? action}
            {typeof details.fields === 'string' ? (
              <span class="hint"> ({changedFields(viewer, details.fields)})</span>
            ) : null}
            {typeof details.reason === 'string' ? <span class="hint"> ({details.reason})</span> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

const changedFields = ({ t }: Viewer, fields: string): string =>
  fields
    .split(' ')
    .map((field) => t.people.fieldNames[field] ?? field)
    .join(', ');
