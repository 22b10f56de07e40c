import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { readOwnBooking } from '../../domain/bookings/bookAtDesk.ts';
import { deskTimes } from '../../domain/bookings/deskTimes.ts';
import { resendLink } from '../../domain/bookings/sendLink.ts';
import { finishFollowUp, postponeFollowUp } from '../../domain/followUp/byHand.ts';
import type { FollowUpCategory } from '../../domain/followUp/followUp.ts';
import { countFollowUps, type FollowUpRow, mostShown, readFollowUps } from '../../domain/followUp/list.ts';
import { Refusal } from '../../domain/refusal.ts';
import { DoneWindow } from '../../views/followUp/DoneWindow.tsx';
import { FollowUpList, FollowUpPage } from '../../views/followUp/FollowUpPage.tsx';
import { leadingBack } from '../../views/layout/Window.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { text } from '../fields.ts';
import { parseForm, parseQuery, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { desk } from '../roles.ts';
import { showWindow, wayBack } from '../window.ts';
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

const listQuery = z.object({
  category: z
    .string()
    .regex(/^[a-z_]+$/)
    .nullable()
    .catch(null)
    .default(null),
});
const doneForm = z.strictObject({ reason: text(500) });

/** Of a row's windows; they lead back to the list as it was filtered. */
const placeOf = (request: Request): Place => ({
  tab: 'followUp',
  url: `/follow-up/${request.params.id}`,
  back: wayBack(request, '/follow-up'),
});

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
    showSendLink(request, reply, placeOf(request), await sentOnce(request), untouched),
  );

  app.post<WithId>('/follow-up/:id/link', { config: desk }, async (request, reply) => {
    const form = parseForm(linkForm, request.body);
    const sent = await submit(form, ({ channels }) =>
      app.database.transaction((tx) =>
        resendLink(tx, app.configuration.linkKeys, request.staff, request.params.id, channels),
      ),
    );
    const place = placeOf(request);
    if (!sent.ok) return showSendLink(request, reply, place, await sentOnce(request), sent, 422);
    return reply.seeOther(place.back, sent.value ? 'link_sent' : 'on_its_way');
  });

  app.get<WithId>('/follow-up/:id/contacts', { config: desk }, async (request, reply) =>
    showContacts(request, reply, placeOf(request), await rowOf(request), untouched),
  );

  app.post<WithId>('/follow-up/:id/contacts', { config: desk }, async (request, reply) =>
    saveContacts(request, reply, placeOf(request), await rowOf(request)),
  );

  app.get<WithId>('/follow-up/:id/gaps', { config: desk }, async (request, reply) => gapsOf(request, reply));

  leadToForm(app, '/follow-up/:id/appointment', desk, '/follow-up/:id/gaps');

  app.post<WithId>('/follow-up/:id/appointment', { config: desk }, async (request, reply) => {
    const form = parseForm(deskTimeForm, request.body);
    if (!form.ok) throw new Refusal('invalid');
    const row = await rowOf(request);
    const again = () => gapsOf(request, reply, { taken: true, status: 409 });
    return bookChosen(request, reply, row, form.value.time, again);
  });

  app.get<WithId>('/follow-up/:id/postponement', { config: desk }, async (request, reply) =>
    showPostponement(request, reply, placeOf(request), await rowOf(request), untouched),
  );

  app.post<WithId>('/follow-up/:id/postponement', { config: desk }, async (request, reply) => {
    const today = localDay(Date.now(), request.viewer.practice.timeZone);
    const form = parseForm(postponementForm(today), request.body);
    const done = await submit(form, async (value) => {
      await app.database.transaction((tx) => postponeFollowUp(tx, request.staff, request.params.id, value));
      return value.dueOn !== null && value.dueOn > today;
    });
    const place = placeOf(request);
    return done.ok
      ? reply.seeOther(place.back, done.value ? 'put_off' : 'noted')
      : showPostponement(request, reply, place, await rowOf(request), done, 422);
  });

  app.get<WithId>('/follow-up/:id/done', { config: desk }, async (request, reply) =>
    showDone(request, reply, untouched),
  );

  app.post<WithId>('/follow-up/:id/done', { config: desk }, async (request, reply) => {
    const form = parseForm(doneForm, request.body);
    const done = await submit(form, ({ reason }) =>
      app.database.transaction((tx) => finishFollowUp(tx, request.staff, request.params.id, reason)),
    );
    return done.ok ? reply.seeOther(placeOf(request).back, 'follow_up_done') : showDone(request, reply, done, 422);
  });

  async function rowOf({ staff, params }: Request): Promise<FollowUpRow> {
    const [row] = await readFollowUps(app.sql, staff.practiceId, { id: params.id });
    if (!row) throw new Refusal('not_found');
    return row;
  }

  /** The same, of a patient whom a link has reached before: a first one is sent from the departure task. */
  async function sentOnce(request: Request): Promise<FollowUpRow> {
    const row = await rowOf(request);
    if (!row.linkWasSent) throw new Refusal('never_sent');
    return row;
  }

  async function gapsOf(request: Request, reply: FastifyReply, again: { taken?: boolean; status?: number } = {}) {
    const row = await rowOf(request);
    const { from } = parseQuery(fromQuery, request.query);
    const booking = await readOwnBooking(app.database, request.staff, row.bookingId);
    const times = await deskTimes(app.database, app.sql, { ...booking, bookingId: booking.id }, from);
    const title = request.viewer.t.departures.bookAtDesk;
    return showGaps(request, reply, { ...placeOf(request), title, from }, row, times, again);
  }

  async function showDone(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const row = await rowOf(request);
    const { url, back } = placeOf(request);
    const window = DoneWindow({ viewer, url: leadingBack(`${url}/done`, back), back, row, form });
    return showWindow(reply, viewer, 'followUp', viewer.t.followUp.done, window, status);
  }
}
