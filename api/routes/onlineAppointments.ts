import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { mostShown, readOnlineAppointments } from '../../domain/book/online.ts';
import { addDays, localDay, startOfDay } from '../../domain/book/rules/localTime.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { Refusal } from '../../domain/refusal.ts';
import {
  OnlineAppointmentsList,
  OnlineAppointmentsPage,
} from '../../views/onlineAppointments/OnlineAppointmentsPage.tsx';
import { dayAsked, optionalUuid } from '../fields.ts';
import { parseQuery } from '../form.ts';
import { desk } from '../roles.ts';

const query = z.object({
  from: dayAsked,
  until: dayAsked,
  provider: optionalUuid.catch(null),
});

/** The tab of bookings made online; a practice setting shows it. */
export async function onlineAppointments(app: FastifyInstance): Promise<void> {
  app.get('/online-appointments', { config: desk }, async (request, reply) => {
    const { viewer, staff } = request;
    const { timeZone, onlineAppointmentsTab } = viewer.practice;
    if (!onlineAppointmentsTab) throw new Refusal('not_found');
    const asked = parseQuery(query, request.query);
    const today = localDay(Date.now(), timeZone);
    const until = asked.until ?? today;
    const from = asked.from ?? addDays(today, -30);
    const [found, providers] = await Promise.all([
      readOnlineAppointments(app.sql, {
        practiceId: staff.practiceId,
        from: new Date(startOfDay(from, timeZone)),
        until: new Date(startOfDay(addDays(until, 1), timeZone)),
        providerId: asked.provider,
      }),
      providerChoices(app.sql, staff),
    ]);
    const shown = { rows: found.slice(0, mostShown), more: found.length > mostShown };
    const props = { viewer, from, until, providerId: asked.provider, providers, ...shown };
    return reply.show({ page: () => OnlineAppointmentsPage(props), fragment: () => OnlineAppointmentsList(props) });
  });
}
