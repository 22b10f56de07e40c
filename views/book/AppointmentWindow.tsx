import type { Standing } from '../../domain/book/standing.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { choicesWithOwn, type Named } from '../forms/choices.ts';
import { Checkbox, Field, FieldError, Select, TextArea } from '../forms/Field.tsx';
import { inWindow, opensWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { inBook, newAppointment } from './address.ts';

export interface AppointmentWindowProps {
  viewer: Viewer;
  title: string;
  url: string;
  back: string;
  patient: { id: string; name: string; birthDate: string };
  providers: Named[];
  chairs: Named[];
  /** With whom and where the appointment stands, offered still or not; a new one stands nowhere. */
  own: { provider: Named; chair: Named } | null;
  initial: {
    day: string;
    start: string;
    length: string;
    provider: string;
    chair: string;
    description: string;
    note: string;
  };
  form: FormState;
  /** What stands in the time that was asked for: it may be booked over on purpose. */
  standing: Standing[];
  /** What the patient has in the book in that time: they may come twice on purpose. */
  elsewhere: { startsAt: Date; endsAt: Date; providerName: string }[];
  cancelUrl: string | null;
  isNew: boolean;
}

/** An ordinary appointment: whose it is, with whom, where, when and how long. */
export function AppointmentWindow(props: AppointmentWindowProps) {
  const { viewer, title, url, back, patient, providers, chairs, own, initial, form, standing, elsewhere } = props;
  const { cancelUrl, isNew } = props;
  const { t, f } = viewer;
  const field = (name: keyof typeof initial) => ({ reader: viewer, form, name, initial: initial[name] });
  const asked = Object.fromEntries(
    (['day', 'start', 'provider', 'chair'] as const).map((name) => [name, String(form.values[name] ?? initial[name])]),
  );
  return (
    <Window reader={viewer} title={title} back={back}>
      <form {...inWindow(url)} class="appointment-form">
        <Csrf reader={viewer} />
        <p class="whose">
          <strong>{patient.name}</strong> <span class="hint">{t.common.born(f.date(patient.birthDate))}</span>
          {isNew ? (
            <>
              <input type="hidden" name="patient" value={patient.id} />
              <a {...opensWindow(inBook(viewer, newAppointment, asked))}>{t.book.anotherPatient}</a>
            </>
          ) : null}
        </p>
        <FieldError reader={viewer} code={form.errors.form} />
        {standing.length > 0 ? <StandsThere viewer={viewer} standing={standing} /> : null}
        {elsewhere.length > 0 ? <HasAnother viewer={viewer} elsewhere={elsewhere} /> : null}
        <div class="fields">
          <Field {...field('day')} label={t.book.date} type="date" required />
          <Field
            {...field('start')}
            label={t.book.start}
            inputMode="numeric"
            placeholder="09:30"
            autocomplete="off"
            required
            autofocus={standing.length === 0 && elsewhere.length === 0}
          />
          <Field
            {...field('length')}
            label={t.book.length}
            inputMode="numeric"
            placeholder="0:30"
            autocomplete="off"
            hint={t.book.lengthHint}
            required
          />
        </div>
        <div class="fields">
          <Select
            {...field('provider')}
            label={t.book.provider}
            choices={choicesWithOwn(viewer, providers, own?.provider)}
          />
          <Select
            {...field('chair')}
            label={t.book.chair}
            choices={[{ value: '', label: t.book.anyChair }, ...choicesWithOwn(viewer, chairs, own?.chair)]}
          />
        </div>
        <Field {...field('description')} label={t.book.description} maxLength={200} autocomplete="off" />
        <TextArea {...field('note')} label={t.book.note} rows={2} />
        {standing.length > 0 || form.values.overlap ? (
          <Checkbox reader={viewer} form={form} name="overlap" label={t.book.allowOverlap} hint={t.book.overlapHint} />
        ) : null}
        {elsewhere.length > 0 || form.values.twice ? (
          <Checkbox reader={viewer} form={form} name="twice" label={t.book.allowTwice} hint={t.book.allowTwiceHint} />
        ) : null}
        <WindowActions reader={viewer} back={back}>
          <button type="submit" class="primary">
            {isNew ? t.book.make : t.common.save}
          </button>
        </WindowActions>
      </form>
      {cancelUrl ? (
        <details class="cancelling">
          <summary>{t.book.cancel}…</summary>
          <form action={cancelUrl} method="post">
            <Csrf reader={viewer} />
            <p>{t.book.cancelWarning}</p>
            <button type="submit" class="danger">
              {t.book.cancel}
            </button>
          </form>
        </details>
      ) : null}
    </Window>
  );
}

function StandsThere({ viewer, standing }: { viewer: Viewer; standing: Standing[] }) {
  const { t, f } = viewer;
  return (
    <div class="notice" role="alert">
      <p>{t.book.taken}</p>
      <ul>
        {standing.map(({ startsAt, endsAt, kind, patientName }) => (
          <li>
            {f.time(startsAt)}–{f.time(endsAt)} {kind === 'block' ? t.book.blocked : patientName}
            {kind === 'hold' ? ` (${t.book.statuses.held})` : ''}
          </li>
        ))}
      </ul>
    </div>
  );
}

function HasAnother({ viewer, elsewhere }: Pick<AppointmentWindowProps, 'viewer' | 'elsewhere'>) {
  const { t, f } = viewer;
  return (
    <div class="notice" role="alert">
      <p>{t.book.elsewhere}</p>
      <ul>
        {elsewhere.map(({ startsAt, endsAt, providerName }) => (
          <li>
            {f.time(startsAt)}–{f.time(endsAt)} {providerName}
          </li>
        ))}
      </ul>
    </div>
  );
}
