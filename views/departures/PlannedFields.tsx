import { expectedMinutes, formatLength } from '../../domain/book/rules/expectedTime.ts';
import { bookingIntervals } from '../../domain/book/rules/interval.ts';
import type { PlannedNow } from '../../domain/departures/plannedNow.ts';
import { choicesWithOwn } from '../forms/choices.ts';
import { Field, Select, TextArea } from '../forms/Field.tsx';
import { WarningIcon } from '../icons.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface PlannedFieldsProps {
  viewer: Viewer;
  planned: PlannedNow;
  providers: { id: string; name: string }[];
  /** The practice's interval, in days. */
  defaultIntervalDays: number;
  form: FormState;
}

/** One planned appointment of the checkout: its tick, what is known of it, and the fields to complete it. */
export function PlannedFields(props: PlannedFieldsProps) {
  const { viewer, planned, form } = props;
  const { t } = viewer;
  const minutes = expectedMinutes([planned.sumMinutes], planned.overrideMinutes);
  const incomplete = minutes === 0 || planned.providerId === null;
  const wrong = Object.keys(form.errors).some((name) => name.endsWith(planned.id));
  return (
    <fieldset class="planned">
      <legend class="visually-hidden">{planned.description || t.chart.plannedAppointment}</legend>
      <label class="head-of-planned">
        <input
          type="checkbox"
          name={`book.${planned.id}`}
          checked={form.submitted ? form.values[`book.${planned.id}`] !== undefined : planned.toBeBooked}
        />
        <span>
          <strong>{planned.description || t.chart.plannedAppointment}</strong>
          <span class="hint">{t.departures.bookThis}</span>
        </span>
        <span class={minutes === 0 ? 'length warning' : 'length'}>{formatLength(minutes)}</span>
      </label>
      <p class="known">
        {incomplete ? <WarningIcon size={16} /> : null}
        {[
          planned.providerName || t.chart.noProvider,
          t.departures.after(t.common.days(planned.intervalDays ?? props.defaultIntervalDays)),
          planned.note,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <details open={incomplete || wrong}>
        <summary>{t.departures.complete}</summary>
        <Details {...props} />
      </details>
    </fieldset>
  );
}

function Details({ viewer, planned, providers, defaultIntervalDays, form }: PlannedFieldsProps) {
  const { t } = viewer;
  const field = (name: string) => ({ reader: viewer, form, name: `${name}.${planned.id}` });
  return (
    <>
      <div class="fields">
        <Field
          {...field('length')}
          label={t.departures.expectedTime}
          initial={planned.overrideMinutes === null ? '' : formatLength(planned.overrideMinutes)}
          placeholder={formatLength(planned.sumMinutes)}
          hint={t.departures.sumOf(formatLength(planned.sumMinutes))}
          inputMode="numeric"
        />
        <Field {...field('description')} label={t.chart.description} initial={planned.description} maxLength={200} />
        <Select
          {...field('provider')}
          label={t.chart.provider}
          initial={planned.providerId ?? ''}
          choices={[
            { value: '', label: t.chart.noProvider },
            ...choicesWithOwn(viewer, providers, { id: planned.providerId, name: planned.providerName }),
          ]}
        />
        <Select
          {...field('interval')}
          label={t.departures.interval}
          initial={String(planned.intervalDays ?? '')}
          choices={[
            { value: '', label: t.departures.practiceInterval(t.common.days(defaultIntervalDays)) },
            ...bookingIntervals.map((days) => ({ value: String(days), label: t.common.days(days) })),
          ]}
        />
      </div>
      <TextArea {...field('note')} label={t.chart.note} initial={planned.note} rows={2} />
    </>
  );
}
