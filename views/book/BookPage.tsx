import type { ComponentChildren } from 'preact';
import { BackIcon, ForwardIcon } from '../icons.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import { opensWindow } from '../layout/Window.tsx';
import type { Viewer } from '../reader.ts';
import { BookGrid, type GridProps } from './BookGrid.tsx';

export interface BookPageProps extends GridProps {
  dayBefore: string;
  dayAfter: string;
  appointments: number;
  notice: string | null;
  /** The Departure Task List, docked. */
  tasks: ComponentChildren;
}

/** A day of the Appointment Book, with the Departure Task List beside it: choosing a gap needs both. */
export function BookPage(props: BookPageProps) {
  const { viewer, day, today, by, who, dayBefore, dayAfter, appointments, notice, tasks } = props;
  const { t, f } = viewer;
  return (
    <StaffPage viewer={viewer} title={f.longDayOf(day)} tab="book">
      <div class="book-screen">
        <section class="book" aria-labelledby="day-title">
          <header class="toolbar">
            <h1 id="day-title">
              {f.fullDayOf(day)} <small class="hint">{t.book.appointments(appointments)}</small>
            </h1>
            <nav class="days" aria-label={t.book.date}>
              <a
                class="button icon-only"
                href={link(dayBefore, by, who)}
                aria-label={t.book.dayBefore}
                data-key="ArrowLeft"
              >
                <BackIcon />
              </a>
              <a
                class="button"
                href={link(today, by, who)}
                aria-current={day === today ? 'date' : undefined}
                data-key="t"
              >
                {t.book.today}
              </a>
              <a
                class="button icon-only"
                href={link(dayAfter, by, who)}
                aria-label={t.book.dayAfter}
                data-key="ArrowRight"
              >
                <ForwardIcon />
              </a>
            </nav>
            <form method="get" class="date">
              <input type="hidden" name="by" value={by} />
              <input type="hidden" name="who" value={who} />
              <input type="date" name="day" value={day} aria-label={t.book.date} data-submits />
              <button class="quiet">{t.book.go}</button>
            </form>
            <div class="segmented" role="group" aria-label={t.book.columns}>
              <a href={link(day, 'provider', who)} aria-current={by === 'provider' ? 'true' : undefined}>
                {t.book.byProvider}
              </a>
              <a href={link(day, 'chair', who)} aria-current={by === 'chair' ? 'true' : undefined}>
                {t.book.byChair}
              </a>
            </div>
            {viewer.role === 'provider' && viewer.providerId ? (
              <div class="segmented" role="group" aria-label={t.book.whose}>
                <a
                  href={link(day, 'provider', 'mine')}
                  aria-current={who === 'mine' && by === 'provider' ? 'true' : undefined}
                >
                  {t.book.mine}
                </a>
                <a href={link(day, by, 'all')} aria-current={who === 'all' || by === 'chair' ? 'true' : undefined}>
                  {t.book.everybodys}
                </a>
              </div>
            ) : null}
            {viewer.role === 'provider' ? null : (
              <a class="button primary" {...opensWindow(`/book/appointments/new?day=${day}`)}>
                {t.book.newAppointment}
              </a>
            )}
            {viewer.role === 'provider' ? null : (
              <a class="button" {...opensWindow(`/book/blocks/new?day=${day}`)}>
                {t.book.newBlock}
              </a>
            )}
          </header>
          <Notice viewer={viewer} notice={notice} />
          <BookGrid {...props} />
        </section>
        {tasks ? <aside class="docked">{tasks}</aside> : null}
      </div>
    </StaffPage>
  );
}

function Notice({ viewer, notice }: { viewer: Viewer; notice: string | null }) {
  const text = notice ? (viewer.t.layout.notices as Record<string, string>)[notice] : undefined;
  return text ? (
    <p class="flash" role="status">
      {text}
    </p>
  ) : null;
}

const link = (day: string, by: string, who: string) => `/book?day=${day}&by=${by}${who === 'all' ? '&who=all' : ''}`;
