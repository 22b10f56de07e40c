import { Csrf } from '../forms/Csrf.tsx';
import type { Viewer } from '../reader.ts';

/** Moves a planned appointment within its plan. At the ends the buttons stay, so that the focus has where to stand. */
export function OrderButtons({
  viewer,
  id,
  name,
  place,
  last,
}: {
  viewer: Viewer;
  id: string;
  name: string;
  place: number;
  last: number;
}) {
  const { t } = viewer;
  const url = `/planned-appointments/${id}/position`;
  return (
    <form class="order" action={url} method="post" hx-post={url} hx-target="#chart" hx-swap="outerMorph">
      <Csrf reader={viewer} />
      <button
        type="submit"
        id={`up-${id}`}
        class="quiet icon-button"
        name="place"
        value={place - 1}
        aria-disabled={place === 1}
        aria-label={t.chart.upOf(name)}
        title={t.chart.up}
      >
        <span aria-hidden="true">↑</span>
      </button>
      <button
        type="submit"
        id={`down-${id}`}
        class="quiet icon-button"
        name="place"
        value={place + 1}
        aria-disabled={place === last}
        aria-label={t.chart.downOf(name)}
        title={t.chart.down}
      >
        <span aria-hidden="true">↓</span>
      </button>
    </form>
  );
}
