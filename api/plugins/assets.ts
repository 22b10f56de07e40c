import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import plugin from 'fastify-plugin';
import { rasterCss } from '../../views/book/raster.ts';
import { setAssetUrls } from '../../views/assets.ts';

/** Compiled code stands one folder deeper; styles and scripts are not copied. */
const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../../' : '../../', import.meta.url));
const htmx = join(dirname(createRequire(import.meta.url).resolve('htmx.org/package.json')), 'dist');

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' };

/** The few styles and scripts, in memory, under names that change with their content and so may be kept for ever. */
export const assets = plugin(async (app) => {
  const styles = ['base', 'forms', 'staff', 'book', 'patient'].map((name) => readFileSync(join(root, 'views/assets', `${name}.css`), 'utf8'));
  const files = {
    'nextvisit.css': [...styles, rasterCss()].join('\n'),
    'nextvisit.js': readFileSync(join(root, 'views/assets/nextvisit.js'), 'utf8'),
    'htmx.js': [readFileSync(join(htmx, 'htmx.min.js'), 'utf8'), readFileSync(join(htmx, 'ext/hx-sse.min.js'), 'utf8')].join('\n;\n'),
    'icon.svg': readFileSync(join(root, 'views/assets/icon.svg'), 'utf8'),
  };
  const urls: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    const url = `/assets/${createHash('sha256').update(content).digest('base64url').slice(0, 10)}/${name}`;
    urls[name] = url;
    app.get(url, { config: { public: true } }, (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=31536000, immutable')
        .type(types[name.split('.').at(-1) as keyof typeof types])
        .send(content),
    );
  }
  setAssetUrls(urls);
});
