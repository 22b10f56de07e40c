import type { Viewer } from '../reader.ts';

/** The end of a form: save, or go back; in a window going back closes it. */
export function SaveButtons({ viewer, back }: { viewer: Viewer; back?: string }) {
  return (
    <p class="actions">
      <button type="submit" class="primary">
        {viewer.t.common.save}
      </button>
      {back ? (
        <a class="button quiet" href={back} data-close="window">
          {viewer.t.common.cancel}
        </a>
      ) : null}
    </p>
  );
}
