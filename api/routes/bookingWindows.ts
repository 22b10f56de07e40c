import type { FastifyReply, FastifyRequest } from 'fastify';
import { readEntry } from '../../domain/book/entry.ts';
import { bookAtDesk } from '../../domain/bookings/bookAtDesk.ts';
import type { DeskTimes } from '../../domain/bookings/deskTimes.ts';
import { changePatient, readPatient } from '../../domain/people/patients.ts';
import { entryIn } from '../../views/book/address.ts';
import { CollectContactsWindow } from '../../views/departures/CollectContactsWindow.tsx';
import { GapsWindow } from '../../views/departures/GapsWindow.tsx';
import { PostponeWindow } from '../../views/departures/PostponeWindow.tsx';
import { NoContactsWarning, SendLinkWindow } from '../../views/departures/SendLinkWindow.tsx';
import type { Tab } from '../../views/layout/StaffPage.tsx';
import { leadingBack } from '../../views/layout/Window.tsx';
import type { FormState } from '../../views/reader.ts';
import { parseForm, submit } from '../form.ts';
import { linkPreviews } from '../linkPreviews.ts';
import { showWindow } from '../window.ts';
import { contactsForm } from './bookingForms.ts';

/** Windows that a departure task, a row on Follow Up and a manager's booking share. */

/** Where such a window stands: under which tab, at which address its forms begin, and where it leads back to. */
export interface Place {
  tab: Tab;
  url: string;
  back: string;
}

/** Whom it is about. */
interface Subject {
  bookingId: string;
  patientId: string;
  patientName: string;
  email: string | null;
  mobile: string | null;
}

/** Send Online Booking Link; where no contact is on file, the warning with both ways out. */
export async function showSendLink(
  { viewer, server }: FastifyRequest,
  reply: FastifyReply,
  { tab, url, back }: Place,
  { bookingId, patientId, patientName, email, mobile }: Subject,
  form: FormState,
  status?: number,
) {
  if (!email && !mobile) {
    const collectUrl = leadingBack(`${url}/contacts`, back);
    const warning = NoContactsWarning({ viewer, patientId, collectUrl, back });
    return showWindow(reply, viewer, tab, viewer.t.departures.noContactsTitle, warning, status);
  }
  const channels = await linkPreviews(server, bookingId);
  const props = { viewer, url: leadingBack(`${url}/link`, back), back, patientName, channels, form };
  return showWindow(reply, viewer, tab, viewer.t.departures.sendTitle, SendLinkWindow(props), status);
}

/** Collect Email and Mobile. */
export async function showContacts(
  { viewer, staff, server }: FastifyRequest,
  reply: FastifyReply,
  { tab, url, back }: Place,
  { patientId, patientName: name, email, mobile }: Subject,
  form: FormState,
  status?: number,
) {
  const { contactOwner } = await readPatient(server.database, staff, patientId);
  const patient = { name, email, mobile, contactOwner };
  const props = { viewer, url: leadingBack(`${url}/contacts`, back), back, patient, form };
  return showWindow(reply, viewer, tab, viewer.t.departures.collect, CollectContactsWindow(props), status);
}

/** Keeps what Collect Email and Mobile sent, or shows it again. */
export async function saveContacts(request: FastifyRequest, reply: FastifyReply, place: Place, subject: Subject) {
  const form = parseForm(contactsForm(request.viewer.practice.timeZone), request.body);
  const saved = await submit(form, (value) =>
    request.server.database.transaction((tx) => changePatient(tx, request.staff, subject.patientId, value)),
  );
  return saved.ok
    ? reply.seeOther(place.back, 'contacts_saved')
    : showContacts(request, reply, place, subject, saved, 422);
}

export function showPostponement(
  { viewer }: FastifyRequest,
  reply: FastifyReply,
  { tab, url, back }: Place,
  { patientName }: Pick<Subject, 'patientName'>,
  form: FormState,
  status?: number,
) {
  const props = { viewer, url: leadingBack(`${url}/postponement`, back), back, patientName, form };
  return showWindow(reply, viewer, tab, viewer.t.departures.postpone, PostponeWindow(props), status);
}

/** The times that fit, by day; the days asked for stay when the one chosen is `taken`. */
export function showGaps(
  { viewer }: FastifyRequest,
  reply: FastifyReply,
  { tab, url, back, title, from }: Place & { title: string; from: string | null },
  { patientName }: Pick<Subject, 'patientName'>,
  { days, laterFrom, requirement }: DeskTimes,
  { taken = false, status }: { taken?: boolean; status?: number } = {},
) {
  const window = GapsWindow({
    viewer,
    url: `${leadingBack(`${url}/appointment`, back)}${from ? `&from=${from}` : ''}`,
    gapsUrl: `${url}/gaps`,
    back,
    patientName,
    days,
    laterFrom,
    taken,
    providerInactive: requirement.providerId !== null && !requirement.providerActive,
  });
  return showWindow(reply, viewer, tab, title, window, status);
}

/** Books the time that one of the window's buttons stands for; `again` shows the window where it is taken. */
export async function bookChosen(
  request: FastifyRequest,
  reply: FastifyReply,
  { bookingId }: Pick<Subject, 'bookingId'>,
  { startsAt, chairId }: { startsAt: Date; chairId: string },
  again: () => Promise<FastifyReply>,
) {
  const { staff, viewer, server } = request;
  const booked = await server.database.transaction((tx) =>
    bookAtDesk(tx, staff, bookingId, { startsAt, chairIds: [chairId] }),
  );
  if (booked.taken) return again();
  const entry = await readEntry(server.sql, staff.practiceId, booked.entryId);
  return reply.seeOther(entryIn(viewer, entry), 'booked');
}
