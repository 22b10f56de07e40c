import { clockOf } from '../../domain/book/rules/localTime.ts';
import type { Viewer } from '../reader.ts';
import { inBook } from './address.ts';
import { Entries, type EntryView } from './Entry.tsx';
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
export function BookGrid(props: GridProps) {
  const { viewer, day, by, who, from, until, columns } = props;
  const { t, f } = viewer;
  return (
    <section
      id="book"
      class="book-scroll"
      tabindex={0}
      aria-label={f.fullDayOf(day)}
      hx-get={inBook(viewer, '/book', { day, by, who })}
      hx-trigger="book from:#live, htmx:sse:after:connection from:#live"
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
    >
      {columns.length === 0 ? (
        <p class="empty">{t.book.nobodyWorks}</p>
      ) : (
        <div
          class="grid"
          data-day={day}
          data-location={viewer.location.id === viewer.worksAt.id ? undefined : viewer.location.id}
          data-from={from}
          data-until={until}
          {...(viewer.role === 'provider' ? {} : forTheMouse(viewer))}
        >
          <Hours {...props} />
          {columns.map((column) => (
            <Column {...props} column={column} />
          ))}
        </div>
      )}
    </section>
  );
}

function Hours({ from, until, now }: GridProps) {
  const hours = Array.from({ length: (until - from) / 60 }, (_, i) => from + i * 60);
  return (
    <div class="hours-column" aria-hidden="true">
      <div class="corner" />
      <ol class="hours">
        {hours.map((minute) => (
          <li class={placeOf(minute - from, minute - from + 60)}>{clockOf(minute)}</li>
        ))}
        {isShown(now, from, until) ? (
          <li class={`now-time ${momentOf(now - from)}`} data-now={now}>
            {clockOf(now)}
          </li>
        ) : null}
      </ol>
    </div>
  );
}

function Column({ viewer, by, from, until, now, column }: GridProps & { column: ColumnView }) {
  return (
    <section
      class={column.colour ? `column colour-${column.colour}` : 'column'}
      id={`column-${column.id}`}
      aria-label={column.name}
      data-by={by}
      data-column={column.id}
    >
      <h2>{column.name}</h2>
      <ol class={`slots rows-${(until - from) / 60}`}>
        {column.closed.map((closed) => (
          <li class={`closed ${placeOf(closed.from - from, closed.until - from)}`} aria-hidden="true" />
        ))}
        <Entries viewer={viewer} entries={column.entries} gridFrom={from} />
        {isShown(now, from, until) ? (
          <li class={`now ${momentOf(now - from)}`} data-now={now} aria-hidden="true" />
        ) : null}
      </ol>
    </section>
  );
}

/** The desk may drag, and point at an empty time; what is said then comes from here. */
const forTheMouse = ({ t }: Viewer) => ({
  'data-desk': '',
  'data-said-done': t.book.standsAt('{time}'),
  'data-said-failed': t.problems.pages.busy,
});

const isShown = (now: number | null, from: number, until: number): now is number =>
  now !== null && now >= from && now < until;

/** The classes of a minute: its row, and how far into it. */
const momentOf = (minute: number) => `${placeOf(minute, minute + 1)} past-${minute % 5}`;
