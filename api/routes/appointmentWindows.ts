import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type EntryCard, readEntry } from '../../domain/book/entry.ts';
import { chairChoices, permittedChairs } from '../../domain/book/places.ts';
import { canBeCancelled, canBeMoved } from '../../domain/book/rules/appointmentStates.ts';
import { formatLength } from '../../domain/book/rules/expectedTime.ts';
import { clockOf, instantAt, localDay, minuteOfDay } from '../../domain/book/rules/localTime.ts';
import { patientElsewhere, whatStands } from '../../domain/book/standing.ts';
import { readPatient } from '../../domain/people/patients.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { Refusal } from '../../domain/refusal.ts';
import { AppointmentWindow, type AppointmentWindowProps } from '../../views/book/AppointmentWindow.tsx';
import { bookOf, inBook } from '../../views/book/address.ts';
import { ChoosePatientWindow } from '../../views/book/ChoosePatientWindow.tsx';
import { fullName } from '../../views/people/names.ts';
import type { FormState } from '../../views/reader.ts';
import { dayAsked } from '../fields.ts';
import { type Parsed, parseQuery } from '../form.ts';
import { sealedSearch } from '../patientSearch.ts';
import { showWindow } from '../window.ts';
import type { changeForm } from './appointmentForms.ts';
import { nextQuarter } from './clock.ts';

export type Request = FastifyRequest<{ Params: { id: string } }>;
type Change = z.output<typeof changeForm>;
type InTheWay = Pick<AppointmentWindowProps, 'standing' | 'elsewhere'>;
/** How a window is shown again: with which status, and what stands in the way. */
type Again = Partial<InTheWay> & { status?: number };

const nothing: InTheWay = { standing: [], elsewhere: [] };

const uuidOrNone = z.uuid().nullable().catch(null).default(null);
export const newQuery = z.object({
  day: dayAsked,
  start: z
    .string()
    .regex(/^\d?\d:\d\d$/)
    .nullable()
    .catch(null)
    .default(null),
  provider: uuidOrNone,
  chair: uuidOrNone,
  patient: uuidOrNone,
  search: sealedSearch,
});

/** The window of a new appointment; without a patient it asks for whom. */
export async function showNew(
  request: FastifyRequest,
  reply: FastifyReply,
  patientId: string,
  form: FormState,
  { status, ...inTheWay }: Again = {},
) {
  const { viewer, staff, server } = request;
  if (!z.uuid().safeParse(patientId).success) {
    const window = ChoosePatientWindow({
      viewer,
      q: '',
      patients: [],
      more: false,
      asked: {},
      error: form.errors.patient,
    });
    return showWindow(reply, viewer, 'book', viewer.t.book.newAppointmentTitle, window, status);
  }
  const asked = parseQuery(newQuery, request.query);
  request.patientOpened = patientId;
  const patient = await readPatient(server.database, staff, patientId);
  const day = asked.day ?? today(request);
  const providers = await providerChoices(server.sql, staff);
  const wanted = asked.provider ?? patient.providerId ?? viewer.providerId;
  const window = AppointmentWindow({
    viewer,
    title: viewer.t.book.newAppointmentTitle,
    url: inBook(viewer, '/book/appointments', {}),
    back: inBook(viewer, '/book', { day }),
    patient: { id: patientId, name: fullName(patient), birthDate: patient.birthDate },
    providers,
    chairs: await chairChoices(server.sql, staff, viewer.location.id),
    own: null,
    initial: {
      day,
      start: asked.start ?? (day === today(request) ? nextQuarter(Date.now(), viewer.practice.timeZone) : '09:00'),
      length: '0:30',
      provider: providers.find(({ id }) => id === wanted)?.id ?? providers[0]?.id ?? '',
      chair: asked.chair ?? '',
      description: '',
      note: '',
    },
    form,
    ...nothing,
    ...inTheWay,
    cancelUrl: null,
    isNew: true,
  });
  return showWindow(reply, viewer, 'book', viewer.t.book.newAppointmentTitle, window, status);
}

/** @throws Refusal not_found, kept_for_patient, not_changeable */
export async function showEdit(
  request: Request,
  reply: FastifyReply,
  form: FormState,
  { status, ...inTheWay }: Again = {},
) {
  const { viewer, staff, server } = request;
  const entry = await appointmentOf(request);
  if (!canBeMoved(entry.status)) throw new Refusal('not_changeable');
  const { timeZone } = viewer.practice;
  const url = `/book/appointments/${entry.id}`;
  const window = AppointmentWindow({
    viewer,
    title: viewer.t.book.editTitle(entry.patientName),
    url: `${url}/edit`,
    back: bookOf(viewer, entry),
    patient: { id: entry.patientId!, name: entry.patientName, birthDate: entry.birthDate! },
    providers: await providerChoices(server.sql, staff),
    chairs: await chairChoices(server.sql, staff, entry.locationId),
    own: {
      provider: { id: entry.providerId!, name: entry.providerName! },
      chair: { id: entry.chairId!, name: entry.chairName! },
    },
    initial: {
      day: localDay(entry.startsAt.getTime(), timeZone),
      start: clockOf(minuteOfDay(entry.startsAt.getTime(), timeZone)),
      length: formatLength((entry.endsAt.getTime() - entry.startsAt.getTime()) / 60_000),
      provider: entry.providerId!,
      chair: entry.chairId!,
      description: entry.description,
      note: entry.note,
    },
    form,
    ...nothing,
    ...inTheWay,
    cancelUrl: canBeCancelled(entry.status) ? `${url}/cancellation` : null,
    isNew: false,
  });
  return showWindow(reply, viewer, 'book', viewer.t.book.editTitle(entry.patientName), window, status);
}

/** The appointment of the address. @throws Refusal not_found, kept_for_patient */
export async function appointmentOf({ staff, params, server }: Request): Promise<EntryCard> {
  const entry = await readEntry(server.sql, staff.practiceId, params.id);
  if (entry.kind === 'hold') throw new Refusal('kept_for_patient');
  if (entry.kind !== 'appointment') throw new Refusal('not_found');
  return entry;
}

/** A form that did not become an appointment, as its window shows it again: with what stands in the way, where that is why. */
export async function refused(
  request: FastifyRequest,
  form: Parsed<Change>,
  outcome: { ok: boolean } & Partial<FormState>,
  wanted: { locationId: string; patientId: string; entryId: string | null },
): Promise<[FormState, Again]> {
  const { values } = form;
  const { errors = { start: 'time_not_free' } } = outcome;
  const again: FormState = { submitted: true, values, errors };
  if (!form.ok || !(outcome.ok || errors.start === 'patient_elsewhere')) return [again, { status: 422 }];
  const { database } = request.server;
  const { startsAt, minutes, providerId, chairId } = wishOf(request, form.value);
  const time = { startsAt, endsAt: new Date(startsAt.getTime() + minutes * 60_000) };
  const { locationId, patientId, entryId } = wanted;
  const chairIds = await permittedChairs(database, request.staff, locationId, chairId);
  const standing = await whatStands(database, { ...time, locationId, providerId, chairIds }, entryId);
  const elsewhere = await patientElsewhere(database, { ...time, patientId }, entryId);
  return [again, { status: 409, standing, elsewhere }];
}

const today = ({ viewer }: FastifyRequest) => localDay(Date.now(), viewer.practice.timeZone);

/** What a form asks of the book. */
export const wishOf = (
  { viewer }: FastifyRequest,
  { day, start, length, provider, chair, description, note, overlap, twice }: Change,
) => ({
  providerId: provider,
  chairId: chair,
  startsAt: new Date(instantAt(day, start, viewer.practice.timeZone)),
  minutes: length,
  description,
  note,
  overlapAllowed: overlap,
  twiceAllowed: twice,
});
