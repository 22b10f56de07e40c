import { Csrf } from '../forms/Csrf.tsx';
import { TextArea } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface DoneProps {
  viewer: Viewer;
  /** Where the form goes. */
  url: string;
  back: string;
  patientName: string;
  form: FormState;
}

/** Takes somebody off Follow Up, with the reason. */
export function DoneWindow({ viewer, url, back, patientName, form }: DoneProps) {
  const { t } = viewer;
  return (
    <Window reader={viewer} title={`${patientName}: ${t.followUp.done.replace('…', '')}`} back={back}>
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        <TextArea reader={viewer} form={form} name="reason" label={t.followUp.doneReason} autofocus />
        <WindowActions reader={viewer} back={back}>
          <button type="submit" class="primary">
            {t.common.ok}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}
