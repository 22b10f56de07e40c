import type { ComponentChildren } from 'preact';
import { Csrf } from '../forms/Csrf.tsx';
import { Flash } from '../layout/Flash.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import type { Viewer } from '../reader.ts';
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
          <Elsewhere viewer={viewer} day={day} />
          <BookGrid {...props} />
        </section>
        {tasks ? <aside class="docked">{tasks}</aside> : null}
      </div>
    </StaffPage>
  );
}

/** Says that this is another location than the one where the viewer works, and leads back, or has them work here. */
function Elsewhere({ viewer, day }: { viewer: Viewer; day: string }) {
  const { t, location, worksAt } = viewer;
  if (location.id === worksAt.id) return null;
  const here = `/book?day=${day}`;
  return (
    <div class="elsewhere notice">
      <p>{t.book.lookingAt(location.name, worksAt.name)}</p>
      <form action="/location" method="post">
        <Csrf reader={viewer} />
        <input type="hidden" name="locationId" value={location.id} />
        <input type="hidden" name="to" value={here} />
        <button type="submit">{t.book.workHere}</button>
      </form>
      <a class="button quiet" href={here}>
        {t.book.backTo(worksAt.name)}
      </a>
    </div>
  );
}
