import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readEngineState } from '../../domain/engine/state.ts';
import {
  countOpenBookings,
  mostShown,
  nextStep,
  type OpenBooking,
  readOpenBookings,
} from '../../domain/openBookings/list.ts';
import {
  closeBooking,
  giveToDesk,
  resendConfirmation,
  resendLinkOf,
  tryBookingAgain,
} from '../../domain/openBookings/rescue.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { Refusal } from '../../domain/refusal.ts';
import { bookingState } from '../../drizzle/schema/index.ts';
import { leadingBack } from '../../views/layout/Window.tsx';
import {
  type OpenBookingsFilter,
  OpenBookingsList,
  OpenBookingsPage,
} from '../../views/openBookings/OpenBookingsPage.tsx';
import { CloseBookingWindow, GiveToDeskWindow } from '../../views/openBookings/windows.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { many, optionalText, optionalUuid, text, uuid } from '../fields.ts';
import { expectNoFields, parseForm, parseQuery, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { findPatients } from '../patientSearch.ts';
import { managers } from '../roles.ts';
import { showWindow, wayBack } from '../window.ts';
import { linkForm } from './bookingForms.ts';
import { type Place, saveContacts, showContacts, showSendLink } from './bookingWindows.ts';

type WithId = { Params: { id: string } };
type Request = FastifyRequest<WithId>;

const filterQuery = z.object({
  attention: z.literal('1').nullable().catch(null).default(null),
  stage: z.enum(bookingState.enumValues).nullable().catch(null).default(null),
  provider: optionalUuid.catch(null),
  patient: many(uuid).catch([]),
});
const patientForm = z.strictObject({ name: text(100) });
const deskForm = z.strictObject({ note: optionalText(500) });
const closingForm = z.strictObject({ reason: text(500) });

/** So many patients can stand in the address of one page. */
const mostPatients = 8;

/** Of a booking's windows; they lead back to the list as it was filtered. */
const placeOf = (request: Request): Place => ({
  tab: 'bookings',
  url: `/bookings/${request.params.id}`,
  back: wayBack(request, '/bookings'),
});

/** The manager's Bookings page: what is under way, and what can be done where something is stuck. */
export async function openBookings(app: FastifyInstance): Promise<void> {
  const { database, sql, outside } = app;

  app.get('/bookings', { config: managers }, async (request, reply) => {
    const { attention, stage, provider, patient } = parseQuery(filterQuery, request.query);
    return show(request, reply, {
      onlyAttention: attention !== null,
      state: stage,
      providerId: provider,
      patientIds: patient.slice(0, mostPatients),
    });
  });

  leadToForm(app, '/bookings/patient', managers, '/bookings');

  app.post('/bookings/patient', { config: managers }, async (request, reply) => {
    const all: OpenBookingsFilter = { onlyAttention: false, state: null, providerId: null, patientIds: [] };
    const form = parseForm(patientForm, request.body);
    if (!form.ok) return show(request, reply, all, form, 422);
    const { patients } = await findPatients(request, form.value.name);
    if (patients.length > 0 && patients.length <= mostPatients)
      return reply.seeOther(`/bookings?${patients.map(({ id }) => `patient=${id}`).join('&')}`);
    const error = patients.length === 0 ? 'nobody_found' : 'narrower';
    return show(request, reply, all, { submitted: true, values: form.values, errors: { name: error } }, 422);
  });

  app.post<WithId>('/bookings/:id/attempt', { config: managers }, async (request, reply) => {
    expectNoFields(request.body);
    await database.transaction((tx) => tryBookingAgain(tx, request.staff, request.params.id));
    return reply.seeOther(wayBack(request, '/bookings'), 'tried_again');
  });

  app.get<WithId>('/bookings/:id/link', { config: managers }, async (request, reply) =>
    showSendLink(request, reply, placeOf(request), await subjectOf(request), untouched),
  );

  app.post<WithId>('/bookings/:id/link', { config: managers }, async (request, reply) => {
    const { linkKeys } = app.configuration;
    const sent = await submit(parseForm(linkForm, request.body), ({ channels }) =>
      database.transaction((tx) => resendLinkOf(tx, linkKeys, request.staff, request.params.id, channels)),
    );
    const place = placeOf(request);
    return sent.ok
      ? reply.seeOther(place.back, sent.value)
      : showSendLink(request, reply, place, await subjectOf(request), sent, 422);
  });

  app.get<WithId>('/bookings/:id/contacts', { config: managers }, async (request, reply) =>
    showContacts(request, reply, placeOf(request), await subjectOf(request), untouched),
  );

  app.post<WithId>('/bookings/:id/contacts', { config: managers }, async (request, reply) =>
    saveContacts(request, reply, placeOf(request), await subjectOf(request)),
  );

  app.post<WithId>('/bookings/:id/confirmation', { config: managers }, async (request, reply) => {
    expectNoFields(request.body);
    const { linkKeys } = app.configuration;
    const said = await database.transaction((tx) => resendConfirmation(tx, linkKeys, request.staff, request.params.id));
    return reply.seeOther(wayBack(request, '/bookings'), said);
  });

  app.get<WithId>('/bookings/:id/desk', { config: managers }, async (request, reply) =>
    showDesk(request, reply, untouched),
  );

  app.post<WithId>('/bookings/:id/desk', { config: managers }, async (request, reply) => {
    const given = await submit(parseForm(deskForm, request.body), ({ note }) =>
      database.transaction((tx) => giveToDesk(tx, request.staff, request.params.id, note)),
    );
    if (!given.ok) return showDesk(request, reply, given, 422);
    return reply.seeOther(wayBack(request, '/bookings'), given.value === 'written' ? 'written_now' : 'given_to_desk');
  });

  app.get<WithId>('/bookings/:id/closing', { config: managers }, async (request, reply) =>
    showClosing(request, reply, untouched),
  );

  app.post<WithId>('/bookings/:id/closing', { config: managers }, async (request, reply) => {
    const closed = await submit(parseForm(closingForm, request.body), ({ reason }) =>
      database.transaction((tx) => closeBooking(tx, request.staff, request.params.id, reason)),
    );
    return closed.ok
      ? reply.seeOther(wayBack(request, '/bookings'), 'booking_closed')
      : showClosing(request, reply, closed, 422);
  });

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    filter: OpenBookingsFilter,
    search: FormState = untouched,
    status = 200,
  ) {
    const { viewer, staff, notice } = request;
    const [found, counts, providers, engine] = await Promise.all([
      readOpenBookings(sql, staff.practiceId, filter),
      countOpenBookings(sql, staff.practiceId),
      providerChoices(sql, staff),
      readEngineState(outside.sql, staff.practiceId),
    ]);
    const now = new Date();
    const rows = found.slice(0, mostShown).map((booking) => ({ booking, next: nextStep(booking, now) }));
    const props = { viewer, filter, providers, counts, rows, more: found.length > mostShown, engine };
    return reply.show(
      { page: () => OpenBookingsPage({ ...props, notice, search }), fragment: () => OpenBookingsList(props) },
      status,
    );
  }

  async function bookingOf({ staff, params }: Request): Promise<OpenBooking> {
    const [booking] = await readOpenBookings(sql, staff.practiceId, { id: params.id });
    if (!booking) throw new Refusal('not_found');
    return booking;
  }

  async function subjectOf(request: Request) {
    const booking = await bookingOf(request);
    return { ...booking, bookingId: booking.id };
  }

  async function showDesk(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const { url, back } = placeOf(request);
    const props = { viewer, booking: await bookingOf(request), url: leadingBack(`${url}/desk`, back), back, form };
    const title = viewer.t.openBookings.giveToDeskTitle;
    return showWindow(reply, viewer, 'bookings', title, GiveToDeskWindow(props), status);
  }

  async function showClosing(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer } = request;
    const { url, back } = placeOf(request);
    const props = { viewer, booking: await bookingOf(request), url: leadingBack(`${url}/closing`, back), back, form };
    const title = viewer.t.openBookings.closeTitle;
    return showWindow(reply, viewer, 'bookings', title, CloseBookingWindow(props), status);
  }
}
