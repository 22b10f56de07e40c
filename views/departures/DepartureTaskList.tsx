import type { TaskRow } from '../../domain/departures/list.ts';
import { formatLength } from '../../domain/book/rules/expectedTime.ts';
import { firstAllowedDay } from '../../domain/book/rules/interval.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { opensWindow } from '../layout/Window.tsx';
import type { Viewer } from '../reader.ts';

export interface DepartureTaskListProps {
  viewer: Viewer;
  tasks: TaskRow[];
}

/** What reception still has to do for those who are leaving. Drawn again, by itself, when something changes. */
export function DepartureTaskList({ viewer, tasks }: DepartureTaskListProps) {
  const { t } = viewer;
  return (
    <section id="departure-tasks" aria-labelledby="departure-tasks-title" hx-get="/departure-tasks" hx-trigger="tasks from:#live, htmx:sse:after:connection from:#live" hx-swap="outerMorph" hx-headers='{"x-unattended":"1"}'>
      <h2 id="departure-tasks-title">{t.departures.taskList} <span class="count">{tasks.length}</span></h2>
      {tasks.length === 0 ? <p class="empty">{t.departures.noTasks}</p> : (
        <ul class="rows">{tasks.map((task) => <DepartureTaskRow viewer={viewer} task={task} />)}</ul>
      )}
    </section>
  );
}

function DepartureTaskRow({ viewer, task }: { viewer: Viewer; task: TaskRow }) {
  const { t, f } = viewer;
  const hasContact = Boolean(task.email || task.mobile);
  const url = `/departure-tasks/${task.id}`;
  return (
    <li class="row task" id={`task-${task.id}`} {...(task.minutes > 0 ? { 'data-task': task.id, 'data-minutes': task.minutes } : {})}>
      <div class="who">
        {task.minutes > 0 ? <span class="grip" title={t.book.drag} aria-hidden="true" /> : null}
        <a href={`/patients/${task.patientId}`}><strong>{task.patientName}</strong></a>
        <span class="hint">{t.departures.born(f.date(task.birthDate))}</span>
        <span class="waiting">{t.departures.waiting(Math.floor((Date.now() - task.openedAt.getTime()) / 60_000))}</span>
      </div>
      <div class="what">
        <span>{task.description || t.chart.plannedAppointment}</span>
        <span class="hint">
          {[task.providerName, formatLength(task.minutes), t.departures.from(f.longDayOf(firstAllowedDay(task.visitDay, task.intervalDays)))].filter(Boolean).join(' · ')}
        </span>
        <span class="hint">{[task.mobile, task.email].filter(Boolean).join(' · ')}</span>
        {task.takenBy && task.takenById !== viewer.userId ? <span class="badge">{t.departures.takenBy(task.takenBy)}</span> : null}
      </div>
      <div class="actions">
        {task.minutes > 0 ? (
          <>
            <a class="button primary" {...opensWindow(`${url}/gaps`)}>{t.departures.bookAtDesk}</a>
            <form action={`${url}/first-free`} method="post"><Csrf reader={viewer} /><button>{t.departures.firstFree}</button></form>
          </>
        ) : null}
        {hasContact && task.email && task.mobile ? null : <a class="button" {...opensWindow(`${url}/contacts`)}>{t.departures.collect}</a>}
        <OnlineBooking viewer={viewer} task={task} />
        <a class="button quiet" {...opensWindow(`${url}/postponement`)}>{t.departures.postpone}</a>
        {task.undoable ? (
          <form action={`/departures/${task.departureId}/undo`} method="post"><Csrf reader={viewer} /><button class="quiet">{t.departures.undoDeparture}</button></form>
        ) : null}
      </div>
    </li>
  );
}

/** The online booking button, or the first reason why it is not there, with the way to mend it. */
function OnlineBooking({ viewer, task }: { viewer: Viewer; task: TaskRow }) {
  const { t, role } = viewer;
  if (task.bookableOnline && task.minutes > 0) {
    return <a class="button online" {...opensWindow(`/departure-tasks/${task.id}/link`)}>{t.departures.onlineBooking}</a>;
  }
  const why = task.minutes === 0 ? 'no_expected_time' : 'not_bookable_online';
  return (
    <p class="hint">
      {t.departures.notOnline[why]}{' '}
      {why === 'no_expected_time' ? <a href={`/patients/${task.patientId}/chart`}>{t.departures.toChart}</a> : role === 'manager' ? <a href="/settings/providers">{t.departures.toSettings}</a> : null}
    </p>
  );
}
