import type { ComponentChildren } from 'preact';
import { Flash } from '../layout/Flash.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import { BookGrid, type GridProps } from './BookGrid.tsx';
import { BookToolbar, type BookToolbarProps } from './BookToolbar.tsx';

export interface BookPageProps extends GridProps, Omit<BookToolbarProps, 'columns'> {
  notice: string | null;
  /** The Departure Task List, docked. */
  tasks: ComponentChildren;
}

/** A day of the Appointment Book, with the Departure Task List beside it: choosing a gap needs both. */
export function BookPage(props: BookPageProps) {
  const { viewer, day, columns, notice, tasks } = props;
  return (
    <StaffPage viewer={viewer} title={viewer.f.longDayOf(day)} tab="book">
      <div class="book-screen">
        <section class="book" aria-labelledby="day-title">
          <BookToolbar {...props} columns={columns} />
          <Flash viewer={viewer} notice={notice} />
          <BookGrid {...props} />
        </section>
        {tasks ? <aside class="docked">{tasks}</aside> : null}
      </div>
    </StaffPage>
  );
}
