import type { OnlineAppointment } from '../../domain/book/online.ts';
import { entryAddress } from '../book/address.ts';
import { WorkflowLink } from '../followUp/WorkflowLink.tsx';
import { FilterSelect } from '../forms/FilterSelect.tsx';
import { OnlineIcon } from '../icons.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import type { Viewer } from '../reader.ts';

export interface OnlineAppointmentsProps {
  viewer: Viewer;
  /** Local days on which they were booked, both included. */
  from: string;
  until: string;
  providerId: string | null;
  providers: { id: string; name: string }[];
  rows: OnlineAppointment[];
  /** Whether there are others. */
  more: boolean;
}

/** The tab of bookings made online. */
export function OnlineAppointmentsPage(props: OnlineAppointmentsProps) {
  const { viewer, from, until, providerId, providers } = props;
  const { t } = viewer;
  return (
    <StaffPage viewer={viewer} title={t.followUp.onlineTitle} tab="online">
      <h1>{t.followUp.onlineTitle}</h1>
      <form class="filter" method="get">
        <label>
          {t.followUp.kind}
          <select name="kind">
            <option value="planned_treatment_booking">{t.followUp.plannedTreatmentBookings}</option>
          </select>
        </label>
        <label>
          {t.common.from}
          <input type="date" name="from" value={from} />
        </label>
        <label>
          {t.common.until}
          <input type="date" name="until" value={until} />
        </label>
        <FilterSelect reader={viewer} name="provider" label={t.book.provider} choices={providers} chosen={providerId} />
        <button type="submit">{t.common.show}</button>
      </form>
      <OnlineAppointmentsList {...props} />
    </StaffPage>
  );
}

export function OnlineAppointmentsList({ viewer, from, until, providerId, rows, more }: OnlineAppointmentsProps) {
  const { t, f } = viewer;
  const url = `/online-appointments?from=${from}&until=${until}&provider=${providerId ?? ''}`;
  return (
    <div
      id="online-appointments"
      hx-get={url}
      hx-trigger="online from:#live, htmx:sse:after:connection from:#live"
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
    >
      {rows.length === 0 ? (
        <p class="empty">{t.followUp.noneOnline}</p>
      ) : (
        <table class="table stacks">
          <thead>
            <tr>
              <th scope="col">{t.people.name}</th>
              <th scope="col">{t.followUp.appointment}</th>
              <th scope="col">{t.book.provider}</th>
              <th scope="col">{t.book.description}</th>
              <th scope="col">{t.followUp.bookedOn}</th>
              <th scope="col">
                <span class="visually-hidden">{t.followUp.toBook}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                <td class="leading">
                  <span class="online">
                    <OnlineIcon />
                  </span>{' '}
                  <a href={`/patients/${row.patientId}`}>{row.patientName}</a>
                </td>
                <td data-label={t.followUp.appointment}>
                  {f.shortDay(row.startsAt)}, {f.time(row.startsAt)}
                  {row.status === 'booked' ? null : (
                    <span class="badge plain">{t.book.statuses[row.status as keyof typeof t.book.statuses]}</span>
                  )}
                </td>
                <td data-label={t.book.provider}>{t.book.with(row.providerName, row.chairName)}</td>
                <td data-label={t.book.description}>{row.description}</td>
                <td data-label={t.followUp.bookedOn}>{f.dateTime(row.bookedAt)}</td>
                <td>
                  <div class="actions">
                    <a class="button" href={entryAddress(row.id)}>
                      {t.followUp.toBook}
                    </a>
                    <WorkflowLink viewer={viewer} bookingId={row.bookingId} />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more ? <p class="hint">{t.followUp.moreOnline(rows.length)}</p> : null}
    </div>
  );
}
