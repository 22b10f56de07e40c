import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { StaffPage, type Tab } from '../views/layout/StaffPage.tsx';
import type { Viewer } from '../views/reader.ts';
import { safePath, whereTheReaderWas } from './plugins/pages.ts';

/** Shows a window: into the page's dialog for htmx, as a page of its own without scripts. */
export function showWindow(
  reply: FastifyReply,
  viewer: Viewer,
  tab: Tab,
  title: string,
  content: VNode,
  status = 200,
): FastifyReply {
  return reply.show(
    { page: () => StaffPage({ viewer, tab, title, window: content, children: null }), fragment: () => content },
    status,
  );
}

/**
 * Where a window leads back to: the page under it as its reader had it, if that is one of `pages`; else the first of them.
 * Without scripts a window is a page of its own, so its address may say it; see `leadingBack`.
 */
export function wayBack(request: FastifyRequest, ...pages: [string, ...string[]]): string {
  const { back } = request.query as { back?: unknown };
  const known = (path: string) => pages.includes(path.split('?')[0]!);
  return [safePath(back), whereTheReaderWas(request)].find(known) ?? pages[0];
}
