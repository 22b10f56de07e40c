import type { FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import type { VNode } from 'preact';
import { fragment, page } from '../../views/render.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** A whole page. Nothing that names a person is kept by browsers or proxies. */
    page(node: VNode, status?: number): FastifyReply;
    /** A part of a page for htmx to swap in. */
    fragment(node: VNode, status?: number): FastifyReply;
    /** After a write: the browser goes on to a page; htmx is told so by its header, since fetch would swallow a redirect. */
    seeOther(url: string): FastifyReply;
    toSignIn(): FastifyReply;
  }
  interface FastifyRequest {
    /** Whether htmx asks for a part of a page. */
    wantsFragment: boolean;
  }
}

export const pages = plugin(async (app) => {
  app.decorateRequest('wantsFragment', false);
  app.addHook('onRequest', async (request) => {
    request.wantsFragment = request.headers['hx-request-type'] === 'partial';
  });
  app.decorateReply('page', function (this: FastifyReply, node: VNode, status = 200) {
    return send(this, page(node), status);
  });
  app.decorateReply('fragment', function (this: FastifyReply, node: VNode, status = 200) {
    return send(this, fragment(node), status);
  });
  app.decorateReply('seeOther', function (this: FastifyReply, url: string) {
    return this.request.wantsFragment ? this.code(204).header('hx-redirect', url).send() : this.redirect(url, 303);
  });
  app.decorateReply('toSignIn', function (this: FastifyReply) {
    const { method, url } = this.request;
    return this.seeOther(method === 'GET' && !this.request.wantsFragment ? `/sign-in?to=${encodeURIComponent(safePath(url))}` : '/sign-in');
  });
});

/** A path of our own to go back to; anything else would let a link lead elsewhere. */
export function safePath(path: unknown): string {
  return typeof path === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/';
}

function send(reply: FastifyReply, html: string, status: number): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}

export type PageRequest = FastifyRequest;
