import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import type { Sql } from 'postgres';
import type { Staff } from '../../domain/acting.ts';
import { formats, type Language } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import type { Reader, Role, Viewer } from '../../views/reader.ts';

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
  }
}

/** After this long without a request a session is locked: anybody may walk up to a desk's screen. */
const idleMs = 15 * 60_000;

interface ViewerRow {
  id: string;
  name: string;
  role: Role;
  language: Language;
  provider_id: string | null;
  location_id: string | null;
  practice_id: string;
  practice_name: string;
  time_zone: string;
  appointment_workflow: boolean;
  online_appointments_tab: boolean;
  locations: { id: string; name: string }[];
  tasks: number;
  follow_ups: number;
}

export const viewer = plugin<{ sql: Sql; temporalUiUrl: string | null }>(async (app, { sql, temporalUiUrl }) => {
  app.decorateRequest('viewer');
  app.decorateRequest('staff');
  app.decorateRequest('reader');

  app.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.public && !config?.roles) throw new Error(`the route ${method} ${url} names no roles`);
  });

  app.addHook('preHandler', async (request, reply) => {
    request.reader = readerOf(request);
    const { roles } = request.routeOptions.config;
    if (!roles) return;
    const { userId, lastSeenAt, locked } = request.session;
    if (!userId) return reply.toSignIn();
    if (locked || (lastSeenAt && Date.now() - lastSeenAt > idleMs)) {
      request.session.locked = true;
      return reply.toSignIn();
    }
    const row = await readViewer(sql, userId);
    if (!row) return reply.toSignIn();
    // Written at most once a minute: reading a page should not cost a write.
    if (!lastSeenAt || Date.now() - lastSeenAt > 60_000) request.session.lastSeenAt = Date.now();
    request.staff = { practiceId: row.practice_id, userId: row.id };
    request.reader = readerOf(request, row.language, row.time_zone);
    request.viewer = viewerOf(row, request.reader, temporalUiUrl);
    if (!roles.includes(row.role)) throw app.httpErrors.forbidden();
  });
});

function readerOf(request: FastifyRequest, language?: Language, zone = 'UTC'): Reader {
  const chosen = language ?? languageOf(request);
  return { language: chosen, t: texts(chosen), f: formats(chosen, zone), csrf: () => request.csrfToken(), path: request.url.split('?')[0]! };
}

/** A visitor's choice, else the browser's first language that we speak. */
function languageOf(request: FastifyRequest): Language {
  const chosen = request.cookies.language;
  if (chosen === 'en' || chosen === 'nl') return chosen;
  return /^\s*nl\b/i.test(request.headers['accept-language'] ?? '') ? 'nl' : 'en';
}

async function readViewer(sql: Sql, userId: string): Promise<ViewerRow | undefined> {
  const [row] = await sql<ViewerRow[]>`
    select u.id, u.name, u.role, u.language, u.provider_id, u.location_id, u.practice_id, p.name as practice_name, p.time_zone,
      p.appointment_workflow, p.online_appointments_tab,
      (select json_agg(json_build_object('id', l.id, 'name', l.name) order by l.name) from locations l where l.practice_id = p.id) as locations,
      (select count(*)::int from departure_tasks t where t.practice_id = p.id and t.closed_at is null) as tasks,
      (select count(*)::int from follow_ups f where f.practice_id = p.id and f.closed_at is null) as follow_ups
    from users u join practices p on p.id = u.practice_id
    where u.id = ${userId} and u.active`;
  return row;
}

function viewerOf(row: ViewerRow, reader: Reader, temporalUiUrl: string | null): Viewer {
  return {
    ...reader,
    userId: row.id,
    name: row.name,
    role: row.role,
    providerId: row.provider_id,
    practice: {
      id: row.practice_id,
      name: row.practice_name,
      timeZone: row.time_zone,
      appointmentWorkflow: row.appointment_workflow,
      onlineAppointmentsTab: row.online_appointments_tab,
    },
    locations: row.locations,
    location: row.locations.find(({ id }) => id === row.location_id) ?? row.locations[0]!,
    counts: { tasks: row.tasks, followUps: row.follow_ups },
    temporalUiUrl,
  };
}
