import type { FollowUpCategory } from '../../domain/followUp/followUp.ts';
import type { FollowUpRow } from '../../domain/followUp/list.ts';
import { entryAddress } from '../book/address.ts';
import { WarningIcon } from '../icons.tsx';
import { Flash } from '../layout/Flash.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import { opensWindow } from '../layout/Window.tsx';
import { Deliveries } from '../people/Deliveries.tsx';
import type { Channel, Viewer } from '../reader.ts';
import { Reason } from './Reason.tsx';
import { WorkflowLink } from './WorkflowLink.tsx';

export interface FollowUpProps {
  viewer: Viewer;
  category: FollowUpCategory | null;
  /** Open rows by category. */
  counts: Record<string, number>;
  rows: FollowUpRow[];
  /** Whether there are others. */
  more: boolean;
}

/** Who must not be forgotten. The list is drawn again, by itself, when something changes. */
export function FollowUpPage({ notice, ...props }: FollowUpProps & { notice: string | null }) {
  const { viewer } = props;
  return (
    <StaffPage viewer={viewer} title={viewer.t.followUp.title} tab="followUp">
      <Flash viewer={viewer} notice={notice} />
      <h1>{viewer.t.followUp.title}</h1>
      <FollowUpList {...props} />
    </StaffPage>
  );
}

export function FollowUpList({ viewer, category, counts, rows, more }: FollowUpProps) {
  const { t } = viewer;
  const url = category ? `/follow-up?category=${category}` : '/follow-up';
  const shown = (Object.keys(t.followUp.categories) as FollowUpCategory[]).filter(
    (one) => counts[one] || one === category || one === 'olb_link_sent',
  );
  return (
    <div
      id="follow-up"
      hx-get={url}
      hx-trigger="followUp from:#live, messages from:#live, htmx:sse:after:connection from:#live"
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
    >
      <nav aria-label={t.followUp.title}>
        <ul class="filters">
          <li>
            <a href="/follow-up" aria-current={category ? undefined : 'page'} data-counted="followUp">
              {t.common.all} <span class="count">{Object.values(counts).reduce((sum, count) => sum + count, 0)}</span>
            </a>
          </li>
          {shown.map((one) => (
            <li>
              <a href={`/follow-up?category=${one}`} aria-current={one === category ? 'page' : undefined}>
                {t.followUp.categories[one]} <span class="count">{counts[one] ?? 0}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {rows.length === 0 ? (
        <p class="empty">{t.followUp.nobody}</p>
      ) : (
        <ul class="rows">
          {rows.map((row) => (
            <Row viewer={viewer} row={row} />
          ))}
        </ul>
      )}
      {more ? <p class="hint">{t.followUp.moreThanShown(rows.length)}</p> : null}
    </div>
  );
}

function Row({ viewer, row }: { viewer: Viewer; row: FollowUpRow }) {
  const { t, f } = viewer;
  const beingBooked = isBeingBooked(row);
  // The appointment stands, only its confirmation did not arrive: there is nothing to book or to send.
  const isBooked = row.category === 'not_delivered' && stands(row);
  return (
    <li class="row follow-up-row" id={`follow-up-${row.id}`}>
      <div class="who">
        <a href={`/patients/${row.patientId}`}>
          <strong>{row.patientName}</strong>
        </a>
        <span class="hint">{t.common.born(f.date(row.birthDate))}</span>
        {row.mobile ? <span>{row.mobile}</span> : null}
        <WantsNone viewer={viewer} row={row} channel="sms" />
        {row.email ? <span class="hint">{row.email}</span> : null}
        <WantsNone viewer={viewer} row={row} channel="email" />
      </div>
      <div class="what">
        <span class="badge">{t.followUp.categories[row.category]}</span> {row.description}{' '}
        {row.providerName ? <span class="hint">{row.providerName}</span> : null}
        <Reason viewer={viewer} row={row} />
        {row.isDue ? <p class="reason">{t.followUp.due(f.longDayOf(row.dueOn!))}</p> : null}
        {row.note ? <p class="note">{row.note}</p> : null}
        {row.replies.map((reply) => (
          <p class="reply">
            <span class="badge">{t.people.reply}</span> {reply}
          </p>
        ))}
        <p class="hint">
          {[
            row.category === 'olb_link_sent' && row.linkSentAt
              ? t.followUp.sentBy(f.dateTime(row.linkSentAt), row.openedBy ?? '')
              : row.openedBy
                ? t.followUp.sinceBy(f.dateTime(row.openedAt), row.openedBy)
                : t.followUp.since(f.dateTime(row.openedAt)),
            row.category === 'olb_link_sent' && row.linkExpiresAt
              ? t.followUp.goodUntil(f.lastDay(row.linkExpiresAt))
              : '',
            row.category === 'olb_link_sent' ? remindersToCome(viewer, row) : '',
            row.dueOn && !row.isDue ? t.followUp.dueOn(f.longDayOf(row.dueOn)) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <Deliveries viewer={viewer} messages={row.messages} />
      </div>
      <div class="actions">
        {beingBooked ? (
          <>
            <p class="hint">{t.followUp.beingBooked}</p>
            {row.appointment ? (
              <a class="button" href={entryAddress(row.appointment.id)}>
                {t.followUp.toBook}
              </a>
            ) : null}
          </>
        ) : (
          <>
            {isBooked ? null : (
              <>
                <a class="button" data-row-key="b" {...opensWindow(`/follow-up/${row.id}/gaps`)}>
                  {t.departures.bookAtDesk}
                </a>
                {row.linkWasSent ? (
                  <a class="button" data-row-key="o" {...opensWindow(`/follow-up/${row.id}/link`)}>
                    {t.followUp.resend}
                  </a>
                ) : null}
              </>
            )}
            <a class="button quiet" data-row-key="p" {...opensWindow(`/follow-up/${row.id}/postponement`)}>
              {t.departures.postpone}
            </a>
            <a class="button quiet" {...opensWindow(`/follow-up/${row.id}/done`)}>
              {t.followUp.done}
            </a>
          </>
        )}
        <WorkflowLink viewer={viewer} bookingId={row.bookingId} />
      </div>
    </li>
  );
}

/** Says beside a contact that nothing may be sent there. */
function WantsNone({ viewer, row, channel }: { viewer: Viewer; row: FollowUpRow; channel: Channel }) {
  if (!row.optedOut.includes(channel)) return null;
  return (
    <span class="warning">
      <WarningIcon size={16} /> {viewer.t.followUp.wantsNone[channel]}
    </span>
  );
}

/** From the patient's yes until the row goes away by itself; an appointment that came to nothing since is to be booked again. */
const isBeingBooked = (row: FollowUpRow) =>
  row.bookingState === 'confirmed' || (row.category !== 'not_delivered' && stands(row));

const stands = ({ bookingState, appointment }: FollowUpRow) =>
  bookingState === 'booked_online' && appointment !== null && !cameToNothing.includes(appointment.status);

const cameToNothing = ['cancelled', 'did_not_attend'];

/** Reminders leave by the channels that the link went out on, while the patient wants messages there. */
function remindersToCome({ t, f }: Viewer, row: FollowUpRow): string {
  const contacts = { sms: row.mobile, email: row.email };
  const reaches = row.messages.some(
    ({ kind, channel }) => kind === 'link' && contacts[channel] !== null && !row.optedOut.includes(channel),
  );
  const coming = reaches ? row.reminderTimes.filter((time) => time.getTime() > Date.now()) : [];
  return coming.length > 0
    ? t.followUp.reminders(coming.map((time) => f.dateTime(time)).join(', '))
    : t.followUp.noReminders;
}
