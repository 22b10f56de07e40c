import { canBeMoved, nextStates } from '../../domain/book/rules/appointmentStates.ts';
import { formats, type Language } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { AbsentIcon, ArrivedIcon, ChairIcon, HoldIcon, OnlineIcon, TickIcon } from '../icons.tsx';
import { kept, keptWith } from '../kept.ts';
import { opensWindow } from '../layout/Window.tsx';
import type { Role, Viewer } from '../reader.ts';
import { placeOf } from './raster.ts';

export interface EntryView {
  id: string;
  kind: 'appointment' | 'hold' | 'block';
  status: 'booked' | 'arrived' | 'in_chair' | 'departed' | 'did_not_attend' | 'held' | 'confirmed';
  online: boolean;
  overlap: boolean;
  /** Minutes after local midnight. */
  from: number;
  until: number;
  /** The how-many-eth of how many that stand side by side, from 1. */
  lane: number;
  lanes: number;
  /** In how many columns before this one it stands too: a block of the whole location. */
  copy: number;
  startsAt: Date;
  endsAt: Date;
  bookedAt: Date;
  patientId: string | null;
  patientName: string;
  birthDate: string | null;
  providerName: string;
  chairName: string;
  /** The provider's colour, where the columns are chairs. */
  colour: number | null;
  description: string;
  note: string;
  blockReason: 'closure' | 'absence' | 'emergency' | 'other' | null;
  /** The checkout by which it was departed. */
  departureId: string | null;
  isToday: boolean;
  /** Today or before. */
  dayHasCome: boolean;
}

/** What of a viewer shows in an entry. */
type EntryReader = Pick<Viewer, 'role' | 't' | 'f' | 'csrf'>;

interface EntryProps {
  entry: EntryView;
  /** The grid's first minute. */
  gridFrom: number;
}

/** Entries in their places, for whoever looks at the book. */
export const Entries = ({ viewer, entries, gridFrom }: { entries: EntryView[]; gridFrom: number; viewer: Viewer }) => (
  <KeptEntries thing={entries} gridFrom={gridFrom} {...viewerIn(viewer)} />
);

const viewerIn = ({ language, practice: { timeZone }, role, csrf }: Viewer) => ({ language, timeZone, role, csrf });

interface ViewedBy {
  language: Language;
  timeZone: string;
  role: Role;
}

/** A day is drawn again on every open screen after each change, and looks the same on most of them. */
const KeptEntries = keptWith<EntryView[], { gridFrom: number } & ViewedBy>(({ thing: entries, ...props }) => (
  <>
    {entries.map((entry) => (
      <KeptEntry entry={entry} {...props} />
    ))}
  </>
));

/** And where something has changed, nearly all of its entries look as before. */
const KeptEntry = kept<EntryProps & ViewedBy>(({ language, timeZone, role, csrf, ...props }) => (
  <PlacedEntry {...props} viewer={{ role, csrf, t: texts(language), f: formats(language, timeZone) }} />
));

/** An entry's details open as a native disclosure, by click, tap and keyboard. */
function PlacedEntry({ viewer, entry, gridFrom }: EntryProps & { viewer: EntryReader }) {
  const { t, f } = viewer;
  const title = entry.kind === 'block' ? t.book.blockReasons[entry.blockReason ?? 'other'] : entry.patientName;
  const movable = viewer.role !== 'provider' && entry.kind === 'appointment' && canBeMoved(entry.status);
  const state = entry.kind === 'block' || entry.status === 'booked' ? null : entry.status;
  return (
    <li
      class={classesOf(entry, gridFrom)}
      id={`entry-${ownId(entry)}`}
      {...(movable ? { 'data-move': entry.id, 'data-from': entry.from, 'data-minutes': entry.until - entry.from } : {})}
    >
      <details name="entry">
        <summary>
          <span class="line">
            <span class="title">{title}</span>
            {entry.online ? <OnlineMark viewer={viewer} entry={entry} /> : null}
            <span class="when">
              <time dateTime={entry.startsAt.toISOString()}>{f.time(entry.startsAt)}</time>
              <span class="end">–{f.time(entry.endsAt)}</span>
            </span>
            {state ? <State viewer={viewer} state={state} /> : null}
          </span>
          <span class="about">{entry.kind === 'block' ? entry.note : entry.description}</span>
        </summary>
        <EntryCard viewer={viewer} entry={entry} title={title} />
      </details>
      {movable ? <span class="lengthen" aria-hidden="true" /> : null}
    </li>
  );
}

const stateIcons = {
  arrived: ArrivedIcon,
  in_chair: ChairIcon,
  departed: TickIcon,
  did_not_attend: AbsentIcon,
  held: HoldIcon,
  confirmed: HoldIcon,
};

/** A sign and a word; the sign stays where the word has no room. */
function State({ viewer, state }: { viewer: EntryReader; state: keyof typeof stateIcons }) {
  const Icon = stateIcons[state];
  const word = viewer.t.book.statuses[state];
  return (
    <span class={`state ${state}`} title={word}>
      <Icon size={13} />
      <span>{word}</span>
    </span>
  );
}

/** What fits on one line stands on one: an entry of 20 minutes is four rows high. From 45 minutes on there is room for longer words. */
function classesOf(entry: EntryView, gridFrom: number): string {
  const minutes = entry.until - entry.from;
  return [
    'entry',
    entry.kind,
    entry.status,
    placeOf(entry.from - gridFrom, entry.until - gridFrom),
    entry.lanes > 1 ? `lane-${entry.lane}-${Math.min(entry.lanes, 4)}` : '',
    entry.colour ? `colour-${entry.colour}` : '',
    entry.online ? 'online' : '',
    minutes <= 10 ? 'short tiny' : minutes <= 25 ? 'short' : minutes >= 45 ? 'tall' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function EntryCard({ viewer, entry, title }: { viewer: EntryReader; entry: EntryView; title: string }) {
  const { t, f } = viewer;
  return (
    <div class="entry-card">
      <p class="whose">
        <strong>{title}</strong>
        {entry.birthDate ? <span class="hint">{t.common.born(f.date(entry.birthDate))}</span> : null}
      </p>
      <p>
        {f.time(entry.startsAt)}–{f.time(entry.endsAt)}
        <br />
        <span class="hint">{[entry.providerName, entry.chairName].filter(Boolean).join(', ')}</span>
      </p>
      {entry.description ? <p>{entry.description}</p> : null}
      {entry.note ? <p class="note">{entry.note}</p> : null}
      {entry.online ? (
        <p class="online">
          <OnlineIcon /> {t.book.plannedTreatment}
        </p>
      ) : null}
      {entry.overlap ? <p class="hint">{t.book.overlap}</p> : null}
      {entry.kind === 'hold' ? <p class="hint">{t.book.statuses[entry.status]}</p> : null}
      <EntryActions viewer={viewer} entry={entry} />
      <div class="said" id={`said-${ownId(entry)}`} />
    </div>
  );
}

/** The icon of an online booking; its details show on hover and on focus. */
function OnlineMark({ viewer, entry }: { viewer: EntryReader; entry: EntryView }) {
  const { t, f } = viewer;
  return (
    <span
      class="online-mark"
      tabindex={0}
      role="img"
      aria-label={`${t.book.plannedTreatment}. ${t.followUp.bookedOn} ${f.dateTime(entry.bookedAt)}`}
    >
      <OnlineIcon size={16} />
      <span class="tip" aria-hidden="true">
        <strong>{entry.patientName}</strong>
        <span>
          {f.shortDay(entry.startsAt)}, {f.time(entry.startsAt)}–{f.time(entry.endsAt)}
        </span>
        <span>{entry.providerName}</span>
        <span>{entry.description}</span>
        <span class="hint">
          {t.book.bookedOnline}: {f.dateTime(entry.bookedAt)}
        </span>
      </span>
    </span>
  );
}

function EntryActions({ viewer, entry }: { viewer: EntryReader; entry: EntryView }) {
  const { t } = viewer;
  const url = `/book/appointments/${entry.id}`;
  if (entry.kind === 'block') {
    return viewer.role === 'provider' ? null : (
      <form {...inCard(`/book/blocks/${entry.id}/cancellation`, entry)}>
        <Csrf reader={viewer} />
        <button type="submit">{t.book.unblock}</button>
      </form>
    );
  }
  if (entry.kind === 'hold') {
    return (
      <a class="button" href={`/patients/${entry.patientId}`}>
        {t.book.patientFile}
      </a>
    );
  }
  const next = nextStates(entry.status, entry.dayHasCome);
  return (
    <div class="entry-actions">
      {next.length === 0 ? null : (
        <form {...inCard(`${url}/state`, entry)} class="states" aria-label={t.book.states}>
          <Csrf reader={viewer} />
          {next.map((status) => (
            <button type="submit" name="status" value={status}>
              {t.book.statuses[status]}
            </button>
          ))}
        </form>
      )}
      {entry.isToday && entry.status !== 'did_not_attend' ? (
        <a class="button primary" {...opensWindow(`${url}/departure`)}>
          {t.book.depart}
        </a>
      ) : null}
      {entry.isToday && entry.departureId ? (
        <form {...inCard(`/departures/${entry.departureId}/undo`, entry)}>
          <Csrf reader={viewer} />
          <button type="submit">{t.departures.undoDeparture}</button>
        </form>
      ) : null}
      {viewer.role !== 'provider' && canBeMoved(entry.status) ? (
        <a class="button" {...opensWindow(`${url}/edit`)}>
          {t.book.edit}
        </a>
      ) : null}
      <a class="button quiet" href={`/patients/${entry.patientId}/chart`}>
        {t.book.chart}
      </a>
      <a class="button quiet" href={`/patients/${entry.patientId}`}>
        {t.book.patientFile}
      </a>
    </div>
  );
}

/** An entry's id, told apart from itself in the columns before. */
const ownId = ({ id, copy }: EntryView) => (copy === 0 ? id : `${id}-${copy}`);

/** The grid draws itself again; only what goes wrong is said in the card. */
const inCard = (url: string, entry: EntryView) => ({
  action: url,
  method: 'post' as const,
  'hx-post': url,
  'hx-target': `#said-${ownId(entry)}`,
  'hx-swap': 'innerHTML',
  'hx-sync': 'drop',
});
