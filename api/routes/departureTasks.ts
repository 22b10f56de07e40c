import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readEntry } from '../../domain/book/entry.ts';
import { assertProvider, permittedChairs } from '../../domain/book/places.ts';
import { firstAllowedDay } from '../../domain/book/rules/interval.ts';
import { instantAt, localDay } from '../../domain/book/rules/localTime.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { deskTimes } from '../../domain/bookings/deskTimes.ts';
import { sendLink } from '../../domain/bookings/sendLink.ts';
import { readTaskRow, readTasks, type TaskRow } from '../../domain/departures/list.ts';
import { postpone } from '../../domain/departures/postpone.ts';
import { letGoOfTask, takeTask } from '../../domain/departures/tasks.ts';
import { phoneRegionOf, readEmail, readMobile } from '../../domain/people/contacts.ts';
import { changePatient, readPatient } from '../../domain/people/patients.ts';
import { Refusal } from '../../domain/refusal.ts';
import { entryIn } from '../../views/book/address.ts';
import { CollectContactsWindow } from '../../views/departures/CollectContactsWindow.tsx';
import { DepartureTaskList } from '../../views/departures/DepartureTaskList.tsx';
import { DepartureTasksPage } from '../../views/departures/DepartureTasksPage.tsx';
import { GapsWindow } from '../../views/departures/GapsWindow.tsx';
import { PostponeWindow } from '../../views/departures/PostponeWindow.tsx';
import { NoContactsWarning, SendLinkWindow } from '../../views/departures/SendLinkWindow.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { choice, optionalText } from '../fields.ts';
import { expectNoFields, parseForm, parseQuery, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { linkPreviews } from '../linkPreviews.ts';
import { desk } from '../roles.ts';
import { showWindow } from '../window.ts';
import { dropForm } from './appointmentForms.ts';
import { deskTimeForm, fromQuery, linkForm, postponementForm } from './bookingForms.ts';

type WithId = { Params: { id: string } };
type Request = FastifyRequest<WithId>;

/** The Departure Task List: what reception does for those who are leaving. */
export async function departureTasks(app: FastifyInstance): Promise<void> {
  app.get('/departure-tasks', { config: desk }, async ({ viewer }, reply) => {
    const props = { viewer, tasks: await readTasks(app.sql, viewer.practice.id, viewer.location.id) };
    return reply.show({ page: () => DepartureTasksPage(props), fragment: () => DepartureTaskList(props) });
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
    return sent.ok ? reply.seeOther('/book', 'link_sent') : showLink(request, reply, sent, 422);
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
    return saved.ok ? reply.seeOther('/book', 'contacts_saved') : showContacts(request, reply, saved, 422);
  });

  app.get<WithId>('/departure-tasks/:id/postponement', { config: desk }, async (request, reply) =>
    showPostponement(request, reply, untouched),
  );

  app.post<WithId>('/departure-tasks/:id/postponement', { config: desk }, async (request, reply) => {
    const form = parseForm(postponementForm(localDay(Date.now(), request.viewer.practice.timeZone)), request.body);
    const done = await submit(form, (value) =>
      app.database.transaction((tx) => postpone(tx, request.staff, request.params.id, value)),
    );
    return done.ok ? reply.seeOther('/book', 'postponed') : showPostponement(request, reply, done, 422);
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
    if (day < firstAllowedDay(task.visitDay, task.intervalDays)) throw new Refusal('before_first_day');
    const startsAt = new Date(instantAt(day, minute, viewer.practice.timeZone));
    const booked = await app.database.transaction(async (tx) => {
      await assertProvider(tx, staff, providerId);
      const chairIds = await permittedChairs(tx, staff, task.locationId, chair);
      return bookAtDesk(tx, staff, task.bookingId, { providerId, chairIds, startsAt, minutes: task.minutes });
    });
    if (booked.taken) throw new Refusal('time_not_free');
    return reply.code(204).send();
  }

  async function showLink(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const task = await taskOf(request);
    const url = `/departure-tasks/${task.id}/link`;
    if (!task.email && !task.mobile) {
      const warning = NoContactsWarning({
        viewer,
        patientId: task.patientId,
        collectUrl: `/departure-tasks/${task.id}/contacts`,
        back: '/book',
      });
      return showWindow(reply, viewer, 'book', viewer.t.departures.noContactsTitle, warning, status);
    }
    const channels = await linkPreviews(app, task.bookingId);
    const window = SendLinkWindow({ viewer, url, back: '/book', patientName: task.patientName, channels, form });
    return showWindow(reply, viewer, 'book', viewer.t.departures.sendTitle, window, status);
  }

  async function showContacts(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const task = await taskOf(request);
    const { contactOwner } = await readPatient(app.database, request.staff, task.patientId);
    const window = CollectContactsWindow({ viewer, task, contactOwner, form });
    return showWindow(reply, viewer, 'book', viewer.t.departures.collect, window, status);
  }

  async function showPostponement(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const { id, patientName } = await taskOf(request);
    const window = PostponeWindow({
      viewer,
      url: `/departure-tasks/${id}/postponement`,
      back: '/book',
      patientName,
      form,
    });
    return showWindow(reply, viewer, 'book', viewer.t.departures.postpone, window, status);
  }

  async function showGaps(request: Request, reply: FastifyReply, taken: boolean, status = 200) {
    const { viewer } = request;
    const task = await taskOf(request);
    const { from } = parseQuery(fromQuery, request.query);
    const { days, laterFrom } = await deskTimes(app.database, app.sql, task, from);
    const url = `/departure-tasks/${task.id}`;
    const window = GapsWindow({
      viewer,
      url: `${url}/appointment`,
      gapsUrl: `${url}/gaps`,
      back: '/book',
      patientName: task.patientName,
      days,
      laterFrom,
      taken,
    });
    return showWindow(reply, viewer, 'book', viewer.t.departures.bookAtDesk, window, status);
  }
}

/** Both may be empty, what is there must be right. */
const contactsForm = (timeZone: string) =>
  z.strictObject({
    mobile: optionalText(30).transform((text, context) =>
      contact(text, readMobile(text, phoneRegionOf(timeZone)), 'mobile_invalid', context),
    ),
    email: optionalText(254).transform((text, context) => contact(text, readEmail(text), 'email_invalid', context)),
    contactOwner: choice(['patient', 'parent', 'carer']).default('patient'),
  });

function contact(typed: string, read: string | null, error: string, context: z.RefinementCtx): string | null {
  if (typed !== '' && read === null) context.addIssue({ code: 'custom', message: error });
  return read;
}
