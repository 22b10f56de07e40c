import type { PlannedAppointment } from '../../domain/chart/read.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { inWindow, Window } from '../layout/Window.tsx';
import type { Viewer } from '../reader.ts';

export interface DeleteProps {
  viewer: Viewer;
  patient: { id: string; name: string };
  planned: PlannedAppointment;
}

/** Asks before a planned appointment is taken out of its plan, and says what goes with it. */
export function DeleteWindow({ viewer, patient, planned }: DeleteProps) {
  const { t, f } = viewer;
  const back = `/patients/${patient.id}/chart`;
  const { appointment, booking } = planned;
  const obstacle = appointment
    ? t.chart.removeStanding(`${f.fullDay(appointment.startsAt)}, ${f.time(appointment.startsAt)}`)
    : booking?.state === 'confirmed'
      ? t.chart.removeConfirmed
      : null;
  return (
    <Window reader={viewer} title={t.chart.removeTitle} back={back}>
      <p class="hint">{patient.name}</p>
      {obstacle ? (
        <p class="warning">{obstacle}</p>
      ) : (
        <p>{t.chart.removeQuestion(planned.description || t.chart.plannedAppointment)}</p>
      )}
      {booking?.state === 'link_sent' ? <p class="warning">{t.chart.removeLinkOut}</p> : null}
      {booking?.state === 'departing' ? <p class="warning">{t.chart.removeTask}</p> : null}
      <form {...inWindow(`/planned-appointments/${planned.id}/deletion`)}>
        <Csrf reader={viewer} />
        <p class="actions">
          {obstacle ? null : (
            <button type="submit" class="danger">
              {t.chart.remove}
            </button>
          )}
          <a class="button quiet" href={back} data-close="window">
            {t.common.cancel}
          </a>
        </p>
      </form>
    </Window>
  );
}
