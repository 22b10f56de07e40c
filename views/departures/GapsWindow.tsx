import { Csrf } from '../forms/Csrf.tsx';
import { inWindow, leadingBack, opensWindow, Window } from '../layout/Window.tsx';
import type { Viewer } from '../reader.ts';

export interface GapsProps {
  viewer: Viewer;
  /** Where the choice goes. */
  url: string;
  /** Where this window comes from, to turn its pages. */
  gapsUrl: string;
  back: string;
  patientName: string;
  days: { day: string; times: { startsAt: number; chairId: string; chairName: string }[] }[];
  laterFrom: string | null;
  taken: boolean;
  /** The provider no longer treats: there are no times. */
  providerInactive: boolean;
}

/** Free times that fit, for the desk: from the first allowed day, each one button. */
export function GapsWindow(props: GapsProps) {
  const { viewer, url, gapsUrl, back, patientName, days, laterFrom, taken, providerInactive } = props;
  const { t, f } = viewer;
  return (
    <Window reader={viewer} title={t.departures.gapsTitle(patientName)} back={back}>
      {taken ? (
        <p class="notice" role="alert">
          {t.book.taken}
        </p>
      ) : null}
      <form {...inWindow(url)} class="gaps">
        <Csrf reader={viewer} />
        {days.length === 0 ? (
          <p class="empty">{providerInactive ? t.departures.providerInactive : t.departures.noGaps}</p>
        ) : null}
        {days.map(({ day, times }) => (
          <section class="day" aria-label={f.longDayOf(day)}>
            <h2>{f.longDayOf(day)}</h2>
            <div class="times">
              {times.map(({ startsAt, chairId, chairName }) => (
                <button
                  type="submit"
                  class="time"
                  name="time"
                  value={`${startsAt} ${chairId}`}
                  aria-label={t.departures.bookFor(f.longDayOf(day), f.time(startsAt), chairName)}
                  title={chairName}
                >
                  {f.time(startsAt)}
                </button>
              ))}
            </div>
          </section>
        ))}
      </form>
      {laterFrom ? (
        <p class="window-actions">
          <a class="button" {...opensWindow(`${leadingBack(gapsUrl, back)}&from=${laterFrom}`)}>
            {t.departures.laterDays}
          </a>
        </p>
      ) : null}
    </Window>
  );
}
