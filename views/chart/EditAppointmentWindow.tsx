import { formatLength } from '../../domain/book/rules/expectedTime.ts';
import { bookingIntervals } from '../../domain/book/rules/interval.ts';
import type { ChartChoices, PlannedAppointment } from '../../domain/chart/read.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { choicesWithOwn } from '../forms/choices.ts';
import { Checkbox, Field, FieldError, Select, TextArea } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { type ServiceRow, ServiceRows } from './ServiceRows.tsx';

export interface EditAppointmentProps {
  viewer: Viewer;
  patient: { id: string; name: string };
  plan: { id: string; name: string };
  /** None: a new one. */
  planned: PlannedAppointment | null;
  /** The provider that a new one begins with. */
  providerId: string | null;
  choices: ChartChoices;
  services: ServiceRow[];
  form: FormState;
}

/** Edit Appointment: what a planned appointment consists of, and whether to book it. */
export function EditAppointmentWindow({
  viewer,
  patient,
  plan,
  planned,
  providerId,
  choices,
  services,
  form,
}: EditAppointmentProps) {
  const { t } = viewer;
  const url = planned ? `/planned-appointments/${planned.id}` : `/treatment-plans/${plan.id}/planned-appointments`;
  const sum = services.reduce((minutes, { estimatedMinutes }) => minutes + (estimatedMinutes ?? 0), 0);
  const back = `/patients/${patient.id}/chart`;
  const field = { reader: viewer, form };
  return (
    <Window reader={viewer} title={planned ? t.chart.editTitle : t.chart.newTitle} back={back}>
      <p class="hint">
        {patient.name} · {plan.name}
      </p>
      <Standing viewer={viewer} planned={planned} />
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        {/* Enter in a field means OK, though buttons that change the services stand before it. */}
        <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true">
          {t.common.ok}
        </button>
        <FieldError reader={viewer} code={form.errors.form} />
        <Checkbox
          {...field}
          name="toBeBooked"
          label={t.chart.bookThis}
          initial={planned?.toBeBooked ?? false}
          hint={t.chart.bookThisHint}
          autofocus
        />
        <ServiceRows
          viewer={viewer}
          url={url}
          rows={services}
          offered={choices.services}
          planned={planned?.services ?? []}
          errors={form.errors}
        />
        <div class="fields">
          <Field
            {...field}
            name="expectedTime"
            label={t.chart.expectedTime}
            initial={planned?.overrideMinutes == null ? '' : formatLength(planned.overrideMinutes)}
            hint={t.chart.expectedHint(formatLength(sum))}
            placeholder={formatLength(sum)}
            maxLength={5}
            autocomplete="off"
          />
          <Field
            {...field}
            name="description"
            label={t.chart.description}
            initial={planned?.description}
            maxLength={200}
          />
          <Select
            {...field}
            name="providerId"
            label={t.chart.provider}
            initial={planned ? planned.providerId : providerId}
            choices={[
              { value: '', label: t.chart.noProvider },
              ...choicesWithOwn(
                viewer,
                choices.providers,
                planned && { id: planned.providerId, name: planned.providerName },
              ),
            ]}
          />
          <Select
            {...field}
            name="intervalDays"
            label={t.chart.interval}
            initial={String(planned?.intervalDays ?? '')}
            choices={[
              { value: '', label: t.chart.practiceInterval(t.common.days(choices.defaultIntervalDays)) },
              ...bookingIntervals.map((days) => ({ value: String(days), label: t.common.days(days) })),
            ]}
          />
        </div>
        <TextArea {...field} name="note" label={t.chart.note} initial={planned?.note} rows={2} />
        <WindowActions reader={viewer} back={back}>
          <button type="submit" class="primary">
            {t.common.ok}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}

/** What whoever changes the plan should know about its way into the book. */
function Standing({ viewer, planned }: { viewer: Viewer; planned: PlannedAppointment | null }) {
  const { t, f } = viewer;
  if (planned?.appointment) {
    const { startsAt } = planned.appointment;
    return <p class="notice">{t.chart.standsInBook(`${f.fullDay(startsAt)}, ${f.time(startsAt)}`)}</p>;
  }
  return planned?.booking?.state === 'link_sent' ? <p class="notice">{t.chart.linkIsOut}</p> : null;
}
