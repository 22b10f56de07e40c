import type { PlannedNow } from '../../domain/departures/plannedNow.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { FieldError } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { PlannedFields } from './PlannedFields.tsx';

export interface DepartureWindowProps {
  viewer: Viewer;
  /** Where the form goes. */
  url: string;
  back: string;
  appointment: { patientName: string };
  planned: PlannedNow[];
  providers: { id: string; name: string }[];
  /** The practice's interval, in days. */
  defaultIntervalDays: number;
  form: FormState;
}

/** The checkout: every unbooked planned appointment, to be ticked and completed. */
export function DepartureWindow(props: DepartureWindowProps) {
  const { viewer, url, back, appointment, planned, form } = props;
  const { t } = viewer;
  const asked = form.errors.form === 'none_ticked';
  return (
    <Window reader={viewer} title={t.departures.departureOf(appointment.patientName)} back={back}>
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        {viewer.practice.appointmentWorkflow ? null : <p class="notice">{t.departures.noWorkflow}</p>}
        {planned.length === 0 ? (
          <p class="empty">{t.departures.noPlanned}</p>
        ) : (
          <p class="hint">{t.departures.plannedHint}</p>
        )}
        {planned.map((one) =>
          one.openState ? (
            <p class="planned open">
              <strong>{one.description || t.chart.plannedAppointment}</strong>{' '}
              <span class="badge">{t.chart.bookingStates[one.openState]}</span>
            </p>
          ) : (
            <PlannedFields {...props} planned={one} />
          ),
        )}
        {asked ? (
          <p class="notice" role="alert">
            {t.problems.fields.none_ticked}
            <input type="hidden" name="nothing" value="on" />
          </p>
        ) : (
          <FieldError reader={viewer} code={form.errors.form} />
        )}
        <WindowActions reader={viewer} back={back}>
          <button type="submit" class="primary" autofocus>
            {t.common.ok}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}
