import type { ComponentChildren } from 'preact';
import { CloseIcon } from '../icons.tsx';
import type { Reader } from '../reader.ts';

export interface WindowProps {
  reader: Reader;
  title: string;
  /** Whom or what it is about. */
  about?: ComponentChildren;
  /** Where closing leads without scripts. */
  back: string;
  children: ComponentChildren;
}

/** A window's content: shown in the page's dialog by htmx, or as a page of its own without scripts. */
export function Window({ reader, title, about, children, back }: WindowProps) {
  return (
    <section class="window-content" aria-labelledby="window-title">
      <header>
        <div>
          <h1 id="window-title">{title}</h1>
          {about ? <p class="hint">{about}</p> : null}
        </div>
        <a class="button quiet icon-only" href={back} data-close="window" title={reader.t.common.close}>
          <CloseIcon />
          <span class="visually-hidden">{reader.t.common.close}</span>
        </a>
      </header>
      {children}
    </section>
  );
}

/** The end of a window: its button, and the way out. */
export function WindowActions({ reader, back, children }: Pick<WindowProps, 'reader' | 'back' | 'children'>) {
  return (
    <p class="window-actions">
      {children}
      <a class="button quiet" href={back} data-close="window">
        {reader.t.common.cancel}
      </a>
    </p>
  );
}

/** What makes a link open its page as a window. */
export const opensWindow = (url: string) => ({
  href: url,
  'hx-get': url,
  'hx-target': '#window',
  'hx-swap': 'innerHTML',
});

/** The address of a window, or of what it sends, that remembers where it leads back to. */
export const leadingBack = (url: string, back: string) => `${url}?back=${encodeURIComponent(back)}`;

/** What makes a window's form stay in the window when it is not accepted. */
export const inWindow = (url: string) => ({
  action: url,
  method: 'post' as const,
  // What is wrong is said by the answer, in the reader's language, not by the browser in its own.
  noValidate: true,
  'hx-post': url,
  'hx-target': '#window',
  'hx-swap': 'innerHTML',
  // A button pressed twice is pressed once.
  'hx-sync': 'drop',
});
