import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import type { Staff } from '../../domain/acting.ts';
import { isNoWorkerThere } from '../../domain/engine/workers.ts';
import { countAttention } from '../../domain/openBookings/attention.ts';
import type { SignedIn } from '../../domain/people/users.ts';
import { inside } from '../../drizzle/wall.ts';
import { formats, type Language } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import type { Reader, Role, Viewer } from '../../views/reader.ts';
import { safePath } from './pages.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The signed-in member of staff; on routes that name roles only. */
    viewer: Viewer;
    staff: Staff;
    /** Whoever reads the page, in their language. */
    reader: Reader;
  }
  interface FastifyContextConfig {
    /** Who may use the route; every route names them, or says that it is public. */
    roles?: Role[];
    public?: boolean;
    /** Asked by the screen, not by its user: does not keep a session awake. */
    unattended?: boolean;
  }
}

/** After this long without a request a session is locked: anybody may walk up to a desk's screen. */
export const idleMs = 15 * 60_000;
const noteSeenEveryMs = 60_000;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Knows who reads, lets in whom the route names, and sends the others to sign in. */
export const viewer = plugin<{ temporalUiUrl: string | null }>(async (app, { temporalUiUrl }) => {
  app.decorateRequest('viewer');
  app.decorateRequest('staff');
  app.decorateRequest('reader');

  app.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.public && !config?.roles) throw new Error(`the route ${method} ${url} names no roles`);
  });

  app.addHook('onRequest', async (request, reply) => {
    request.reader = readerOf(request);
    if (
      Object.entries((request.params ?? {}) as Record<string, string>).some(
        ([name, value]) => /(^i|I)d$/.test(name) && !uuid.test(value),
      )
    ) {
      throw app.httpErrors.notFound();
    }
    const { roles } = request.routeOptions.config;
    if (!roles) return;
    if (!isAwake(request)) return request.routeOptions.config.unattended ? reply.code(401).send() : reply.toSignIn();
    const user = request.session.signedIn?.();
    if (!user) return reply.toSignIn();
    request.staff = { practiceId: user.practiceId, userId: user.id };
    request.reader = readerOf(request, user.language, user.timeZone);
    const [attention, noWorker] =
      user.role === 'manager'
        ? await Promise.all([
            inside(user, () => countAttention(app.sql, user.practiceId)),
            isNoWorkerThere(app.outside.sql),
          ])
        : [0, false];
    request.viewer = viewerOf(user, request.reader, temporalUiUrl, { attention, noWorker }, request.query);
    // Pages before the next sign-in keep the user's language.
    if (request.cookies.language !== user.language) rememberLanguage(app, reply, user.language);
    if (!roles.includes(user.role)) throw app.httpErrors.forbidden();
  });
});

/** A reader's language, kept in their browser. */
export function rememberLanguage({ configuration }: FastifyInstance, reply: FastifyReply, language: Language): void {
  const secure = configuration.publicUrl.startsWith('https:');
  reply.setCookie('language', language, { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: 365 * 86_400 });
}

/** Whether somebody is signed in and not idle; notes that they were seen. */
export function isAwake(request: FastifyRequest): boolean {
  const { session } = request;
  if (!session.userId || session.locked) return false;
  const now = Date.now();
  const idleFor = now - (session.lastSeenAt ?? 0);
  if (idleFor > idleMs) {
    session.locked = true;
    return false;
  }
  const attended = !request.routeOptions.config.unattended && request.headers['x-unattended'] === undefined;
  if (attended && idleFor > noteSeenEveryMs) session.lastSeenAt = now;
  return true;
}

/** A reader of a page, by default in the language of their browser or their choice. */
export function readerOf(request: FastifyRequest, language = languageOf(request), zone = 'UTC'): Reader {
  return {
    language,
    t: texts(language),
    f: formats(language, zone),
    csrf: () => request.csrfToken(),
    path: safePath(request.url),
  };
}

/** A visitor's choice, else the browser's first language that we speak. */
function languageOf(request: FastifyRequest): Language {
  const chosen = request.cookies?.language;
  if (chosen === 'en' || chosen === 'nl') return chosen;
  return /^\s*nl\b/i.test(request.headers['accept-language'] ?? '') ? 'nl' : 'en';
}

function viewerOf(
  { id, name, role, providerId, practiceId, ...user }: SignedIn,
  reader: Reader,
  temporalUiUrl: string | null,
  { attention, noWorker }: { attention: number; noWorker: boolean },
  query: unknown,
): Viewer {
  const { location: asked } = query as { location?: unknown };
  const worksAt = user.locations.find((location) => location.id === user.locationId) ?? user.locations[0]!;
  const location = user.locations.find(({ id }) => id === asked) ?? worksAt;
  return {
    ...reader,
    userId: id,
    name,
    role,
    providerId,
    practice: {
      id: practiceId,
      name: user.practiceName,
      timeZone: user.timeZone,
      appointmentWorkflow: user.appointmentWorkflow,
      onlineAppointmentsTab: user.onlineAppointmentsTab,
    },
    locations: user.locations,
    location,
    worksAt,
    counts: { tasks: user.tasks[location.id] ?? 0, followUps: user.followUps, attention },
    noWorker,
    temporalUiUrl,
  };
}
