import type { FollowUpRow } from '../../domain/followUp/list.ts';
import type { Viewer } from '../reader.ts';

/** Why somebody stands on Follow Up, where the category alone does not say it, and what to do about it. */
export function Reason({ viewer, row }: { viewer: Viewer; row: FollowUpRow }) {
  const { t, f } = viewer;
  const nothingCame = row.appointment && t.followUp.cameToNothing[row.appointment.status];
  if (nothingCame) return <p class="reason">{nothingCame(f.dateTime(new Date(row.appointment!.startsAt)))}</p>;
  if (row.category === 'not_delivered') return <p class="reason">{whatToDo(viewer, row)}</p>;
  const { answer, answeredAt } = row;
  if (!answer || !stillOut.includes(row.bookingState)) return null;
  return (
    <p class="reason">
      {t.followUp.answered(t.patientLinks.answers[answer], f.dateTime(answeredAt!))} {t.followUp.afterAnswer[answer]}
    </p>
  );
}

/** After the last message that did not arrive: its reason stands beside it, here is the way out. */
function whatToDo({ t }: Viewer, { messages, email, mobile }: FollowUpRow): string {
  const lost = messages.findLast(({ state }) => ['failed', 'uncertain', 'dropped'].includes(state));
  if (!lost) return t.followUp.notReached;
  const contact = lost.channel === 'sms' ? mobile : email;
  const corrected = lost.state !== 'uncertain' && contact !== null && contact !== lost.recipient;
  const way = corrected
    ? 'corrected'
    : (ways[lost.state === 'uncertain' ? 'uncertain' : (lost.reason ?? '')] ?? 'otherwise');
  if (lost.kind === 'confirmation') return t.followUp.notConfirmed[way === 'correct' ? 'correct' : 'call'];
  return `${t.followUp.notReached} ${t.followUp.wayOut[way]}`;
}

const ways: Record<string, 'correct' | 'later' | 'call' | 'ask'> = {
  invalid_recipient: 'correct',
  not_mobile: 'correct',
  unreachable: 'correct',
  contact_removed: 'correct',
  changed_meanwhile: 'correct',
  out_of_reach: 'later',
  rate_limited: 'later',
  quota_exceeded: 'later',
  carrier_fault: 'later',
  opted_out: 'call',
  uncertain: 'ask',
};

/** An answer counts until a time was chosen after all. */
const stillOut = ['link_sent', 'expired'];
