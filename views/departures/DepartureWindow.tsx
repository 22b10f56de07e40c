import type { PlannedNow } from '../../domain/departures/plannedNow.ts';
import { bookingIntervals } from '../../domain/book/rules/interval.ts';
import { expectedMinutes, formatLength } from '../../domain/book/rules/expectedTime.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { Checkbox, Field, FieldError, Select, TextArea } from '../forms/Field.tsx';
import { inWindow, Window } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface DepartureWindowProps {
  viewer: Viewer;
  appointment: { id: string; patientName: string };
  planned: PlannedNow[];
  providers: { id: string; name: string }[];
  /** The practice's interval, in days. */
  defaultIntervalDays: number;
  form: FormState;
}

/** The checkout: every unbooked planned appointment, to be ticked and completed. */
export function DepartureWindow({ viewer, appointment, planned, providers, defaultIntervalDays, form }: DepartureWindowProps) {
  const { t } = viewer;
  return (
    <Window reader={viewer} title={t.departures.departureOf(appointment.patientName)} back="/book">
      <form {...inWindow(`/book/appointments/${appointment.id}/departure`)}>
        <Csrf reader={viewer} />
        {viewer.practice.appointmentWorkflow ? null : <p class="notice">{t.departures.noWorkflow}</p>}
        {planned.length === 0 ? <p class="empty">{t.departures.noPlanned}</p> : <p class="hint">{t.departures.plannedHint}</p>}
        <FieldError reader={viewer} code={form.errors.form} />
        {form.errors.form === 'none_ticked' ? <input type="hidden" name="nothing" value="on" /> : null}
        {planned.map((one) => (
          <PlannedFields viewer={viewer} planned={one} providers={providers} defaultIntervalDays={defaultIntervalDays} form={form} />
        ))}
        <button class="primary" autofocus>{t.common.ok}</button>
      </form>
    </Window>
  );
}

function PlannedFields({ viewer, planned, providers, defaultIntervalDays, form }: Omit<DepartureWindowProps, 'appointment' | 'planned'> & { planned: PlannedNow }) {
  const { t } = viewer;
  const field = (name: string) => ({ reader: viewer, form, name: `${name}.${planned.id}` });
  const length = expectedMinutes([planned.sumMinutes], planned.overrideMinutes);
  if (planned.openState) {
    return <p class="planned open"><strong>{planned.description}</strong> <span class="badge">{t.departures.linkIsOut}</span></p>;
  }
  return (
    <fieldset class="planned">
      <legend>{planned.description || t.chart.plannedAppointment} <span class="hint">{formatLength(length)}</span></legend>
      <Checkbox {...field('book')} label={t.departures.bookThis} initial={planned.toBeBooked} />
      <details open={Boolean(Object.keys(form.errors).some((name) => name.endsWith(planned.id)))}>
        <summary>{t.people.edit}</summary>
        <div class="fields">
          <Field {...field('length')} label={t.departures.expectedTime} initial={planned.overrideMinutes === null ? '' : formatLength(planned.overrideMinutes)} placeholder={formatLength(planned.sumMinutes)} hint={t.departures.sumOf(formatLength(planned.sumMinutes))} inputMode="numeric" />
          <Field {...field('description')} label={t.chart.description} initial={planned.description} maxLength={200} />
          <Select {...field('provider')} label={t.chart.provider} initial={planned.providerId ?? ''} choices={[{ value: '', label: t.chart.noProvider }, ...providers.map(({ id, name }) => ({ value: id, label: name }))]} />
          <Select {...field('interval')} label={t.departures.interval} initial={String(planned.intervalDays ?? '')} choices={[{ value: '', label: t.departures.practiceInterval(t.common.days(defaultIntervalDays)) }, ...bookingIntervals.map((days) => ({ value: String(days), label: t.common.days(days) }))]} />
          <TextArea {...field('note')} label={t.chart.note} initial={planned.note} rows={2} />
        </div>
      </details>
    </fieldset>
  );
}
