import { formatLength } from '../../domain/book/rules/expectedTime.ts';
import type { TaskRow } from '../../domain/departures/list.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { ClockIcon, MailIcon, OnlineIcon, PersonIcon, PhoneIcon, WarningIcon } from '../icons.tsx';
import { opensWindow } from '../layout/Window.tsx';
import type { Viewer } from '../reader.ts';

interface RowProps {
  viewer: Viewer;
  task: TaskRow;
}

/** From here on a patient has waited long. */
const longWaitMinutes = 10;

/** One planned appointment of somebody who is leaving: what it is, and every way to book it. */
export function DepartureTaskRow({ viewer, task }: RowProps) {
  const { t, f } = viewer;
  const bookable = task.minutes > 0;
  const waited = Math.floor((Date.now() - task.openedAt.getTime()) / 60_000);
  return (
    <li
      class="row task"
      id={`task-${task.id}`}
      {...(bookable ? { 'data-task': task.id, 'data-minutes': task.minutes } : {})}
    >
      <div class="who">
        {bookable ? <span class="grip" title={t.book.drag} aria-hidden="true" /> : null}
        <a href={`/patients/${task.patientId}`}>
          <strong>{task.patientName}</strong>
        </a>
        <span class="hint">{t.common.born(f.date(task.birthDate))}</span>
        <span class={waited < longWaitMinutes ? 'waiting' : 'waiting long'}>
          <ClockIcon size={14} /> {t.departures.waiting(waited)}
        </span>
      </div>
      <div class="what">
        <span class="treatment">
          {task.description || t.chart.plannedAppointment}
          {bookable ? <span class="length">{formatLength(task.minutes)}</span> : null}
        </span>
        <span class="hint">
          {[task.providerName, t.departures.from(f.longDayOf(task.earliestDay))].filter(Boolean).join(' · ')}
        </span>
        <Contacts viewer={viewer} task={task} />
        {task.takenBy && task.takenById !== viewer.userId ? (
          <span class="badge taken">
            <PersonIcon size={14} /> {t.departures.takenBy(task.takenBy)}
          </span>
        ) : null}
      </div>
      <Actions viewer={viewer} task={task} />
    </li>
  );
}

function Contacts({ viewer, task: { mobile, email } }: RowProps) {
  if (!mobile && !email) {
    return (
      <span class="contacts missing">
        <WarningIcon size={14} /> {viewer.t.departures.noContactsShort}
      </span>
    );
  }
  return (
    <span class="contacts">
      {mobile ? (
        <span>
          <PhoneIcon size={14} /> {mobile}
        </span>
      ) : null}
      {email ? (
        <span>
          <MailIcon size={14} /> {email}
        </span>
      ) : null}
    </span>
  );
}

/** First the desk; then what stands before the online button, and the button; then what ends or undoes it. */
function Actions({ viewer, task }: RowProps) {
  const { t } = viewer;
  const url = `/departure-tasks/${task.id}`;
  return (
    <div class="actions">
      {task.minutes > 0 ? (
        <>
          <a class="button primary" data-row-key="b" {...opensWindow(`${url}/gaps`)}>
            {t.departures.bookAtDesk}
          </a>
          <form action={`${url}/first-free`} method="post">
            <Csrf reader={viewer} />
            <button type="submit" data-row-key="f">
              {t.departures.firstFree}
            </button>
          </form>
        </>
      ) : null}
      {task.email && task.mobile ? null : (
        <a class="button" data-row-key="c" {...opensWindow(`${url}/contacts`)}>
          {t.departures.collect}
        </a>
      )}
      <OnlineBooking viewer={viewer} task={task} />
      <div class="lesser">
        <a class="button quiet" data-row-key="p" {...opensWindow(`${url}/postponement`)}>
          {t.departures.postpone}
        </a>
        {task.undoable ? (
          <form action={`/departures/${task.departureId}/undo`} method="post">
            <Csrf reader={viewer} />
            <button type="submit" class="quiet">
              {t.departures.undoDeparture}
            </button>
          </form>
        ) : null}
      </div>
    </div>
  );
}

/** The online booking button, or the first reason why it is not there, with the way to mend it for those who may. */
function OnlineBooking({ viewer, task }: RowProps) {
  const { t, role } = viewer;
  if (!task.onlineObstacle) {
    return (
      <a class="button online" data-row-key="o" {...opensWindow(`/departure-tasks/${task.id}/link`)}>
        <OnlineIcon size={16} /> {t.departures.onlineBooking}
      </a>
    );
  }
  return (
    <p class="hint reason">
      {t.departures.notOnline[task.onlineObstacle]}{' '}
      {task.onlineObstacle === 'no_expected_time' ? (
        <a href={`/patients/${task.patientId}/chart`}>{t.departures.toChart}</a>
      ) : role === 'manager' ? (
        <a href={settingsOf[task.onlineObstacle]}>{t.departures.toSettings}</a>
      ) : null}
    </p>
  );
}

const settingsOf = { no_appointment_workflow: '/settings/practice', not_bookable_online: '/settings/providers' };
