import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import plugin from 'fastify-plugin';
import { setAssetUrls } from '../../views/assets.ts';
import { rasterCss } from '../../views/book/raster.ts';

/** Compiled code stands one folder deeper; styles and scripts are not copied. */
const root = fileURLToPath(new URL(import.meta.url.includes('/dist/') ? '../../../' : '../../', import.meta.url));
const own = join(root, 'views/assets');
const htmx = join(dirname(createRequire(import.meta.url).resolve('htmx.org/package.json')), 'dist');

const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
};

/** The few styles, scripts and pictures, in memory, under names that change with their content and so may be kept for ever. */
export const assets = plugin(async (app) => {
  const urls: Record<string, string> = {};
  for (const [name, content] of Object.entries(files())) {
    const url = `/assets/${createHash('sha256').update(content).digest('base64url').slice(0, 10)}/${name}`;
    // A quality near the best takes a tenth of its time; a start should not stand still for it.
    const small = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
    urls[name] = url;
    app.get(url, { config: { public: true } }, (request, reply) => {
      const takesBrotli = /\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''));
      if (takesBrotli) reply.header('content-encoding', 'br');
      reply.header('cache-control', 'public, max-age=31536000, immutable').header('vary', 'accept-encoding');
      return reply.type(types[name.split('.').at(-1)!]!).send(takesBrotli ? small : content);
    });
  }
  setAssetUrls(urls);
});

/** All style sheets as one, `base` first; htmx with its event streams as one; everything else by its name. */
function files(): Record<string, Buffer> {
  const names = existsSync(own) ? readdirSync(own).sort() : [];
  const all = (kind: string) => names.filter((name) => name.endsWith(kind));
  const read = (name: string) => readFileSync(join(own, name), 'utf8');
  const styles = all('.css').sort((a, b) => Number(b === 'base.css') - Number(a === 'base.css'));
  const streams = ['htmx.min.js', 'ext/hx-sse.min.js'].map((name) => readFileSync(join(htmx, name), 'utf8'));
  return {
    'nextvisit.css': Buffer.from([...styles.map(read), rasterCss()].join('\n')),
    'htmx.js': Buffer.from(streams.join('\n;\n')),
    ...Object.fromEntries(['.js', '.svg', '.png'].flatMap(all).map((name) => [name, readFileSync(join(own, name))])),
  };
}
