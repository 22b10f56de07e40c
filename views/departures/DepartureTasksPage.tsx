import { StaffPage } from '../layout/StaffPage.tsx';
import { DepartureTaskList, type DepartureTaskListProps } from './DepartureTaskList.tsx';

/** The list as a screen of its own. */
export function DepartureTasksPage(props: DepartureTaskListProps) {
  return (
    <StaffPage viewer={props.viewer} title={props.viewer.t.departures.taskList} tab="tasks">
      <h1 class="visually-hidden">{props.viewer.t.departures.taskList}</h1>
      <DepartureTaskList {...props} />
    </StaffPage>
  );
}
