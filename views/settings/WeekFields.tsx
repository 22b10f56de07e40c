import { Field } from '../forms/Field.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface WeekFieldsProps {
  viewer: Viewer;
  form: FormState;
  /** The hours of seven days as they are typed, Monday first. */
  week: string[];
}

/** A field for each weekday: `day1`, Monday, to `day7`. */
export function WeekFields({ viewer, form, week }: WeekFieldsProps) {
  return (
    <div class="week-fields">
      {viewer.t.settings.weekdays.map((weekday, index) => (
        <Field
          reader={viewer}
          form={form}
          name={`day${index + 1}`}
          label={weekday}
          initial={week[index]}
          maxLength={100}
          autocomplete="off"
        />
      ))}
    </div>
  );
}

/** Working hours to read, day by day. */
export function WeekList({ viewer, week }: { viewer: Viewer; week: string[] }) {
  const { weekdays, notWorking } = viewer.t.settings;
  return (
    <dl class="week-list">
      {weekdays.map((weekday, index) => (
        <div>
          <dt>{weekday}</dt>
          <dd class={week[index] ? undefined : 'hint'}>{week[index] || notWorking}</dd>
        </div>
      ))}
    </dl>
  );
}
