import { Readable } from 'node:stream';
import type { FastifyError, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import type { Sql } from 'postgres';
import { type Access, type AccessedPart, noteAccess, type PatientReference } from '../../domain/people/access.ts';
import { inside } from '../../drizzle/wall.ts';
import { answerInstead } from './errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The patient that the answer is about, where the address does not say so. */
    patientOpened: string | null;
    /** Whether the access log has this request's line. */
    accessNoted: boolean;
  }
}

/** What is opened by addresses that begin so, and what their id stands for. The longest beginning counts. */
const opened: [beginning: string, what: AccessedPart, reference: PatientReference][] = [
  ['/patients', 'file', 'patient'],
  ['/patients/:id/edit', 'contacts', 'patient'],
  ['/patients/:id/chart', 'chart', 'patient'],
  ['/patients/:id/treatment-plans', 'chart', 'patient'],
  ['/patients/:id/export', 'export', 'patient'],
  ['/patients/:id/erasure', 'erasure', 'patient'],
  ['/treatment-plans', 'chart', 'treatmentPlan'],
  ['/planned-appointments', 'chart', 'plannedAppointment'],
  ['/book/appointments', 'appointment', 'entry'],
  ['/book/appointments/:id/departure', 'departure', 'entry'],
  ['/departures', 'departure', 'departure'],
  ['/departure-tasks', 'departure_task', 'departureTask'],
  ['/follow-up', 'follow_up', 'followUp'],
  ['/bookings', 'booking', 'booking'],
  ['/reports/access', 'access_log', 'patient'],
];

/**
 * The access log: who opened which patient is written before the answer leaves, and without its line no answer leaves. Lists
 * of the day's work (the book's day, tasks, Follow Up, search) open nobody; see docs/security.md.
 */
export const access = plugin<{ sql: Sql }>(async (app, { sql }) => {
  app.decorateRequest('patientOpened', null);
  app.decorateRequest('accessNoted', false);
  app.addHook('onSend', async (request, reply, answer: unknown) => {
    if (request.accessNoted || !request.staff) return answer;
    const entry = openedBy(request.routeOptions.url ?? '');
    const id = request.patientOpened ?? (request.params as { id?: string }).id;
    if (!entry || !id) return answer;
    request.accessNoted = true;
    const [, what, reference] = entry;
    try {
      const access: Access = {
        by: { ...request.staff, role: request.viewer.role },
        what,
        act: actOf(request, reply.statusCode),
        address: request.ip,
        reference: request.patientOpened ? 'patient' : reference,
        id,
        unattended: request.headers['x-unattended'] !== undefined,
      };
      // Also where the answer comes from elsewhere than the handler.
      await inside(request.staff, () => noteAccess(sql, access));
      return answer;
    } catch (error) {
      if (answer instanceof Readable) answer.destroy();
      return answerInstead(error as FastifyError, request, reply);
    }
  });
});

function openedBy(url: string) {
  const fitting = opened.filter(
    ([beginning]) => url.startsWith(beginning) && /^(?![\w-])/.test(url.slice(beginning.length)),
  );
  return fitting.sort(([one], [other]) => other.length - one.length)[0];
}

function actOf({ method }: FastifyRequest, status: number) {
  if (status >= 400) return 'refused';
  return method === 'POST' ? 'done' : 'seen';
}
