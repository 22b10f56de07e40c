import type { Viewer } from '../reader.ts';

/** The end of a form: save, or go back; in a window going back closes it. */
export function SaveButtons({ viewer, back, label }: { viewer: Viewer; back?: string; label?: string }) {
  return (
    <p class="actions">
      <button type="submit" class="primary">
        {label ?? viewer.t.common.save}
      </button>
      {back ? (
        <a class="button quiet" href={back} data-close="window">
          {viewer.t.common.cancel}
        </a>
      ) : null}
    </p>
  );
}
