import type { FastifyInstance } from 'fastify';
import { changeAppointment, makeAppointment } from '../../domain/book/appointments.ts';
import { cancelAppointment, setState } from '../../domain/book/attendance.ts';
import { readEntry } from '../../domain/book/entry.ts';
import { instantAt } from '../../domain/book/rules/localTime.ts';
import { Refusal } from '../../domain/refusal.ts';
import { bookOf, entryIn, inBook } from '../../views/book/address.ts';
import { ChoosePatientWindow } from '../../views/book/ChoosePatientWindow.tsx';
import { untouched } from '../../views/reader.ts';
import { expectNoFields, parseForm, parseQuery, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { searchFor, searchIn } from '../patientSearch.ts';
import { desk, everybody } from '../roles.ts';
import { showWindow } from '../window.ts';
import { appointmentForm, changeForm, moveForm, stateForm } from './appointmentForms.ts';
import { appointmentOf, newQuery, refused, showEdit, showNew, wishOf } from './appointmentWindows.ts';

type WithId = { Params: { id: string } };

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
      const { day, start, provider, chair } = asked;
      const along = Object.entries({ day, start, provider, chair, search: sealed }).map(([name, value]) => [
        name,
        value ?? undefined,
      ]);
      return reply.seeOther(inBook(viewer, '/book/appointments/new', Object.fromEntries(along)));
    }
    const window = ChoosePatientWindow({ viewer, ...search, asked });
    return showWindow(reply, viewer, 'book', viewer.t.book.newAppointmentTitle, window, search.error ? 422 : 200);
  });

  leadToForm(app, '/book/appointments', desk, '/book/appointments/new');

  app.post('/book/appointments', { config: desk }, async (request, reply) => {
    const { staff, viewer } = request;
    const form = parseForm(appointmentForm, request.body);
    const made = await submit(form, ({ patient, ...value }) =>
      database.transaction((tx) =>
        makeAppointment(tx, staff, { ...wishOf(request, value), locationId: viewer.location.id, patientId: patient }),
      ),
    );
    const patientId = String(form.values.patient ?? '');
    if (!made.ok || made.value.taken) {
      const wanted = { locationId: viewer.location.id, patientId, entryId: null };
      return showNew(request, reply, patientId, ...(await refused(request, form, made, wanted)));
    }
    request.patientOpened = patientId;
    return reply.seeOther(
      `${inBook(viewer, '/book', { day: String(form.values.day) })}#entry-${made.value.entryId}`,
      'booked',
    );
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
    if (!changed.ok || changed.value.taken) {
      const wanted = { locationId: entry.locationId, patientId: entry.patientId!, entryId: entry.id };
      return showEdit(request, reply, ...(await refused(request, form, changed, wanted)));
    }
    return reply.seeOther(
      `${inBook(request.viewer, '/book', { day: String(form.values.day) }, entry.locationId)}#entry-${entry.id}`,
      'moved',
    );
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
    return reply.seeOther(bookOf(request.viewer, await readEntry(sql, staff.practiceId, params.id)), 'cancelled');
  });

  app.post<WithId>('/book/appointments/:id/state', { config: everybody }, async (request, reply) => {
    const { staff, params } = request;
    const form = parseForm(stateForm, request.body);
    if (!form.ok) throw new Refusal('invalid');
    await database.transaction((tx) => setState(tx, staff, params.id, form.value.status));
    if (request.wantsFragment) return reply.code(204).send();
    return reply.seeOther(entryIn(request.viewer, await readEntry(sql, staff.practiceId, params.id)));
  });
}
