import { Csrf } from '../forms/Csrf.tsx';
import { TextArea } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface DoneProps {
  viewer: Viewer;
  row: { id: string; patientName: string };
  form: FormState;
}

/** Takes somebody off Follow Up, with the reason. */
export function DoneWindow({ viewer, row, form }: DoneProps) {
  const { t } = viewer;
  return (
    <Window reader={viewer} title={`${row.patientName}: ${t.followUp.done.replace('…', '')}`} back="/follow-up">
      <form {...inWindow(`/follow-up/${row.id}/done`)}>
        <Csrf reader={viewer} />
        <TextArea reader={viewer} form={form} name="reason" label={t.followUp.doneReason} autofocus />
        <WindowActions reader={viewer} back="/follow-up">
          <button type="submit" class="primary">
            {t.common.ok}
          </button>
        </WindowActions>
      </form>
    </Window>
  );
}
