import type { PlannedAppointment } from '../../domain/chart/read.ts';
import { OnlineIcon, WarningIcon } from '../icons.tsx';
import type { Viewer } from '../reader.ts';

/** How far a planned appointment is: ticked, on its way to the patient, or in the book. */
export function PlannedState({ viewer, planned }: { viewer: Viewer; planned: PlannedAppointment }) {
  const { t, f } = viewer;
  const { appointment, booking, toBeBooked, minutes } = planned;
  if (appointment) {
    const when = `${f.fullDay(appointment.startsAt)}, ${f.time(appointment.startsAt)}`;
    const text =
      appointment.status === 'departed'
        ? t.chart.treatedOn
        : appointment.madeBy === 'online'
          ? t.chart.bookedOnline
          : t.chart.bookedOn;
    return (
      <p class={`state ${appointment.madeBy}`}>
        {appointment.madeBy === 'online' ? <OnlineIcon /> : null} {text(when)}
      </p>
    );
  }
  return (
    <>
      {toBeBooked ? (
        <span class="badge to-be-booked">{t.chart.toBeBooked}</span>
      ) : (
        <span class="hint">{t.chart.notToBeBooked}</span>
      )}
      {booking ? (
        <p class="state">
          {t.chart.bookingStates[booking.state]}
          {booking.linkSentAt ? (
            <small class="hint">
              {t.chart.linkSentOn(f.dateTime(booking.linkSentAt))}
              {booking.linkExpiresAt ? `, ${t.chart.linkGoodUntil(f.lastDay(booking.linkExpiresAt))}` : ''}
            </small>
          ) : null}
        </p>
      ) : null}
      {toBeBooked && minutes === 0 ? (
        <p class="warning">
          <WarningIcon /> {t.chart.withoutTime}
        </p>
      ) : null}
    </>
  );
}
