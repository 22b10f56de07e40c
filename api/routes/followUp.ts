import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readEntry } from '../../domain/book/entry.ts';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import { lockBooking } from '../../domain/bookings/bookings.ts';
import { deskTimes } from '../../domain/bookings/deskTimes.ts';
import { resendLink } from '../../domain/bookings/sendLink.ts';
import { finishFollowUp, postponeFollowUp } from '../../domain/followUp/done.ts';
import type { FollowUpCategory } from '../../domain/followUp/followUp.ts';
import { countFollowUps, type FollowUpRow, mostShown, readFollowUps } from '../../domain/followUp/list.ts';
import { changePatient, readPatient } from '../../domain/people/patients.ts';
import { Refusal } from '../../domain/refusal.ts';
import { entryIn } from '../../views/book/address.ts';
import { CollectContactsWindow } from '../../views/departures/CollectContactsWindow.tsx';
import { GapsWindow } from '../../views/departures/GapsWindow.tsx';
import { PostponeWindow } from '../../views/departures/PostponeWindow.tsx';
import { NoContactsWarning, SendLinkWindow } from '../../views/departures/SendLinkWindow.tsx';
import { DoneWindow } from '../../views/followUp/DoneWindow.tsx';
import { FollowUpList, FollowUpPage } from '../../views/followUp/FollowUpPage.tsx';
import { leadingBack } from '../../views/layout/Window.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { text } from '../fields.ts';
import { parseForm, parseQuery, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { linkPreviews } from '../linkPreviews.ts';
import { desk } from '../roles.ts';
import { showWindow, wayBack } from '../window.ts';
import { contactsForm, deskTimeForm, fromQuery, linkForm, postponementForm } from './bookingForms.ts';

type WithId = { Params: { id: string } };
type Request = FastifyRequest<WithId>;

const listQuery = z.object({
  category: z
    .string()
    .regex(/^[a-z_]+$/)
    .nullable()
    .catch(null)
    .default(null),
});
const doneForm = z.strictObject({ reason: text(500) });

/** The list as it was filtered. */
const backOf = (request: FastifyRequest) => wayBack(request, '/follow-up');

/** Follow Up: who must not be forgotten, and what reception does about it. */
export async function followUp(app: FastifyInstance): Promise<void> {
  app.get('/follow-up', { config: desk }, async ({ viewer, query, notice }, reply) => {
    const wanted = parseQuery(listQuery, query).category;
    const known = wanted !== null && Object.hasOwn(viewer.t.followUp.categories, wanted);
    const category = known ? (wanted as FollowUpCategory) : null;
    const [found, counts] = await Promise.all([
      readFollowUps(app.sql, viewer.practice.id, { category: category ?? undefined }),
      countFollowUps(app.sql, viewer.practice.id),
    ]);
    const props = { viewer, category, rows: found.slice(0, mostShown), more: found.length > mostShown, counts };
    return reply.show({ page: () => FollowUpPage({ ...props, notice }), fragment: () => FollowUpList(props) });
  });

  app.get<WithId>('/follow-up/:id/link', { config: desk }, async (request, reply) =>
    showLink(request, reply, untouched),
  );

  app.post<WithId>('/follow-up/:id/link', { config: desk }, async (request, reply) => {
    const form = parseForm(linkForm, request.body);
    const sent = await submit(form, ({ channels }) =>
      app.database.transaction((tx) =>
        resendLink(tx, app.configuration.linkKeys, request.staff, request.params.id, channels),
      ),
    );
    if (!sent.ok) return showLink(request, reply, sent, 422);
    return reply.seeOther(backOf(request), sent.value ? 'link_sent' : 'on_its_way');
  });

  app.get<WithId>('/follow-up/:id/contacts', { config: desk }, async (request, reply) =>
    showContacts(request, reply, untouched),
  );

  app.post<WithId>('/follow-up/:id/contacts', { config: desk }, async (request, reply) => {
    const { patientId } = await rowOf(request);
    const form = parseForm(contactsForm(request.viewer.practice.timeZone), request.body);
    const saved = await submit(form, (value) =>
      app.database.transaction((tx) => changePatient(tx, request.staff, patientId, value)),
    );
    return saved.ok ? reply.seeOther(backOf(request), 'contacts_saved') : showContacts(request, reply, saved, 422);
  });

  app.get<WithId>('/follow-up/:id/gaps', { config: desk }, async (request, reply) => showGaps(request, reply, false));

  leadToForm(app, '/follow-up/:id/appointment', desk, '/follow-up/:id/gaps');

  app.post<WithId>('/follow-up/:id/appointment', { config: desk }, async (request, reply) => {
    const form = parseForm(deskTimeForm, request.body);
    if (!form.ok) throw new Refusal('invalid');
    const { startsAt, chairId } = form.value.time;
    const row = await rowOf(request);
    const { requirement } = await timesFor(row, null);
    if (!requirement.providerId || requirement.minutes === 0) throw new Refusal('no_expected_time');
    const time = { providerId: requirement.providerId, chairIds: [chairId], startsAt, minutes: requirement.minutes };
    const booked = await app.database.transaction((tx) => bookAtDesk(tx, request.staff, row.bookingId, time));
    if (booked.taken) return showGaps(request, reply, true, 409);
    const entry = await readEntry(app.sql, request.staff.practiceId, booked.entryId);
    return reply.seeOther(entryIn(request.viewer, entry), 'booked');
  });

  app.get<WithId>('/follow-up/:id/postponement', { config: desk }, async (request, reply) =>
    showPostponement(request, reply, untouched),
  );

  app.post<WithId>('/follow-up/:id/postponement', { config: desk }, async (request, reply) => {
    const form = parseForm(postponementForm(localDay(Date.now(), request.viewer.practice.timeZone)), request.body);
    const done = await submit(form, (value) =>
      app.database.transaction((tx) => postponeFollowUp(tx, request.staff, request.params.id, value)),
    );
    return done.ok ? reply.seeOther(backOf(request), 'postponed') : showPostponement(request, reply, done, 422);
  });

  app.get<WithId>('/follow-up/:id/done', { config: desk }, async (request, reply) =>
    showDone(request, reply, untouched),
  );

  app.post<WithId>('/follow-up/:id/done', { config: desk }, async (request, reply) => {
    const form = parseForm(doneForm, request.body);
    const done = await submit(form, ({ reason }) =>
      app.database.transaction((tx) => finishFollowUp(tx, request.staff, request.params.id, reason)),
    );
    return done.ok ? reply.seeOther(backOf(request), 'follow_up_done') : showDone(request, reply, done, 422);
  });

  async function rowOf({ staff, params }: Request): Promise<FollowUpRow> {
    const [row] = await readFollowUps(app.sql, staff.practiceId, { id: params.id });
    if (!row) throw new Refusal('not_found');
    return row;
  }

  async function timesFor(row: FollowUpRow, from: string | null) {
    const booking = await app.database.transaction((tx) => lockBooking(tx, row.bookingId));
    return deskTimes(app.database, app.sql, { ...booking, bookingId: booking.id }, from);
  }

  async function showLink(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const row = await rowOf(request);
    if (!row.linkWasSent) throw new Refusal('never_sent');
    const back = backOf(request);
    if (!row.email && !row.mobile) {
      const warning = NoContactsWarning({
        viewer,
        patientId: row.patientId,
        collectUrl: leadingBack(`/follow-up/${row.id}/contacts`, back),
        back,
      });
      return showWindow(reply, viewer, 'followUp', viewer.t.departures.noContactsTitle, warning, status);
    }
    const channels = await linkPreviews(app, row.bookingId);
    const window = SendLinkWindow({
      viewer,
      url: leadingBack(`/follow-up/${row.id}/link`, back),
      back,
      patientName: row.patientName,
      channels,
      form,
    });
    return showWindow(reply, viewer, 'followUp', viewer.t.departures.sendTitle, window, status);
  }

  async function showContacts(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const row = await rowOf(request);
    const { contactOwner } = await readPatient(app.database, request.staff, row.patientId);
    const back = backOf(request);
    const window = CollectContactsWindow({
      viewer,
      url: leadingBack(`/follow-up/${row.id}/contacts`, back),
      back,
      patient: { ...row, name: row.patientName, contactOwner },
      form,
    });
    return showWindow(reply, viewer, 'followUp', viewer.t.departures.collect, window, status);
  }

  async function showGaps(request: Request, reply: FastifyReply, taken: boolean, status = 200) {
    const { viewer } = request;
    const row = await rowOf(request);
    const { days, laterFrom, requirement } = await timesFor(row, parseQuery(fromQuery, request.query).from);
    const url = `/follow-up/${row.id}`;
    const back = backOf(request);
    const window = GapsWindow({
      viewer,
      url: leadingBack(`${url}/appointment`, back),
      gapsUrl: `${url}/gaps`,
      back,
      patientName: row.patientName,
      days,
      laterFrom,
      taken,
      providerInactive: requirement.providerId !== null && !requirement.providerActive,
    });
    return showWindow(reply, viewer, 'followUp', viewer.t.followUp.bookAtDesk, window, status);
  }

  async function showPostponement(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const { id, patientName } = await rowOf(request);
    const back = backOf(request);
    const window = PostponeWindow({
      viewer,
      url: leadingBack(`/follow-up/${id}/postponement`, back),
      back,
      patientName,
      form,
    });
    return showWindow(reply, viewer, 'followUp', viewer.t.departures.postpone, window, status);
  }

  async function showDone(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const { id, patientName } = await rowOf(request);
    const back = backOf(request);
    const window = DoneWindow({ viewer, url: leadingBack(`/follow-up/${id}/done`, back), back, patientName, form });
    return showWindow(reply, viewer, 'followUp', viewer.t.followUp.done, window, status);
  }
}
