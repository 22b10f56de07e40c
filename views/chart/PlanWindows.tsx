import type { TreatmentPlan } from '../../domain/chart/read.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Field, FieldError } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { obstacleTo } from './obstacleTo.ts';

interface OfPatient {
  viewer: Viewer;
  patient: { id: string; name: string };
}

export function RenamePlanWindow({
  viewer,
  patient,
  plan,
  form,
}: OfPatient & { plan: { id: string; name: string }; form: FormState }) {
  const { t } = viewer;
  const back = `/patients/${patient.id}/chart`;
  return (
    <Window reader={viewer} title={t.chart.renameTitle} about={patient.name} back={back}>
      <form {...inWindow(`/treatment-plans/${plan.id}`)}>
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        <Field
          reader={viewer}
          form={form}
          name="name"
          label={t.chart.planName}
          initial={plan.name}
          required
          maxLength={80}
          autofocus
          autocomplete="off"
        />
        <WindowActions reader={viewer} back={back}>
          <button type="submit" class="primary">
            {t.common.save}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}

/** Asks before a whole plan is deleted, and says what goes with it, or what stands in the way. */
export function DeletePlanWindow({ viewer, patient, plan }: OfPatient & { plan: TreatmentPlan }) {
  const { t } = viewer;
  const back = `/patients/${patient.id}/chart`;
  const obstacles = plan.appointments.flatMap((planned) => {
    const why = obstacleTo(viewer, planned);
    return why ? [`${planned.description || t.chart.plannedAppointment}: ${why}`] : [];
  });
  const open = (state: string) => plan.appointments.filter(({ booking }) => booking?.state === state).length;
  return (
    <Window reader={viewer} title={t.chart.removePlanTitle} about={patient.name} back={back}>
      {obstacles.length === 0 ? (
        <p>{t.chart.removePlanQuestion(plan.name, plan.appointments.length)}</p>
      ) : (
        <>
          <p class="warning">{t.chart.removePlanObstacles(plan.name)}</p>
          <ul>
            {obstacles.map((obstacle) => (
              <li>{obstacle}</li>
            ))}
          </ul>
        </>
      )}
      {open('link_sent') > 0 ? <p class="warning">{t.chart.removePlanLinksOut(open('link_sent'))}</p> : null}
      {open('departing') > 0 ? <p class="warning">{t.chart.removePlanTasks(open('departing'))}</p> : null}
      <form {...inWindow(`/treatment-plans/${plan.id}/deletion`)}>
        <Csrf reader={viewer} />
        <WindowActions reader={viewer} back={back}>
          {obstacles.length > 0 ? null : (
            <button type="submit" class="danger">
              {t.chart.removePlan}
            </button>
          )}
        </WindowActions>
      </form>
    </Window>
  );
}
