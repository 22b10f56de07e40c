import type { ComponentChildren } from 'preact';
import type { Reader } from '../reader.ts';

/** A window's content: shown in the page's dialog by htmx, or as a page of its own without scripts. */
export function Window({
  reader,
  title,
  children,
  back,
}: {
  reader: Reader;
  title: string;
  children: ComponentChildren;
  back: string;
}) {
  return (
    <section class="window-content" aria-labelledby="window-title">
      <header>
        <h2 id="window-title">{title}</h2>
        <a class="button quiet" href={back} data-close="window">
          {reader.t.common.close}
        </a>
      </header>
      {children}
    </section>
  );
}

/** What makes a link open its page as a window. */
export const opensWindow = (url: string) => ({
  href: url,
  'hx-get': url,
  'hx-target': '#window',
  'hx-swap': 'innerHTML',
});

/** What makes a window's form stay in the window when it is not accepted. */
export const inWindow = (url: string) => ({
  action: url,
  method: 'post' as const,
  'hx-post': url,
  'hx-target': '#window',
  'hx-swap': 'innerHTML',
});
