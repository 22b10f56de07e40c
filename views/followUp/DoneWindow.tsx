import type { FollowUpRow } from '../../domain/followUp/list.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { TextArea } from '../forms/Field.tsx';
import { inWindow, Window, WindowActions } from '../layout/Window.tsx';
import type { FormState, Viewer } from '../reader.ts';

export interface DoneProps {
  viewer: Viewer;
  /** Where the form goes. */
  url: string;
  back: string;
  row: FollowUpRow;
  form: FormState;
}

/** Takes somebody off Follow Up, with the reason. */
export function DoneWindow({ viewer, url, back, row, form }: DoneProps) {
  const { t } = viewer;
  return (
    <Window reader={viewer} title={`${row.patientName}: ${t.followUp.done.replace('…', '')}`} back={back}>
      <form {...inWindow(url)}>
        <Csrf reader={viewer} />
        <LinkGoesOn viewer={viewer} row={row} />
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

/** What the patient may still do, and still receives, though nobody looks after it any more. */
function LinkGoesOn({ viewer: { t, f }, row }: { viewer: Viewer; row: FollowUpRow }) {
  const { bookingState, linkExpiresAt, reminderTimes, answer } = row;
  const now = Date.now();
  const isOut = bookingState === 'link_sent' && answer !== 'not_for_me' && linkExpiresAt!.getTime() > now;
  if (!isOut) return null;
  const isReminded = reminderTimes.some((time) => time.getTime() > now);
  return (
    <p class="hint">
      {t.followUp.linkStaysGood(f.lastDay(linkExpiresAt!))} {isReminded ? t.followUp.remindersGoOn : null}
    </p>
  );
}
