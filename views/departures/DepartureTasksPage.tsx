import { Flash } from '../layout/Flash.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import { DepartureTaskList, type DepartureTaskListProps } from './DepartureTaskList.tsx';

/** The list as a screen of its own. */
export function DepartureTasksPage({ notice, ...props }: DepartureTaskListProps & { notice: string | null }) {
  return (
    <StaffPage viewer={props.viewer} title={props.viewer.t.departures.taskList} tab="tasks">
      <Flash viewer={props.viewer} notice={notice} />
      <h1 class="visually-hidden">{props.viewer.t.departures.taskList}</h1>
      <DepartureTaskList {...props} />
    </StaffPage>
  );
}
