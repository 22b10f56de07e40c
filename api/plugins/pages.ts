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
    /** Whichever of the two the request asks for; 422 for a form that was not accepted. */
    show(views: { page: () => VNode; fragment: () => VNode }, status?: number): FastifyReply;
    /**
     * After a write: the browser goes on to a page; htmx is told so by its header, since fetch would swallow a redirect.
     * The next whole page finds the notice, a word such as patient_saved, in `request.notice`.
     */
    seeOther(url: string, notice?: string): FastifyReply;
    toSignIn(): FastifyReply;
  }
  interface FastifyRequest {
    /** Whether htmx asks for a part of a page. */
    wantsFragment: boolean;
    /** What the write before this page has to say. */
    notice: string | null;
  }
}

export const pages = plugin<{ https: boolean }>(async (app, { https }) => {
  app.decorateRequest('wantsFragment', false);
  app.decorateRequest('notice', null);
  app.addHook('preHandler', async (request) => {
    const notice = request.cookies.notice;
    if (notice && !request.wantsFragment && /^[a-z_]{1,40}$/.test(notice)) request.notice = notice;
  });
  app.addHook('onRequest', async (request) => {
    request.wantsFragment = request.headers['hx-request-type'] === 'partial';
  });
  app.decorateReply('page', function (this: FastifyReply, node: VNode, status = 200) {
    if (this.request.cookies?.notice) this.clearCookie('notice', { path: '/' });
    return send(this, page(node), status);
  });
  app.decorateReply('fragment', function (this: FastifyReply, node: VNode, status = 200) {
    return send(this, fragment(node), status);
  });
  app.decorateReply(
    'show',
    function (this: FastifyReply, views: { page: () => VNode; fragment: () => VNode }, status = 200) {
      return this.request.wantsFragment ? this.fragment(views.fragment(), status) : this.page(views.page(), status);
    },
  );
  app.decorateReply('seeOther', function (this: FastifyReply, url: string, notice?: string) {
    if (notice)
      this.setCookie('notice', notice, { path: '/', httpOnly: true, sameSite: 'lax', secure: https, maxAge: 60 });
    this.header('cache-control', 'no-store');
    return this.request.wantsFragment ? this.code(204).header('hx-redirect', url).send() : this.redirect(url, 303);
  });
  app.decorateReply('toSignIn', function (this: FastifyReply) {
    const to = whereTheReaderIs(this.request);
    return this.seeOther(to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`);
  });
});

/** The page the reader looks at: the one asked for, or the one that a form or a fragment belongs to. */
export function whereTheReaderIs(request: FastifyRequest): string {
  return request.method === 'GET' && !request.wantsFragment ? safePath(request.url) : whereTheReaderWas(request);
}

/** The page that a link, a form or a fragment was asked for from; '/' where nobody says. */
export function whereTheReaderWas(request: FastifyRequest): string {
  const from = request.headers['hx-current-url'] ?? request.headers.referer;
  const url = typeof from === 'string' && URL.canParse(from) ? new URL(from) : null;
  return url?.host === request.host ? safePath(url.pathname + url.search) : '/';
}

/** A path of our own to go back to, as a header can carry it; anything else would let a link lead elsewhere. */
export function safePath(path: unknown): string {
  return typeof path === 'string' && path.length <= 500 && /^\/(?![/\\])[!-[\]-~]*$/.test(path) ? path : '/';
}

function send(reply: FastifyReply, html: Buffer, status: number): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html);
}
