import type { PlannedAppointment } from '../../domain/chart/read.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { Viewer } from '../reader.ts';
import { obstacleTo } from './obstacleTo.ts';

export interface DeleteProps {
  viewer: Viewer;
  patient: { id: string; name: string };
  planned: PlannedAppointment;
}

/** Asks before a planned appointment is taken out of its plan, and says what goes with it. */
export function DeleteWindow({ viewer, patient, planned }: DeleteProps) {
  const { t } = viewer;
  const back = `/patients/${patient.id}/chart`;
  const { booking } = planned;
  const obstacle = obstacleTo(viewer, planned);
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
        <WindowActions reader={viewer} back={back}>
          {obstacle ? null : (
            <button type="submit" class="danger">
              {t.chart.remove}
            </button>
          )}
        </WindowActions>
      </form>
    </Window>
  );
}
