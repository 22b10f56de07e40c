import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cancelAppointment, changeAppointment, makeAppointment, setState } from '../../domain/book/appointments.ts';
import { type EntryCard, readEntry } from '../../domain/book/entry.ts';
import { chairChoices, permittedChairs } from '../../domain/book/places.ts';
import { canBeCancelled, canBeMoved } from '../../domain/book/rules/appointmentStates.ts';
import { formatLength } from '../../domain/book/rules/expectedTime.ts';
import { instantAt, localDay, minuteOfDay } from '../../domain/book/rules/localTime.ts';
import { type Standing, whatStands } from '../../domain/book/standing.ts';
import { readPatient } from '../../domain/people/patients.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { Refusal } from '../../domain/refusal.ts';
import { AppointmentWindow } from '../../views/book/AppointmentWindow.tsx';
import { ChoosePatientWindow } from '../../views/book/ChoosePatientWindow.tsx';
import { fullName } from '../../views/people/names.ts';
import { type FormState, untouched } from '../../views/reader.ts';
import { day } from '../fields.ts';
import { expectNoFields, parseForm, parseQuery, submit } from '../form.ts';
import { sealedSearch, searchFor, searchIn } from '../patientSearch.ts';
import { desk, everybody } from '../roles.ts';
import { showWindow } from '../window.ts';
import { appointmentForm, changeForm, moveForm, stateForm } from './appointmentForms.ts';
import { clock, nextQuarter } from './clock.ts';

type WithId = { Params: { id: string } };
type Request = FastifyRequest<WithId>;

const uuidOrNone = z.uuid().nullable().catch(null).default(null);
const newQuery = z.object({
  day: day.nullable().catch(null).default(null),
  start: z
    .string()
    .regex(/^\d\d:\d\d$/)
    .nullable()
    .catch(null)
    .default(null),
  provider: uuidOrNone,
  chair: uuidOrNone,
  patient: uuidOrNone,
  search: sealedSearch,
});

/** Ordinary appointments, made and changed at the desk. */
export async function appointments(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  app.get('/book/appointments/new', { config: desk }, async (request, reply) => {
    const { viewer } = request;
    const { search, ...asked } = parseQuery(newQuery, request.query);
    if (asked.patient) return showNew(request, reply, asked.patient, untouched);
    const window = ChoosePatientWindow({ viewer, ...(await searchIn(request, search)), asked });
    return showWindow(reply, viewer, 'book', viewer.t.book.newAppointmentTitle, window);
  });

  app.post('/book/appointments/new', { config: desk }, async (request, reply) => {
    const { viewer } = request;
    const { search: _earlier, ...asked } = parseQuery(newQuery, request.query);
    const { sealed, ...search } = await searchFor(request);
    if (!request.wantsFragment && !search.error) {
      const along = Object.entries({ ...asked, search: sealed }).filter(([, value]) => value) as [string, string][];
      return reply.seeOther(`/book/appointments/new?${new URLSearchParams(along)}`);
    }
    const window = ChoosePatientWindow({ viewer, ...search, asked });
    return showWindow(reply, viewer, 'book', viewer.t.book.newAppointmentTitle, window, search.error ? 422 : 200);
  });

  app.post('/book/appointments', { config: desk }, async (request, reply) => {
    const { staff, viewer } = request;
    const form = parseForm(appointmentForm, request.body);
    const made = await submit(form, ({ patient, ...value }) =>
      database.transaction((tx) =>
        makeAppointment(tx, staff, { ...wishOf(request, value), locationId: viewer.location.id, patientId: patient }),
      ),
    );
    const patientId = String(form.values.patient ?? '');
    if (!made.ok) return showNew(request, reply, patientId, made, { status: 422 });
    if (made.value.taken && form.ok) {
      const standing = await standingAt(request, form.value, viewer.location.id, null);
      return showNew(
        request,
        reply,
        patientId,
        { values: form.values, errors: { start: 'time_not_free' } },
        { status: 409, standing },
      );
    }
    const { entryId } = made.value as { entryId: string };
    return reply.seeOther(`/book?day=${form.values.day}#entry-${entryId}`, 'booked');
  });

  app.get<WithId>('/book/appointments/:id/edit', { config: desk }, async (request, reply) =>
    showEdit(request, reply, untouched),
  );

  app.post<WithId>('/book/appointments/:id/edit', { config: desk }, async (request, reply) => {
    const { staff, params } = request;
    const entry = await appointmentOf(request);
    const form = parseForm(changeForm, request.body);
    const changed = await submit(form, (value) =>
      database.transaction((tx) =>
        changeAppointment(tx, staff, params.id, { ...wishOf(request, value), anyChair: value.chair === null }),
      ),
    );
    if (!changed.ok) return showEdit(request, reply, changed, { status: 422 });
    if (changed.value.taken && form.ok) {
      const standing = await standingAt(request, form.value, entry.locationId, entry.id);
      return showEdit(
        request,
        reply,
        { values: form.values, errors: { start: 'time_not_free' } },
        { status: 409, standing },
      );
    }
    return reply.seeOther(`/book?day=${form.values.day}#entry-${entry.id}`, 'moved');
  });

  app.post<WithId>('/book/appointments/:id/move', { config: desk }, async (request, reply) => {
    const { staff, params, viewer } = request;
    const form = parseForm(moveForm, request.body);
    if (!form.ok) throw new Refusal('invalid');
    const { day, minute, provider, chair, minutes } = form.value;
    const startsAt = day === undefined ? undefined : new Date(instantAt(day, minute!, viewer.practice.timeZone));
    const change = {
      startsAt,
      minutes,
      ...(provider ? { providerId: provider } : {}),
      ...(chair ? { chairId: chair } : {}),
    };
    const moved = await database.transaction((tx) =>
      changeAppointment(tx, staff, params.id, { ...change, anyChair: startsAt !== undefined && !chair }),
    );
    if (moved.taken) throw new Refusal('time_not_free');
    return reply.code(204).send();
  });

  app.post<WithId>('/book/appointments/:id/cancellation', { config: desk }, async (request, reply) => {
    const { staff, params } = request;
    expectNoFields(request.body);
    await database.transaction((tx) => cancelAppointment(tx, staff, params.id));
    return reply.seeOther(bookOf(request, await readEntry(sql, staff.practiceId, params.id)), 'cancelled');
  });

  app.post<WithId>('/book/appointments/:id/state', { config: everybody }, async (request, reply) => {
    const { staff, params } = request;
    const form = parseForm(stateForm, request.body);
    if (!form.ok) throw new Refusal('invalid');
    await database.transaction((tx) => setState(tx, staff, params.id, form.value.status));
    if (request.wantsFragment) return reply.code(204).send();
    return reply.seeOther(`${bookOf(request, await readEntry(sql, staff.practiceId, params.id))}#entry-${params.id}`);
  });

  async function showNew(
    request: FastifyRequest,
    reply: FastifyReply,
    patientId: string,
    form: FormState,
    more: { status?: number; standing?: Standing[] } = {},
  ) {
    const { viewer, staff } = request;
    if (!z.uuid().safeParse(patientId).success) {
      const window = ChoosePatientWindow({
        viewer,
        q: '',
        patients: [],
        more: false,
        asked: {},
        error: form.errors.patient,
      });
      return showWindow(reply, viewer, 'book', viewer.t.book.newAppointmentTitle, window, more.status);
    }
    const asked = parseQuery(newQuery, request.query);
    const patient = await readPatient(database, staff, patientId);
    const day = asked.day ?? today(request);
    const providers = await providerChoices(sql, staff);
    const wanted = asked.provider ?? patient.providerId ?? viewer.providerId;
    const window = AppointmentWindow({
      viewer,
      title: viewer.t.book.newAppointmentTitle,
      url: '/book/appointments',
      back: `/book?day=${day}`,
      patient: { id: patientId, name: fullName(patient), birthDate: patient.birthDate },
      providers,
      chairs: await chairChoices(sql, staff, viewer.location.id),
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
      standing: more.standing ?? [],
      cancelUrl: null,
      isNew: true,
    });
    return showWindow(reply, viewer, 'book', viewer.t.book.newAppointmentTitle, window, more.status);
  }

  async function showEdit(
    request: Request,
    reply: FastifyReply,
    form: FormState,
    more: { status?: number; standing?: Standing[] } = {},
  ) {
    const { viewer, staff } = request;
    const entry = await appointmentOf(request);
    if (!canBeMoved(entry.status)) throw new Refusal('not_changeable');
    const { timeZone } = viewer.practice;
    const url = `/book/appointments/${entry.id}`;
    const providers = await providerChoices(sql, staff);
    const chairs = await chairChoices(sql, staff, entry.locationId);
    const window = AppointmentWindow({
      viewer,
      title: viewer.t.book.editTitle(entry.patientName),
      url: `${url}/edit`,
      back: bookOf(request, entry),
      patient: { id: entry.patientId!, name: entry.patientName, birthDate: entry.birthDate! },
      // Who treats no longer, and chairs no longer in use, stay while they are the appointment's own.
      providers: withOwn(providers, entry.providerId!, entry.providerName!),
      chairs: withOwn(chairs, entry.chairId!, entry.chairName!),
      initial: {
        day: localDay(entry.startsAt.getTime(), timeZone),
        start: clock(minuteOfDay(entry.startsAt.getTime(), timeZone)),
        length: formatLength((entry.endsAt.getTime() - entry.startsAt.getTime()) / 60_000),
        provider: entry.providerId!,
        chair: entry.chairId!,
        description: entry.description,
        note: entry.note,
      },
      form,
      standing: more.standing ?? [],
      cancelUrl: canBeCancelled(entry.status) ? `${url}/cancellation` : null,
      isNew: false,
    });
    return showWindow(reply, viewer, 'book', viewer.t.book.editTitle(entry.patientName), window, more.status);
  }

  async function appointmentOf({ staff, params }: Request): Promise<EntryCard> {
    const entry = await readEntry(sql, staff.practiceId, params.id);
    if (entry.kind === 'hold') throw new Refusal('kept_for_patient');
    if (entry.kind !== 'appointment') throw new Refusal('not_found');
    return entry;
  }

  async function standingAt(
    request: FastifyRequest,
    value: z.output<typeof changeForm>,
    locationId: string,
    entryId: string | null,
  ): Promise<Standing[]> {
    const { startsAt, minutes, providerId, chairId } = wishOf(request, value);
    const chairIds = await permittedChairs(database, request.staff, locationId, chairId);
    return whatStands(
      database,
      { locationId, providerId, chairIds, startsAt, endsAt: new Date(startsAt.getTime() + minutes * 60_000) },
      entryId,
    );
  }
}

const today = ({ viewer }: FastifyRequest) => localDay(Date.now(), viewer.practice.timeZone);

const bookOf = ({ viewer }: FastifyRequest, { startsAt }: { startsAt: Date }) =>
  `/book?day=${localDay(startsAt.getTime(), viewer.practice.timeZone)}`;

const wishOf = (
  { viewer }: FastifyRequest,
  { day, start, length, provider, chair, description, note, overlap }: z.output<typeof changeForm>,
) => ({
  providerId: provider,
  chairId: chair,
  startsAt: new Date(instantAt(day, start, viewer.practice.timeZone)),
  minutes: length,
  description,
  note,
  overlapAllowed: overlap,
});

const withOwn = (choices: { id: string; name: string }[], id: string, name: string) =>
  choices.some((choice) => choice.id === id) ? choices : [...choices, { id, name }];
