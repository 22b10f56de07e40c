import type { NextStep, OpenBooking } from '../../domain/openBookings/list.ts';
import { WorkflowLink } from '../followUp/WorkflowLink.tsx';
import { Csrf } from '../forms/Csrf.tsx';
import { WarningIcon } from '../icons.tsx';
import { opensWindow } from '../layout/Window.tsx';
import { Deliveries } from '../people/Deliveries.tsx';
import type { Viewer } from '../reader.ts';

export interface OpenBookingRowProps {
  viewer: Viewer;
  booking: OpenBooking;
  next: NextStep;
}

/** One booking: where it stands, what happens next, what is wrong, and what can be done about it. */
export function OpenBookingRow({ viewer, booking, next }: OpenBookingRowProps) {
  const { t, f } = viewer;
  const words = t.openBookings;
  const { attention, failing, messages } = booking;
  const openMinutes = Math.floor((Date.now() - booking.createdAt.getTime()) / 60_000);
  return (
    <li class={`row booking-row ${attention.length > 0 ? 'needs-attention' : ''}`} id={`booking-${booking.id}`}>
      <div class="who">
        <a href={`/patients/${booking.patientId}`}>
          <strong>{booking.patientName}</strong>
        </a>
        <span class="hint">{booking.description}</span>
        {booking.providerName ? <span class="hint">{booking.providerName}</span> : null}
      </div>
      <div class="what">
        <p>
          <span class="badge plain">{t.stages[booking.state].name}</span> {t.stages[booking.state].words}{' '}
          <span class="hint">
            {words.since(f.dateTime(booking.stageSince))} · {words.openFor(words.age(openMinutes))}
            {booking.number > 1 ? ` · ${words.effort(booking.number)}` : ''}
          </span>
        </p>
        <p class="hint">{words.next[next.kind](next.at ? f.dateTime(next.at) : '')}</p>
        {attention.length > 0 ? (
          <ul class="attention">
            {attention.map((reason) => (
              <li>
                <WarningIcon size={16} /> {words.reasons[reason]}
              </li>
            ))}
          </ul>
        ) : null}
        {failing ? (
          <p>
            {words.lastError(words.steps[failing.step] ?? failing.step, failureIn(viewer, failing))}{' '}
            <span class="hint">{words.attempts(failing.attempts, f.dateTime(failing.since))}</span>
          </p>
        ) : null}
        {messages.length > 0 ? <Deliveries viewer={viewer} messages={messages} /> : null}
        {booking.relayError ? (
          <details>
            <summary>{words.engineSaid}</summary>
            <code lang="en">{booking.relayError}</code>
          </details>
        ) : null}
      </div>
      <Actions viewer={viewer} booking={booking} />
    </li>
  );
}

function Actions({ viewer, booking }: { viewer: Viewer; booking: OpenBooking }) {
  const words = viewer.t.openBookings;
  const { id, state, settledAt, messages } = booking;
  const url = `/bookings/${id}`;
  const isOpen = state === 'departing' || state === 'link_sent' || state === 'confirmed';
  const confirmationWentWrong = messages.some(
    (message) => message.kind === 'confirmation' && (message.state === 'failed' || message.state === 'uncertain'),
  );
  return (
    <div class="actions">
      {settledAt ? null : (
        <form action={`${url}/attempt`} method="post">
          <Csrf reader={viewer} />
          <button type="submit">{words.tryAgain}</button>
        </form>
      )}
      {state === 'link_sent' ? (
        <a class="button" {...opensWindow(`${url}/link`)}>
          {words.resendLink}
        </a>
      ) : null}
      {state === 'booked_online' && confirmationWentWrong ? (
        <form action={`${url}/confirmation`} method="post">
          <Csrf reader={viewer} />
          <button type="submit">{words.resendConfirmation}</button>
        </form>
      ) : null}
      {isOpen ? (
        <a class="button quiet" {...opensWindow(`${url}/desk`)}>
          {words.giveToDesk}
        </a>
      ) : null}
      <a class="button quiet" {...opensWindow(`${url}/closing`)}>
        {words.close}
      </a>
      <WorkflowLink viewer={viewer} bookingId={id} />
    </div>
  );
}

/** A failure's word, in the reader's; the code beside it is for whoever helps. */
function failureIn({ t }: Viewer, { reason, code }: NonNullable<OpenBooking['failing']>): string {
  const words =
    t.openBookings.failures[reason] ??
    t.people.messageReasons[reason] ??
    (t.problems.pages as Record<string, string>)[reason] ??
    reason;
  return code ? `${words} (${code})` : words;
}
