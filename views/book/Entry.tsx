import { Csrf } from '../forms/Csrf.tsx';
import { OnlineIcon } from '../icons.tsx';
import { opensWindow } from '../layout/Window.tsx';
import type { Viewer } from '../reader.ts';
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
  startsAt: Date;
  endsAt: Date;
  bookedAt: Date;
  patientId: string | null;
  patientName: string;
  birthDate: string | null;
  providerName: string;
  chairName: string;
  description: string;
  note: string;
  blockReason: 'closure' | 'absence' | 'emergency' | 'other' | null;
  isToday: boolean;
}

/** An entry in its place; its details open as a native disclosure, by click, tap and keyboard. */
export function Entry({ viewer, entry, gridFrom }: { viewer: Viewer; entry: EntryView; gridFrom: number }) {
  const { t, f } = viewer;
  const time = `${f.time(entry.startsAt)}–${f.time(entry.endsAt)}`;
  const place = `${placeOf(entry.from - gridFrom, entry.until - gridFrom)}${entry.lanes > 1 ? ` lane-${entry.lane}-${Math.min(entry.lanes, 4)}` : ''}`;
  const title = entry.kind === 'block' ? t.book.blockReasons[entry.blockReason ?? 'other'] : entry.patientName;
  return (
    <li class={`entry ${entry.kind} ${entry.status} ${place}${entry.online ? ' online' : ''}${entry.until - entry.from <= 20 ? ' short' : ''}`} id={`entry-${entry.id}`} data-entry={entry.kind === 'appointment' ? entry.id : undefined}>
      <details name="entry">
        <summary>
          <span class="title">{title}</span>
          {entry.online ? <OnlineMark viewer={viewer} entry={entry} /> : null}
          <span class="when"><time dateTime={entry.startsAt.toISOString()}>{time}</time></span>
          {entry.kind === 'appointment' && entry.status !== 'booked' ? <span class={`state ${entry.status}`}>{t.book.statuses[entry.status]}</span> : null}
          {entry.kind === 'hold' ? <span class="state">{t.book.statuses[entry.status]}</span> : null}
          <span class="about">{entry.description}</span>
        </summary>
        <div class="card">
          <p><strong>{title}</strong> {entry.birthDate ? <span class="hint">{t.departures.born(f.date(entry.birthDate))}</span> : null}</p>
          <p>{time}, {entry.kind === 'block' ? entry.note : t.book.with(entry.providerName, entry.chairName)}</p>
          {entry.description ? <p>{entry.description}</p> : null}
          {entry.note && entry.kind !== 'block' ? <p class="note">{entry.note}</p> : null}
          {entry.online ? <p class="online"><OnlineIcon /> {t.book.plannedTreatment}</p> : null}
          {entry.overlap ? <p class="hint">{t.book.overlap}</p> : null}
          <EntryActions viewer={viewer} entry={entry} />
        </div>
      </details>
    </li>
  );
}

/** The icon of an online booking; its details show on hover and on focus. */
function OnlineMark({ viewer, entry }: { viewer: Viewer; entry: EntryView }) {
  const { t, f } = viewer;
  return (
    <span class="online-mark" tabindex={0} role="img" aria-label={`${t.book.plannedTreatment}. ${t.followUp.bookedOn} ${f.dateTime(entry.bookedAt)}`}>
      <OnlineIcon size={16} />
      <span class="tip" aria-hidden="true">
        <strong>{entry.patientName}</strong>
        <span>{f.shortDay(entry.startsAt)}, {f.time(entry.startsAt)}–{f.time(entry.endsAt)}</span>
        <span>{entry.providerName}</span>
        <span>{entry.description}</span>
        <span class="hint">{t.book.bookedOnline}: {f.dateTime(entry.bookedAt)}</span>
      </span>
    </span>
  );
}

function EntryActions({ viewer, entry }: { viewer: Viewer; entry: EntryView }) {
  const { t } = viewer;
  const url = `/book/appointments/${entry.id}`;
  if (entry.kind === 'block') {
    return viewer.role === 'provider' ? null : (
      <form action={`/book/blocks/${entry.id}/cancellation`} method="post"><Csrf reader={viewer} /><button class="quiet">{t.chart.remove}</button></form>
    );
  }
  if (entry.kind === 'hold') return <a class="button" href={`/patients/${entry.patientId}`}>{t.book.patientFile}</a>;
  const next = (['arrived', 'in_chair', 'did_not_attend', 'booked'] as const).filter((status) => status !== entry.status);
  return (
    <div class="actions">
      {entry.isToday && entry.status !== 'did_not_attend' ? <a class="button primary" {...opensWindow(`${url}/departure`)}>{t.book.depart}</a> : null}
      {entry.status === 'departed' ? null : (
        <form action={`${url}/state`} method="post" class="states" aria-label={t.book.states}>
          <Csrf reader={viewer} />
          {next.map((status) => (<button name="status" value={status} class="quiet">{t.book.statuses[status]}</button>))}
        </form>
      )}
      <a class="button" href={`/patients/${entry.patientId}/chart`}>{t.book.chart}</a>
      <a class="button" href={`/patients/${entry.patientId}`}>{t.book.patientFile}</a>
      {viewer.role === 'provider' ? null : <a class="button" {...opensWindow(`${url}/edit`)}>{t.book.edit}</a>}
    </div>
  );
}
