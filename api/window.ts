import type { FastifyReply } from 'fastify';
import type { VNode } from 'preact';
import { StaffPage, type Tab } from '../views/layout/StaffPage.tsx';
import type { Viewer } from '../views/reader.ts';

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
