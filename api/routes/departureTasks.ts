import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { readEntry } from '../../domain/book/entry.ts';
import { permittedChairs } from '../../domain/book/places.ts';
import { instantAt, localDay } from '../../domain/book/rules/localTime.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { deskTimes } from '../../domain/bookings/deskTimes.ts';
import { sendLink } from '../../domain/bookings/sendLink.ts';
import { readTaskRow, readTasks, type TaskRow } from '../../domain/departures/list.ts';
import { postpone } from '../../domain/departures/postpone.ts';
import { letGoOfTask, takeTask } from '../../domain/departures/tasks.ts';
import { changePatient, readPatient } from '../../domain/people/patients.ts';
import { Refusal } from '../../domain/refusal.ts';
import { entryIn } from '../../views/book/address.ts';
import { CollectContactsWindow } from '../../views/departures/CollectContactsWindow.tsx';
import { DepartureTaskList } from '../../views/departures/DepartureTaskList.tsx';
import { DepartureTasksPage } from '../../views/departures/DepartureTasksPage.tsx';
import { GapsWindow } from '../../views/departures/GapsWindow.tsx';
import { PostponeWindow } from '../../views/departures/PostponeWindow.tsx';
import { NoContactsWarning, SendLinkWindow } from '../../views/departures/SendLinkWindow.tsx';
import { leadingBack } from '../../views/layout/Window.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { expectNoFields, parseForm, parseQuery, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { linkPreviews } from '../linkPreviews.ts';
import { desk } from '../roles.ts';
import { showWindow, wayBack } from '../window.ts';
import { dropForm } from './appointmentForms.ts';
import { contactsForm, deskTimeForm, fromQuery, linkForm, postponementForm } from './bookingForms.ts';

type WithId = { Params: { id: string } };
type Request = FastifyRequest<WithId>;

/** The list stands beside the book, and on a screen of its own. */
const backOf = (request: FastifyRequest) => wayBack(request, '/book', '/departure-tasks');

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
    showLink(request, reply, untouched),
  );

  app.post<WithId>('/departure-tasks/:id/link', { config: desk }, async (request, reply) => {
    const form = parseForm(linkForm, request.body);
    const sent = await submit(form, ({ channels }) =>
      app.database.transaction((tx) =>
        sendLink(tx, app.configuration.linkKeys, request.staff, request.params.id, channels),
      ),
    );
    return sent.ok ? reply.seeOther(backOf(request), 'link_sent') : showLink(request, reply, sent, 422);
  });

  app.get<WithId>('/departure-tasks/:id/contacts', { config: desk }, async (request, reply) =>
    showContacts(request, reply, untouched),
  );

  app.post<WithId>('/departure-tasks/:id/contacts', { config: desk }, async (request, reply) => {
    const task = await taskOf(request);
    const form = parseForm(contactsForm(request.viewer.practice.timeZone), request.body);
    const saved = await submit(form, (value) =>
      app.database.transaction((tx) => changePatient(tx, request.staff, task.patientId, value)),
    );
    return saved.ok ? reply.seeOther(backOf(request), 'contacts_saved') : showContacts(request, reply, saved, 422);
  });

  app.get<WithId>('/departure-tasks/:id/postponement', { config: desk }, async (request, reply) =>
    showPostponement(request, reply, untouched),
  );

  app.post<WithId>('/departure-tasks/:id/postponement', { config: desk }, async (request, reply) => {
    const form = parseForm(postponementForm(localDay(Date.now(), request.viewer.practice.timeZone)), request.body);
    const done = await submit(form, (value) =>
      app.database.transaction((tx) => postpone(tx, request.staff, request.params.id, value)),
    );
    return done.ok ? reply.seeOther(backOf(request), 'postponed') : showPostponement(request, reply, done, 422);
  });

  app.get<WithId>('/departure-tasks/:id/gaps', { config: desk }, async (request, reply) =>
    showGaps(request, reply, false),
  );

  for (const booking of ['appointment', 'first-free'])
    leadToForm(app, `/departure-tasks/:id/${booking}`, desk, '/departure-tasks/:id/gaps');

  app.post<WithId>('/departure-tasks/:id/appointment', { config: desk }, async (request, reply) => {
    const dropped = parseForm(dropForm, request.body);
    if (dropped.ok) return bookDropped(request, reply, dropped.value);
    const form = parseForm(deskTimeForm, request.body);
    if (!form.ok) throw new Refusal('invalid');
    const { startsAt, chairId } = form.value.time;
    return book(request, reply, startsAt, chairId);
  });

  app.post<WithId>('/departure-tasks/:id/first-free', { config: desk }, async (request, reply) => {
    expectNoFields(request.body);
    const { days } = await deskTimes(app.database, app.sql, await taskOf(request), null);
    const first = days[0]?.times[0];
    return first ? book(request, reply, new Date(first.startsAt), first.chairId) : showGaps(request, reply, false);
  });

  async function taskOf({ staff, params }: Request): Promise<TaskRow> {
    const task = await readTaskRow(app.sql, staff.practiceId, params.id);
    if (!task) throw new Refusal('not_found');
    return task;
  }

  async function book(request: Request, reply: FastifyReply, startsAt: Date, chairId: string) {
    const task = await taskOf(request);
    if (!task.providerId || task.minutes === 0) throw new Refusal('no_expected_time');
    const time = { providerId: task.providerId, chairIds: [chairId], startsAt, minutes: task.minutes };
    const booked = await app.database.transaction((tx) => bookAtDesk(tx, request.staff, task.bookingId, time));
    if (booked.taken) return showGaps(request, reply, true, 409);
    const entry = await readEntry(app.sql, request.staff.practiceId, booked.entryId);
    return reply.seeOther(entryIn(request.viewer, entry), 'booked');
  }

  /** The task was let go over the book: the column says with whom, or in which chair; answers without a page. */
  async function bookDropped(
    request: Request,
    reply: FastifyReply,
    { day, minute, provider, chair }: z.output<typeof dropForm>,
  ) {
    const { staff, viewer } = request;
    const task = await taskOf(request);
    const providerId = provider ?? task.providerId;
    if (!providerId || task.minutes === 0) throw new Refusal('no_expected_time');
    const startsAt = new Date(instantAt(day, minute, viewer.practice.timeZone));
    const booked = await app.database.transaction(async (tx) => {
      const chairIds = await permittedChairs(tx, staff, task.locationId, chair);
      return bookAtDesk(tx, staff, task.bookingId, { providerId, chairIds, startsAt, minutes: task.minutes });
    });
    if (booked.taken) throw new Refusal('time_not_free');
    return reply.code(204).send();
  }

  async function showLink(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const task = await taskOf(request);
    const url = `/departure-tasks/${task.id}`;
    const back = backOf(request);
    if (!task.email && !task.mobile) {
      const warning = NoContactsWarning({
        viewer,
        patientId: task.patientId,
        collectUrl: leadingBack(`${url}/contacts`, back),
        back,
      });
      return showWindow(reply, viewer, 'book', viewer.t.departures.noContactsTitle, warning, status);
    }
    const channels = await linkPreviews(app, task.bookingId);
    const window = SendLinkWindow({
      viewer,
      url: leadingBack(`${url}/link`, back),
      back,
      patientName: task.patientName,
      channels,
      form,
    });
    return showWindow(reply, viewer, 'book', viewer.t.departures.sendTitle, window, status);
  }

  async function showContacts(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const task = await taskOf(request);
    const { contactOwner } = await readPatient(app.database, request.staff, task.patientId);
    const back = backOf(request);
    const window = CollectContactsWindow({
      viewer,
      url: leadingBack(`/departure-tasks/${task.id}/contacts`, back),
      back,
      patient: { ...task, name: task.patientName, contactOwner },
      form,
    });
    return showWindow(reply, viewer, 'book', viewer.t.departures.collect, window, status);
  }

  async function showPostponement(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const { id, patientName } = await taskOf(request);
    const back = backOf(request);
    const window = PostponeWindow({
      viewer,
      url: leadingBack(`/departure-tasks/${id}/postponement`, back),
      back,
      patientName,
      form,
    });
    return showWindow(reply, viewer, 'book', viewer.t.departures.postpone, window, status);
  }

  async function showGaps(request: Request, reply: FastifyReply, taken: boolean, status = 200) {
    const { viewer } = request;
    const task = await taskOf(request);
    const { from } = parseQuery(fromQuery, request.query);
    const { days, laterFrom, requirement } = await deskTimes(app.database, app.sql, task, from);
    const url = `/departure-tasks/${task.id}`;
    const back = backOf(request);
    const window = GapsWindow({
      viewer,
      url: leadingBack(`${url}/appointment`, back),
      gapsUrl: `${url}/gaps`,
      back,
      patientName: task.patientName,
      days,
      laterFrom,
      taken,
      providerInactive: requirement.providerId !== null && !requirement.providerActive,
    });
    return showWindow(reply, viewer, 'book', viewer.t.departures.bookAtDesk, window, status);
  }
}
