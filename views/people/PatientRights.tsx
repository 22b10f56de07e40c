import type { PatientFile } from '../../domain/people/patientFile.ts';
import type { Viewer } from '../reader.ts';

/** For managers: who opened the file, all that is kept of the patient, and its erasure. */
export function PatientRights({ viewer, file }: { viewer: Viewer; file: PatientFile }) {
  const { t, f } = viewer;
  const { privacy } = t;
  return (
    <section class="card" aria-labelledby="privacy">
      <h2 id="privacy">{privacy.title}</h2>
      {file.erasedAt ? <p>{privacy.recordErasedOn(f.fullDay(file.erasedAt))}</p> : null}
      {file.erasureAskedAt && !file.erasedAt ? <p>{privacy.erasedOn(f.fullDay(file.erasureAskedAt))}</p> : null}
      {viewer.role === 'manager' ? (
        <p class="actions">
          <a class="button" href={`/reports/access?number=${file.number}`}>
            {t.access.ofPatient}
          </a>
          <a class="button" href={`/patients/${file.id}/export`} download>
            {privacy.export}
          </a>
          <a class="button" href={`/patients/${file.id}/erasure`}>
            {privacy.eraseAsk}
          </a>
        </p>
      ) : null}
    </section>
  );
}
