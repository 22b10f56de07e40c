import { Csrf } from '../forms/Csrf.tsx';
import { Field, TextArea } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface PostponeProps {
  viewer: Viewer;
  url: string;
  back: string;
  patientName: string;
  form: FormState;
}

/** Puts it off, with a reason and the day to look at it again. */
export function PostponeWindow({ viewer, url, back, patientName, form }: PostponeProps) {
  const { t } = viewer;
  return (
    <Window reader={viewer} title={t.departures.postponeTitle(patientName)} back={back}>
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        <TextArea reader={viewer} form={form} name="reason" label={t.departures.reason} autofocus />
        <Field
          reader={viewer}
          form={form}
          name="dueOn"
          label={t.departures.dueOn}
          type="date"
          hint={t.common.optional}
        />
        <WindowActions reader={viewer} back={back}>
          <button type="submit" class="primary">
            {t.common.ok}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}
