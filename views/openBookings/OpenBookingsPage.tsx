import type { BookingState } from '../../domain/contract.ts';
import type { EngineState } from '../../domain/engine/state.ts';
import type { NextStep, OpenBooking } from '../../domain/openBookings/list.ts';
import { Csrf } from '../forms/Csrf.tsx';
import { FieldError } from '../forms/Field.tsx';
import { FilterSelect } from '../forms/FilterSelect.tsx';
import { SearchIcon } from '../icons.tsx';
import { Flash } from '../layout/Flash.tsx';
import { StaffPage } from '../layout/StaffPage.tsx';
import type { FormState, Viewer } from '../reader.ts';
import { EngineSection } from './EngineSection.tsx';
import { OpenBookingRow } from './OpenBookingRow.tsx';

export interface OpenBookingsFilter {
  onlyAttention: boolean;
  state: BookingState | null;
  providerId: string | null;
  patientIds: string[];
}

export interface OpenBookingsProps {
  viewer: Viewer;
  filter: OpenBookingsFilter;
  providers: { id: string; name: string }[];
  /** Under way, by stage. */
  counts: Partial<Record<BookingState, number>>;
  rows: { booking: OpenBooking; next: NextStep }[];
  /** Of the rows, where there are others that are not shown. */
  more: boolean;
  engine: EngineState;
}

/** The manager's page: every booking under way, what needs attention first. Drawn again by itself when something changes. */
export function OpenBookingsPage({
  notice,
  search,
  ...props
}: OpenBookingsProps & { notice: string | null; search: FormState }) {
  const { viewer } = props;
  const words = viewer.t.openBookings;
  return (
    <StaffPage viewer={viewer} title={words.title} tab="bookings">
      <Flash viewer={viewer} notice={notice} />
      <h1>{words.title}</h1>
      <p class="hint">{words.intro}</p>
      <Filter {...props} search={search} />
      <OpenBookingsList {...props} />
    </StaffPage>
  );
}

function Filter({ viewer, filter, providers, search }: OpenBookingsProps & { search: FormState }) {
  const { t } = viewer;
  const words = t.openBookings;
  return (
    <div class="filter-bar">
      <form class="filter" method="get" action="/bookings">
        <FilterSelect
          reader={viewer}
          name="provider"
          label={words.provider}
          choices={providers}
          chosen={filter.providerId}
        />
        {filter.onlyAttention ? <input type="hidden" name="attention" value="1" /> : null}
        {filter.state ? <input type="hidden" name="stage" value={filter.state} /> : null}
        {filter.patientIds.map((id) => (
          <input type="hidden" name="patient" value={id} />
        ))}
        <button type="submit">{words.show}</button>
      </form>
      {/* Sent, not asked for: names stand in no address. */}
      <form class="filter" method="post" action="/bookings/patient">
        <Csrf reader={viewer} />
        <label>
          {words.patient}
          <input
            type="search"
            name="name"
            maxLength={100}
            autocomplete="off"
            placeholder={t.people.searchPlaceholder}
            aria-invalid={search.errors.name ? 'true' : undefined}
            value={String(search.values.name ?? '')}
          />
        </label>
        <button type="submit">
          <SearchIcon /> {words.findPatient}
        </button>
        <FieldError reader={viewer} code={search.errors.name} />
      </form>
    </div>
  );
}

export function OpenBookingsList(props: OpenBookingsProps) {
  const { viewer, filter, rows, more, engine } = props;
  const words = viewer.t.openBookings;
  return (
    <div
      id="open-bookings"
      hx-get={urlOf(filter)}
      hx-trigger="every 60s, bookings from:#live, tasks from:#live, followUp from:#live, messages from:#live, htmx:sse:after:connection from:#live"
      hx-swap="outerMorph"
      hx-headers='{"x-unattended":"1"}'
    >
      {viewer.noWorker ? (
        <p class="notice" role="alert">
          <strong>{words.noWorker}</strong> {words.withoutWorker}
        </p>
      ) : null}
      <Stages {...props} />
      {filter.patientIds.length > 0 ? (
        <p class="hint">
          {words.onlyOne([...new Set(rows.map(({ booking }) => booking.patientName))].join(', ') || '–')}{' '}
          <a href={urlOf({ ...filter, patientIds: [] })}>{words.everybody}</a>
        </p>
      ) : null}
      {rows.length === 0 ? (
        <p class="empty">{filter.onlyAttention ? words.allIsWell : words.none}</p>
      ) : (
        <ul class="rows">
          {rows.map((row) => (
            <OpenBookingRow viewer={viewer} {...row} />
          ))}
        </ul>
      )}
      {more ? <p class="hint">{words.moreThanShown(rows.length)}</p> : null}
      <EngineSection viewer={viewer} engine={engine} />
    </div>
  );
}

function Stages({ viewer, filter, counts }: OpenBookingsProps) {
  const { t } = viewer;
  const everything = { ...filter, onlyAttention: false, state: null };
  const all = !filter.onlyAttention && filter.state === null;
  const shown = (Object.keys(t.stages) as BookingState[]).filter((state) => counts[state] || state === filter.state);
  return (
    <nav aria-label={t.openBookings.stage}>
      <ul class="filters">
        <li>
          <a href={urlOf(everything)} aria-current={all ? 'page' : undefined}>
            {t.common.all} <span class="count">{Object.values(counts).reduce((sum, count) => sum + count, 0)}</span>
          </a>
        </li>
        <li>
          <a
            href={urlOf({ ...everything, onlyAttention: true })}
            aria-current={filter.onlyAttention ? 'page' : undefined}
            data-counted="bookings"
          >
            {t.openBookings.needsAttention} <span class="count">{viewer.counts.attention}</span>
          </a>
        </li>
        {shown.map((state) => (
          <li>
            <a href={urlOf({ ...everything, state })} aria-current={state === filter.state ? 'page' : undefined}>
              {t.stages[state].name} <span class="count">{counts[state] ?? 0}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function urlOf({ onlyAttention, state, providerId, patientIds }: OpenBookingsFilter): string {
  const query = new URLSearchParams();
  if (onlyAttention) query.set('attention', '1');
  if (state) query.set('stage', state);
  if (providerId) query.set('provider', providerId);
  for (const id of patientIds) query.append('patient', id);
  return query.size > 0 ? `/bookings?${query}` : '/bookings';
}
