import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readDay } from '../../domain/book/day.ts';
import { readEntry } from '../../domain/book/entry.ts';
import { addDays, localDay, minuteOfDay, weekdayOf } from '../../domain/book/rules/localTime.ts';
import { readTasks } from '../../domain/departures/list.ts';
import { entryIn } from '../../views/book/address.ts';
import { BookGrid } from '../../views/book/BookGrid.tsx';
import { BookPage } from '../../views/book/BookPage.tsx';
import { DepartureTaskList } from '../../views/departures/DepartureTaskList.tsx';
import { bookDayView } from '../bookDayView.ts';
import { choice, dayAsked } from '../fields.ts';
import { parseQuery } from '../form.ts';
import { everybody } from '../roles.ts';

const query = z.object({
  day: dayAsked,
  by: choice(['provider', 'chair']).catch('provider'),
  who: choice(['mine', 'all']).catch('mine'),
});

/** The Appointment Book's day. */
export async function book(app: FastifyInstance): Promise<void> {
  app.get('/', { config: everybody }, async (_request, reply) => reply.seeOther('/book'));

  app.get<{ Params: { id: string } }>('/book/entries/:id', { config: everybody }, async (request, reply) => {
    const entry = await readEntry(app.sql, request.staff.practiceId, request.params.id);
    return reply.redirect(entryIn(request.viewer, entry), 303);
  });

  app.get('/book', { config: everybody }, async (request, reply) => {
    const { viewer } = request;
    const { id: practiceId, timeZone, appointmentWorkflow } = viewer.practice;
    const today = localDay(Date.now(), timeZone);
    const asked = parseQuery(query, request.query);
    const shown = asked.day ?? today;
    const mine =
      viewer.role === 'provider' && asked.who === 'mine' && asked.by === 'provider' ? viewer.providerId : null;
    // What leaves here is booked here: another location's day is looked at without the list.
    const atWork = viewer.location.id === viewer.worksAt.id;
    const withTasks = viewer.role !== 'provider' && appointmentWorkflow && atWork && !request.wantsFragment;
    const [read, tasks] = await Promise.all([
      readDay(app.sql, { practiceId, locationId: viewer.location.id, day: shown, weekday: weekdayOf(shown), timeZone }),
      // The practice's open ones were counted a moment ago; mostly there are none.
      withTasks && viewer.counts.tasks > 0 ? readTasks(app.sql, practiceId, viewer.location.id) : [],
    ]);
    const grid = {
      viewer,
      day: shown,
      today,
      by: asked.by,
      who: asked.who,
      now: shown === today ? minuteOfDay(Date.now(), timeZone) : null,
      ...bookDayView(read, { by: asked.by, day: shown, today, timeZone, onlyProvider: mine }),
    };
    return reply.show({
      page: () =>
        BookPage({
          ...grid,
          dayBefore: addDays(shown, -1),
          dayAfter: addDays(shown, 1),
          appointments: read.entries.filter(({ kind }) => kind === 'appointment').length,
          notice: request.notice,
          tasks: withTasks ? DepartureTaskList({ viewer, tasks }) : null,
        }),
      fragment: () => BookGrid(grid),
    });
  });
}
