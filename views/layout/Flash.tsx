import type { Viewer } from '../reader.ts';

/** What was just done, once, on the page that follows; `notice` is a word of locales' `layout.notices`. */
export function Flash({ viewer, notice }: { viewer: Viewer; notice: string | null }) {
  const text = notice ? (viewer.t.layout.notices as Record<string, string>)[notice] : undefined;
  return text ? (
    <p class="flash" role="status">
      {text}
    </p>
  ) : null;
}
