import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { permittedChairs } from '../../domain/book/places.ts';
import { instantAt, localDay } from '../../domain/book/rules/localTime.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { deskTimes } from '../../domain/bookings/deskTimes.ts';
import { sendLink } from '../../domain/bookings/sendLink.ts';
import { readTaskRow, readTasks, type TaskRow } from '../../domain/departures/list.ts';
import { postpone } from '../../domain/departures/postpone.ts';
import { letGoOfTask, takeTask } from '../../domain/departures/tasks.ts';
import { Refusal } from '../../domain/refusal.ts';
import { DepartureTaskList } from '../../views/departures/DepartureTaskList.tsx';
import { DepartureTasksPage } from '../../views/departures/DepartureTasksPage.tsx';
import { untouched } from '../../views/reader.ts';
import { expectNoFields, parseForm, parseQuery, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { desk } from '../roles.ts';
import { wayBack } from '../window.ts';
import { dropForm } from './appointmentForms.ts';
import { deskTimeForm, fromQuery, linkForm, postponementForm } from './bookingForms.ts';
import {
  bookChosen,
  type Place,
  saveContacts,
  showContacts,
  showGaps,
  showPostponement,
  showSendLink,
} from './bookingWindows.ts';

type WithId = { Params: { id: string } };
type Request = FastifyRequest<WithId>;

/** Of a task's windows; the list stands beside the book, and on a screen of its own. */
const placeOf = (request: Request): Place => ({
  tab: 'book',
  url: `/departure-tasks/${request.params.id}`,
  back: wayBack(request, '/book', '/departure-tasks'),
});

/** The Departure Task List: what reception does for those who are leaving. */
export async function departureTasks(app: FastifyInstance): Promise<void> {
  app.get('/departure-tasks', { config: desk }, async ({ viewer, notice }, reply) => {
    const props = { viewer, tasks: await readTasks(app.sql, viewer.practice.id, viewer.location.id) };
    return reply.show({
      page: () => DepartureTasksPage({ ...props, notice }),
      fragment: () => DepartureTaskList(props),
    });
  });

  for (const [path, verb] of [
    ['taking', takeTask],
    ['letting-go', letGoOfTask],
  ] as const) {
    app.post<WithId>(`/departure-tasks/:id/${path}`, { config: desk }, async (request, reply) => {
      expectNoFields(request.body);
      const { id } = await taskOf(request);
      await app.database.transaction((tx) => verb(tx, request.staff, id));
      return reply.code(204).send();
    });
  }

  app.get<WithId>('/departure-tasks/:id/link', { config: desk }, async (request, reply) =>
    showSendLink(request, reply, placeOf(request), await taskOf(request), untouched),
  );

  app.post<WithId>('/departure-tasks/:id/link', { config: desk }, async (request, reply) => {
    const form = parseForm(linkForm, request.body);
    const sent = await submit(form, ({ channels }) =>
      app.database.transaction((tx) =>
        sendLink(tx, app.configuration.linkKeys, request.staff, request.params.id, channels),
      ),
    );
    const place = placeOf(request);
    return sent.ok
      ? reply.seeOther(place.back, 'link_sent')
      : showSendLink(request, reply, place, await taskOf(request), sent, 422);
  });

  app.get<WithId>('/departure-tasks/:id/contacts', { config: desk }, async (request, reply) =>
    showContacts(request, reply, placeOf(request), await taskOf(request), untouched),
  );

  app.post<WithId>('/departure-tasks/:id/contacts', { config: desk }, async (request, reply) =>
    saveContacts(request, reply, placeOf(request), await taskOf(request)),
  );

  app.get<WithId>('/departure-tasks/:id/postponement', { config: desk }, async (request, reply) =>
    showPostponement(request, reply, placeOf(request), await taskOf(request), untouched),
  );

  app.post<WithId>('/departure-tasks/:id/postponement', { config: desk }, async (request, reply) => {
    const form = parseForm(postponementForm(localDay(Date.now(), request.viewer.practice.timeZone)), request.body);
    const done = await submit(form, (value) =>
      app.database.transaction((tx) => postpone(tx, request.staff, request.params.id, value)),
    );
    const place = placeOf(request);
    return done.ok
      ? reply.seeOther(place.back, 'postponed')
      : showPostponement(request, reply, place, await taskOf(request), done, 422);
  });

  app.get<WithId>('/departure-tasks/:id/gaps', { config: desk }, async (request, reply) => gapsOf(request, reply));

  for (const booking of ['appointment', 'first-free'])
    leadToForm(app, `/departure-tasks/:id/${booking}`, desk, '/departure-tasks/:id/gaps');

  app.post<WithId>('/departure-tasks/:id/appointment', { config: desk }, async (request, reply) => {
    const dropped = parseForm(dropForm, request.body);
    if (dropped.ok) return bookDropped(request, reply, dropped.value);
    const form = parseForm(deskTimeForm, request.body);
    if (!form.ok) throw new Refusal('invalid');
    return book(request, reply, form.value.time);
  });

  app.post<WithId>('/departure-tasks/:id/first-free', { config: desk }, async (request, reply) => {
    expectNoFields(request.body);
    const { days } = await deskTimes(app.database, app.sql, await taskOf(request), null);
    const first = days[0]?.times[0];
    return first ? book(request, reply, { ...first, startsAt: new Date(first.startsAt) }) : gapsOf(request, reply);
  });

  async function taskOf({ staff, params }: Request): Promise<TaskRow> {
    const task = await readTaskRow(app.sql, staff.practiceId, params.id);
    if (!task) throw new Refusal('not_found');
    return task;
  }

  async function book(request: Request, reply: FastifyReply, time: { startsAt: Date; chairId: string }) {
    const again = () => gapsOf(request, reply, { taken: true, status: 409 });
    return bookChosen(request, reply, await taskOf(request), time, again);
  }

  /** The task was let go over the book: the column says with whom, or in which chair; answers without a page. */
  async function bookDropped(
    request: Request,
    reply: FastifyReply,
    { day, minute, provider, chair }: z.output<typeof dropForm>,
  ) {
    const { staff, viewer } = request;
    const task = await taskOf(request);
    const startsAt = new Date(instantAt(day, minute, viewer.practice.timeZone));
    const booked = await app.database.transaction(async (tx) => {
      const chairIds = await permittedChairs(tx, staff, task.locationId, chair);
      return bookAtDesk(tx, staff, task.bookingId, { providerId: provider, chairIds, startsAt });
    });
    if (booked.taken) throw new Refusal('time_not_free');
    return reply.code(204).send();
  }

  async function gapsOf(request: Request, reply: FastifyReply, again: { taken?: boolean; status?: number } = {}) {
    const task = await taskOf(request);
    const { from } = parseQuery(fromQuery, request.query);
    const times = await deskTimes(app.database, app.sql, task, from);
    const title = request.viewer.t.departures.bookAtDesk;
    return showGaps(request, reply, { ...placeOf(request), title, from }, task, times, again);
  }
}
