import { Csrf } from '../forms/Csrf.tsx';
import { Checkbox, Field, FieldError, Select } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { inBook } from './address.ts';

export interface BlockWindowProps {
  viewer: Viewer;
  /** The day that the book shows. */
  day: string;
  providers: { id: string; name: string }[];
  chairs: { id: string; name: string }[];
  form: FormState;
  /** How many appointments and held times stand there; 0 before it was tried. */
  standing: number;
}

const reasons = ['absence', 'closure', 'emergency', 'other'] as const;

/** Blocks time: a closure, an absence, a chair out of use, or time kept for emergencies. */
export function BlockWindow({ viewer, day, providers, chairs, form, standing }: BlockWindowProps) {
  const { t } = viewer;
  const field = (name: string, initial = '') => ({ reader: viewer, form, name, initial });
  const named = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });
  return (
    <Window reader={viewer} title={t.book.blockTitle} back={inBook(viewer, '/book', { day })}>
      <form {...inWindow(inBook(viewer, '/book/blocks', {}))}>
        <Csrf reader={viewer} />
        <FieldError reader={viewer} code={form.errors.form} />
        {standing > 0 ? (
          <p class="notice" role="alert">
            {t.book.standing(standing)}
          </p>
        ) : null}
        <Select
          {...field('reason', 'absence')}
          label={t.book.reason}
          choices={reasons.map((value) => ({ value, label: t.book.blockReasons[value] }))}
        />
        <div class="fields">
          <Select
            {...field('provider')}
            label={t.book.provider}
            choices={[{ value: '', label: t.book.everyone }, ...providers.map(named)]}
          />
          <Select
            {...field('chair')}
            label={t.book.chair}
            choices={[{ value: '', label: t.book.noChair }, ...chairs.map(named)]}
            hint={t.book.wholeLocationHint}
          />
        </div>
        <div class="fields">
          <Field {...field('day', day)} label={t.book.fromDay} type="date" required />
          <Field
            {...field('from', '08:00')}
            label={t.book.fromTime}
            inputMode="numeric"
            placeholder="08:00"
            autocomplete="off"
            required
          />
          <Field {...field('untilDay', day)} label={t.book.untilDay} type="date" required />
          <Field
            {...field('until', '17:00')}
            label={t.book.untilTime}
            inputMode="numeric"
            placeholder="17:00"
            autocomplete="off"
            required
          />
        </div>
        <Checkbox reader={viewer} form={form} name="allDay" label={t.book.allDay} />
        <Field {...field('note')} label={t.book.note} maxLength={500} autocomplete="off" />
        {standing > 0 || form.values.overlap ? (
          <Checkbox
            reader={viewer}
            form={form}
            name="overlap"
            label={t.book.blockAnyway}
            hint={t.book.blockAnywayHint}
          />
        ) : null}
        <WindowActions reader={viewer} back={inBook(viewer, '/book', { day })}>
          <button type="submit" class="primary">
            {t.book.block}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}
