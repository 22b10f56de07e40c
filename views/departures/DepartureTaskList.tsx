import type { TaskRow } from '../../domain/departures/list.ts';
import type { Viewer } from '../reader.ts';
import { DepartureTaskRow } from './DepartureTaskRow.tsx';

export interface DepartureTaskListProps {
  viewer: Viewer;
  tasks: TaskRow[];
}

/** What reception still has to do for those who are leaving. Drawn again, by itself, when something changes. */
export function DepartureTaskList({ viewer, tasks }: DepartureTaskListProps) {
  const { t } = viewer;
  return (
    <section
      id="departure-tasks"
      aria-labelledby="departure-tasks-title"
      hx-get="/departure-tasks"
      hx-trigger="tasks from:#live, htmx:sse:after:connection from:#live"
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
    >
      <h2 id="departure-tasks-title" data-counted="tasks">
        {t.departures.taskList} <span class="count">{tasks.length}</span>
      </h2>
      {tasks.length === 0 ? (
        <p class="empty">{t.departures.noTasks}</p>
      ) : (
        <ul class="rows">
          {tasks.map((task) => (
            <DepartureTaskRow viewer={viewer} task={task} />
          ))}
        </ul>
      )}
    </section>
  );
}
