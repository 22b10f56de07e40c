import type { ErasureAhead } from '../../domain/people/erasure.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { Tick } from '../settings/Tick.tsx';

export interface ErasureProps {
  viewer: Viewer;
  erasure: ErasureAhead;
  form: FormState;
}

/** Asks before a patient's data is erased: what goes, what the law keeps and until when, and what stands in the way. */
export function ErasurePage({ viewer, erasure, form }: ErasureProps) {
  const { t, f } = viewer;
  const { privacy } = t;
  const back = `/patients/${erasure.id}`;
  const inTheWay = erasure.appointmentsAhead.length > 0;
  return (
    <StaffPage viewer={viewer} title={privacy.eraseTitle(erasure.name)} tab="patients">
      <p class="hint">{t.common.numbered(erasure.number)}</p>
      <h1>{privacy.eraseTitle(erasure.name)}</h1>
      {erasure.erasedAt ? <p class="notice">{privacy.recordErasedOn(f.fullDay(erasure.erasedAt))}</p> : null}
      {erasure.askedAt && !erasure.erasedAt ? (
        <p class="notice">{privacy.erasedOn(f.fullDay(erasure.askedAt))}</p>
      ) : null}
      <section class="card">
        <h2>{privacy.goes}</h2>
        <ul>
          {privacy.goesList.map((line) => (
            <li>{line}</li>
          ))}
        </ul>
        <h2>{privacy.stays}</h2>
        <p>{privacy.staysUntil(f.date(erasure.keptUntil))}</p>
        {erasure.openBookings > 0 ? <p class="warning">{privacy.openBookings(erasure.openBookings)}</p> : null}
        {inTheWay ? (
          <>
            <p class="warning">{t.problems.pages.appointments_ahead}</p>
            <ul>
              {erasure.appointmentsAhead.map((at) => (
                <li>
                  {f.fullDay(at)}, {f.time(at)}
                </li>
              ))}
            </ul>
          </>
        ) : null}
        <form action={`${back}/erasure`} method="post">
          <Csrf reader={viewer} />
          {inTheWay ? null : <Tick reader={viewer} form={form} name="sure" label={privacy.sure} initial={false} />}
          <p class="actions">
            {inTheWay ? null : (
              <button type="submit" class="danger">
                {privacy.erase}
              </button>
            )}
            <a class="button quiet" href={back}>
              {t.common.cancel}
            </a>
          </p>
        </form>
      </section>
    </StaffPage>
  );
}
