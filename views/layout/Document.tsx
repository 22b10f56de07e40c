import type { ComponentChildren } from 'preact';
import { assetUrl } from '../assets.ts';
import type { Reader } from '../reader.ts';

const staffScripts = ['keys.js', 'lists.js', 'book.js', 'drag.js', 'order.js'];

/** The bare page: head, styles, scripts. */
export function Document({
  reader,
  title,
  kind,
  children,
}: {
  reader: Reader;
  title: string;
  kind: 'staff' | 'patient';
  children: ComponentChildren;
}) {
  return (
    <html lang={reader.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false,"morphIgnore":["data-htmx-powered","open"]}' />
        <title>{title}</title>
        <link rel="icon" href={assetUrl('icon.svg')} />
        <link rel="stylesheet" href={assetUrl('nextvisit.css')} />
        <script src={assetUrl('nextvisit.js')} type="module" />
        {kind === 'staff' ? <script src={assetUrl('live.js')} type="module" /> : null}
        {kind === 'staff' ? staffScripts.map((name) => <script src={assetUrl(name)} type="module" />) : null}
        {/* The last, since it begins at once: the others hear also of its first answers. */}
        <script src={assetUrl('htmx.js')} defer />
      </head>
      <body class={kind}>{children}</body>
    </html>
  );
}
