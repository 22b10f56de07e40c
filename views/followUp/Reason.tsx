import type { FollowUpRow } from '../../domain/followUp/list.ts';
import type { Viewer } from '../reader.ts';

/** Why somebody stands on Follow Up, where the category alone does not say it, and what to do about it. */
export function Reason({ viewer, row }: { viewer: Viewer; row: FollowUpRow }) {
  const { t, f } = viewer;
  const nothingCame = row.appointment && t.followUp.cameToNothing[row.appointment.status];
  if (nothingCame) return <p class="reason">{nothingCame(f.dateTime(new Date(row.appointment!.startsAt)))}</p>;
  const { answer, answeredAt } = row;
  if (!answer || !stillOut.includes(row.bookingState)) return null;
  return (
    <p class="reason">
      {t.followUp.answered(t.bookings.answers[answer], f.dateTime(answeredAt!))} {t.followUp.afterAnswer[answer]}
    </p>
  );
}

/** An answer counts until a time was chosen after all. */
const stillOut = ['link_sent', 'expired'];
