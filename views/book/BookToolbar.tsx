import { formats, type Language } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import { BackIcon, BlockedIcon, ForwardIcon, PlusIcon } from '../icons.tsx';
import { kept } from '../kept.ts';
import { opensWindow } from '../layout/Window.tsx';
import type { Viewer } from '../reader.ts';
import { inBook } from './address.ts';

/** What of a viewer shows in the toolbar. */
type ToolbarReader = Pick<Viewer, 'role' | 'providerId' | 'location' | 'worksAt'>;

interface ToolbarProps {
  viewer: ToolbarReader & Pick<Viewer, 't' | 'f'>;
  day: string;
  today: string;
  dayBefore: string;
  dayAfter: string;
  by: 'provider' | 'chair';
  who: 'mine' | 'all';
  appointments: number;
  columns: { id: string; name: string }[];
}

export interface BookToolbarProps extends ToolbarProps {
  viewer: Viewer;
}

/** Which day, whose columns, how tall an hour; and what the desk begins here. */
export function BookToolbar({ viewer, columns, ...props }: BookToolbarProps) {
  const { language, csrf, role, providerId, location, worksAt, practice } = viewer;
  const { day, today, dayBefore, dayAfter, by, who, appointments } = props;
  return (
    <KeptToolbar
      {...{ language, csrf, role, providerId, location, worksAt, timeZone: practice.timeZone }}
      {...{ day, today, dayBefore, dayAfter, by, who, appointments }}
      columns={columns.map(({ id, name }) => ({ id, name }))}
    />
  );
}

const KeptToolbar = kept<Omit<ToolbarProps, 'viewer'> & ToolbarReader & { language: Language; timeZone: string }>(
  ({ language, timeZone, role, providerId, location, worksAt, csrf: _, ...props }) => (
    <Toolbar
      {...props}
      viewer={{ role, providerId, location, worksAt, t: texts(language), f: formats(language, timeZone) }}
    />
  ),
);

function Toolbar(props: ToolbarProps) {
  const { viewer, day, today, by, who, dayBefore, dayAfter, appointments } = props;
  const { t, f } = viewer;
  return (
    <header class="toolbar">
      <nav class="days" aria-label={t.book.date}>
        <a
          class="button icon-only"
          href={link(viewer, dayBefore, by, who)}
          aria-label={t.book.dayBefore}
          title={t.book.dayBefore}
          data-key="ArrowLeft"
        >
          <BackIcon />
        </a>
        <a
          class="button"
          href={link(viewer, today, by, who)}
          aria-current={day === today ? 'page' : undefined}
          data-key="t"
        >
          {t.book.today}
        </a>
        <a
          class="button icon-only"
          href={link(viewer, dayAfter, by, who)}
          aria-label={t.book.dayAfter}
          title={t.book.dayAfter}
          data-key="ArrowRight"
        >
          <ForwardIcon />
        </a>
      </nav>
      <h1 id="day-title">
        {day.slice(0, 4) === today.slice(0, 4) ? f.longDayOf(day) : f.fullDayOf(day)}{' '}
        <small>{t.book.appointments(appointments)}</small>
      </h1>
      <form method="get" class="date">
        <input type="hidden" name="by" value={by} />
        <input type="hidden" name="who" value={who} />
        {viewer.location.id === viewer.worksAt.id ? null : (
          <input type="hidden" name="location" value={viewer.location.id} />
        )}
        <input type="date" name="day" value={day} aria-label={t.book.date} data-submits />
        <button type="submit" class="quiet unscripted">
          {t.book.go}
        </button>
      </form>
      <Columns {...props} />
      <Zoom viewer={viewer} />
      {viewer.role === 'provider' ? null : (
        <>
          <a
            class="button icon-only"
            title={t.book.newBlock}
            {...opensWindow(inBook(viewer, '/book/blocks/new', { day }))}
          >
            <BlockedIcon />
            <span class="visually-hidden">{t.book.newBlock}</span>
          </a>
          <a class="button primary" data-key="n" {...opensWindow(inBook(viewer, '/book/appointments/new', { day }))}>
            <PlusIcon /> {t.book.newAppointment}
          </a>
        </>
      )}
      <ColumnChooser {...props} />
    </header>
  );
}

function Columns({ viewer, day, by, who }: ToolbarProps) {
  const { t, role, providerId } = viewer;
  return (
    <>
      <nav class="segmented" aria-label={t.book.columns}>
        <a href={link(viewer, day, 'provider', who)} aria-current={by === 'provider' ? 'true' : undefined}>
          {t.book.byProvider}
        </a>
        <a href={link(viewer, day, 'chair', who)} aria-current={by === 'chair' ? 'true' : undefined}>
          {t.book.byChair}
        </a>
      </nav>
      {role === 'provider' && providerId ? (
        <nav class="segmented" aria-label={t.book.whose}>
          <a
            href={link(viewer, day, 'provider', 'mine')}
            aria-current={who === 'mine' && by === 'provider' ? 'true' : undefined}
          >
            {t.book.mine}
          </a>
          <a href={link(viewer, day, by, 'all')} aria-current={who === 'all' || by === 'chair' ? 'true' : undefined}>
            {t.book.everybodys}
          </a>
        </nav>
      ) : null}
    </>
  );
}

/** How tall an hour is. The style sheet reads the choice; a script only remembers it. */
function Zoom({ viewer: { t } }: Pick<ToolbarProps, 'viewer'>) {
  return (
    <fieldset class="segmented zoom">
      <legend class="visually-hidden">{t.book.zoom}</legend>
      {(['low', 'middle', 'high'] as const).map((zoom) => (
        <label class={zoom} title={t.book.zooms[zoom]}>
          <input type="radio" name="zoom" value={zoom} checked={zoom === 'middle'} class="visually-hidden" />
          <span class="visually-hidden">{t.book.zooms[zoom]}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** On a telephone one column shows at a time: this leads to each. */
function ColumnChooser({ viewer, columns }: ToolbarProps) {
  if (columns.length < 2) return null;
  return (
    <nav class="column-chooser" aria-label={viewer.t.book.toColumn}>
      {columns.map(({ id, name }) => (
        <a href={`#column-${id}`}>{name}</a>
      ))}
    </nav>
  );
}

const link = (viewer: ToolbarReader, day: string, by: string, who: string) =>
  inBook(viewer, '/book', { day, by, who: who === 'all' ? who : undefined });
