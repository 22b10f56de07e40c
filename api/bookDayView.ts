import type { BookDayRead, DayEntry } from '../domain/book/day.ts';
import { localDay, minuteOfDay } from '../domain/book/rules/localTime.ts';
import type { ColumnView } from '../views/book/BookGrid.tsx';
import type { EntryView } from '../views/book/Entry.tsx';

export interface DayFrame {
  by: 'provider' | 'chair';
  day: string;
  today: string;
  timeZone: string;
  /** Shows one provider's column alone. */
  onlyProvider: string | null;
}

const midnight = 24 * 60;

interface DayLaidOut {
  columns: ColumnView[];
  from: number;
  until: number;
}

/** Lays a day out: columns, the hours that are shown, and side by side what overlaps. Once for a day as it was read. */
export function bookDayView(read: BookDayRead, frame: DayFrame): DayLaidOut {
  const views = laidOut.get(read) ?? new Map<string, DayLaidOut>();
  laidOut.set(read, views);
  const key = JSON.stringify(frame);
  const view = views.get(key) ?? layOut(read, frame);
  views.set(key, view);
  return view;
}

const laidOut = new WeakMap<BookDayRead, Map<string, DayLaidOut>>();

function layOut(read: BookDayRead, frame: DayFrame): DayLaidOut {
  const entries = read.entries.map((entry) => viewOf(entry, read, frame));
  const whole = (entry: DayEntry) => entry.providerId === null && entry.chairId === null;
  const lists =
    frame.by === 'chair'
      ? read.chairs.map((chair) => ({
          ...chair,
          colour: null,
          working: read.opening,
          ofColumn: (entry: DayEntry) => entry.chairId === chair.id || whole(entry),
        }))
      : read.providers.map((provider) => ({
          ...provider,
          ofColumn: (entry: DayEntry) => entry.providerId === provider.id || whole(entry),
        }));
  const shown = lists.filter(
    ({ id, working, ofColumn }) =>
      (!frame.onlyProvider || id === frame.onlyProvider) && (working.length > 0 || read.entries.some(ofColumn)),
  );
  const minutes = [...read.opening, ...shown.flatMap(({ working }) => working)];
  const from =
    Math.floor(
      Math.min(
        8 * 60,
        ...minutes.map(({ fromMinute }) => fromMinute),
        ...entries.filter((e) => e.kind !== 'block').map((e) => e.from),
      ) / 60,
    ) * 60;
  const until =
    Math.ceil(
      Math.max(
        18 * 60,
        ...minutes.map(({ untilMinute }) => untilMinute),
        ...entries.filter((e) => e.kind !== 'block').map((e) => e.until),
      ) / 60,
    ) * 60;
  return {
    from,
    until,
    columns: shown.map(({ id, name, colour, working, ofColumn }, column) => ({
      id,
      name,
      colour,
      closed: closedIn(working, from, until),
      entries: sideBySide(
        entries.flatMap((entry, i) => {
          const itself = read.entries[i]!;
          return ofColumn(itself) ? { ...within(entry, from, until), copy: whole(itself) ? column : 0 } : [];
        }),
      ),
    })),
  };
}

function viewOf(entry: DayEntry, read: BookDayRead, { by, day, today, timeZone }: DayFrame): EntryView {
  const provider = read.providers.find(({ id }) => id === entry.providerId);
  const begins = localDay(entry.startsAt.getTime(), timeZone);
  const ends = localDay(entry.endsAt.getTime() - 1, timeZone);
  return {
    id: entry.id,
    kind: entry.kind,
    status: entry.status as EntryView['status'],
    online: entry.madeBy === 'online' && (entry.kind === 'appointment' || entry.status === 'confirmed'),
    overlap: entry.overlapAllowed,
    from: begins < day ? 0 : minuteOfDay(entry.startsAt.getTime(), timeZone),
    until: ends > day ? midnight : minuteOfDay(entry.endsAt.getTime(), timeZone) || midnight,
    lane: 1,
    lanes: 1,
    copy: 0,
    startsAt: entry.startsAt,
    endsAt: entry.endsAt,
    bookedAt: entry.createdAt,
    patientId: entry.patientId,
    patientName: entry.patientName,
    birthDate: entry.birthDate,
    providerName: provider?.name ?? '',
    colour: by === 'chair' ? (provider?.colour ?? null) : null,
    chairName: read.chairs.find(({ id }) => id === entry.chairId)?.name ?? '',
    description: entry.description,
    note: entry.note,
    blockReason: entry.blockReason,
    departureId: entry.departureId,
    isToday: begins === today,
    dayHasCome: begins <= today,
  };
}

const within = (entry: EntryView, from: number, until: number): EntryView => ({
  ...entry,
  from: Math.max(from, entry.from),
  until: Math.min(until, entry.until),
});

function closedIn(working: { fromMinute: number; untilMinute: number }[], from: number, until: number) {
  const closed: { from: number; until: number }[] = [];
  let at = from;
  for (const { fromMinute, untilMinute } of working) {
    if (fromMinute > at) closed.push({ from: at, until: fromMinute });
    at = Math.max(at, untilMinute);
  }
  if (at < until) closed.push({ from: at, until });
  return closed;
}

/** Gives what overlaps lanes of its own; groups that do not touch each other have their own count. */
function sideBySide(entries: EntryView[]): EntryView[] {
  const placed: EntryView[] = [];
  let group: EntryView[] = [];
  let groupEnds = 0;
  const close = () => {
    const lanes = Math.max(1, ...group.map(({ lane }) => lane));
    placed.push(...group.map((entry) => ({ ...entry, lanes })));
    group = [];
  };
  for (const entry of [...entries].sort((a, b) => a.from - b.from || b.until - a.until)) {
    if (entry.from >= groupEnds) close();
    const taken = new Set(group.filter((other) => other.until > entry.from).map(({ lane }) => lane));
    let lane = 1;
    while (taken.has(lane)) lane++;
    group.push({ ...entry, lane });
    groupEnds = Math.max(groupEnds, entry.until);
  }
  close();
  return placed;
}
