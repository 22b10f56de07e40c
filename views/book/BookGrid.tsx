import type { Viewer } from '../reader.ts';
import { Entry, type EntryView } from './Entry.tsx';
import { placeOf } from './raster.ts';

export interface ColumnView {
  id: string;
  name: string;
  /** One of the look's provider colours; none for chairs. */
  colour: number | null;
  /** In minutes after local midnight: when nobody works here. */
  closed: { from: number; until: number }[];
  entries: EntryView[];
}

export interface GridProps {
  viewer: Viewer;
  day: string;
  today: string;
  by: 'provider' | 'chair';
  /** A provider sees the own column, unless they ask for all. */
  who: 'mine' | 'all';
  /** The grid's first and last minute after local midnight, whole hours. */
  from: number;
  until: number;
  /** Minutes after local midnight; none on other days. */
  now: number | null;
  columns: ColumnView[];
}

/** The time grid: in source order a list by column, then time. Drawn again, by itself, when the book changes. */
export function BookGrid({ viewer, day, by, who, from, until, now, columns }: GridProps) {
  const { t, f } = viewer;
  const hours = Array.from({ length: (until - from) / 60 }, (_, i) => from + i * 60);
  return (
    <div
      id="book"
      class="book-scroll"
      tabindex={0}
      role="region"
      aria-label={f.fullDayOf(day)}
      hx-get={`/book?day=${day}&by=${by}&who=${who}`}
      hx-trigger="book from:#live, htmx:sse:after:connection from:#live"
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
    >
      <div
        class={`grid columns-${Math.min(columns.length, 8)}`}
        data-day={day}
        data-from={from}
        data-until={until}
        {...(viewer.role === 'provider' ? {} : forTheMouse(viewer))}
      >
        <div class="hours-column" aria-hidden="true">
          <div class="corner" />
          <ol class="hours">
            {hours.map((minute) => (
              <li class={placeOf(minute - from, minute - from + 60)}>{clock(minute)}</li>
            ))}
          </ol>
        </div>
        {columns.map((column) => (
          <section
            class={`column${column.colour ? ` colour-${column.colour}` : ''}`}
            aria-label={column.name}
            data-by={by}
            data-column={column.id}
          >
            <h2>{column.name}</h2>
            <ol class={`slots rows-${(until - from) / 60}`}>
              {column.closed.map((closed) => (
                <li class={`closed ${placeOf(closed.from - from, closed.until - from)}`} aria-hidden="true" />
              ))}
              {column.entries.map((entry) => (
                <Entry viewer={viewer} entry={entry} gridFrom={from} />
              ))}
              {now !== null && now >= from && now < until ? (
                <li class={`now ${placeOf(now - from, now - from + 1)}`} data-now>
                  <span class="visually-hidden">{t.book.now}</span>
                </li>
              ) : null}
            </ol>
          </section>
        ))}
      </div>
    </div>
  );
}

/** The desk may drag, and point at an empty time; what is said then comes from here. */
const forTheMouse = ({ t }: Viewer) => ({
  'data-desk': '',
  'data-said-done': t.book.standsAt('{time}'),
  'data-said-failed': t.problems.pages.busy,
});

const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:00`;
