import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readEntry } from '../../domain/book/entry.ts';
import { changePlannedAppointment } from '../../domain/chart/planned.ts';
import { depart, todaysAppointment, undoDeparture } from '../../domain/departures/depart.ts';
import { type PlannedNow, readPlannedNow } from '../../domain/departures/plannedNow.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { bookingIntervalOf } from '../../domain/practice/practice.ts';
import { Refusal } from '../../domain/refusal.ts';
import { inBook } from '../../views/book/address.ts';
import { DepartureWindow } from '../../views/departures/DepartureWindow.tsx';
import { leadingBack } from '../../views/layout/Window.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { bookingInterval, expectedTime, optionalText, optionalUuid, ticked } from '../fields.ts';
import { expectNoFields, parseForm, submit } from '../form.ts';
import { everybody } from '../roles.ts';
import { showWindow, wayBack } from '../window.ts';

type WithId = { Params: { id: string } };

/** The checkout of today's appointment, and taking it back. */
export async function departures(app: FastifyInstance): Promise<void> {
  app.get<WithId>('/book/appointments/:id/departure', { config: everybody }, async (request, reply) => {
    await todaysAppointment(app.database, request.staff, request.params.id);
    return show(request, reply, untouched);
  });

  app.post<WithId>('/book/appointments/:id/departure', { config: everybody }, async (request, reply) => {
    const { staff } = request;
    const { patientId } = await todaysAppointment(app.database, staff, request.params.id);
    const planned = await readPlannedNow(app.sql, staff.practiceId, patientId);
    const form = parseForm(departureForm(planned), request.body);
    if (!form.ok) return show(request, reply, form, 422);
    const sent = planned
      .filter(({ id }) => Object.keys(form.values).some((name) => name.endsWith(`.${id}`)))
      .map((one) => ({ ...one, change: plannedIn(form.value, one.id) }));
    // What is on its way since the window was opened stays as it is: OK was pressed twice, or a colleague was first.
    const plans = sent.filter(({ openState, inBook }) => openState === null && !inBook);
    // Asked once: a departure with nothing ticked is often a tick forgotten.
    if (
      plans.length > 0 &&
      !sent.some(({ change }) => change.toBeBooked) &&
      !form.value.nothing &&
      request.viewer.practice.appointmentWorkflow
    ) {
      return show(request, reply, { submitted: true, values: form.values, errors: { form: 'none_ticked' } }, 422);
    }
    const done = await submit(form, () =>
      app.database.transaction(async (tx) => {
        for (const { id, change } of plans) await atFieldsOf(id, changePlannedAppointment(tx, staff, id, change));
        await depart(tx, staff, request.params.id);
      }),
    );
    return done.ok ? reply.seeOther(wayBack(request, '/book'), 'departed') : show(request, reply, done, 422);
  });

  app.post<WithId>('/departures/:id/undo', { config: everybody }, async (request, reply) => {
    expectNoFields(request.body);
    const { locationId } = await app.database.transaction((tx) => undoDeparture(tx, request.staff, request.params.id));
    if (request.wantsFragment) return reply.code(204).send();
    const back = wayBack(request, '/book', '/departure-tasks');
    const to = back === '/book' ? inBook(request.viewer, back, {}, locationId) : back;
    return reply.seeOther(to, 'departure_undone');
  });

  async function show(request: FastifyRequest<WithId>, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer, staff } = request;
    const appointment = await readEntry(app.sql, staff.practiceId, request.params.id);
    const [planned, providers, defaultIntervalDays] = await Promise.all([
      readPlannedNow(app.sql, staff.practiceId, appointment.patientId!),
      providerChoices(app.sql, staff),
      bookingIntervalOf(app.sql, staff.practiceId),
    ]);
    const back = wayBack(request, '/book');
    const window = DepartureWindow({
      viewer,
      url: leadingBack(`/book/appointments/${appointment.id}/departure`, back),
      back,
      appointment,
      planned: planned.filter(({ inBook }) => !inBook),
      providers,
      defaultIntervalDays,
      form,
    });
    return showWindow(reply, viewer, 'book', viewer.t.departures.title, window, status);
  }
}

/** A group of fields for each planned appointment, named by its id. One whose fields are not sent stays as it is. */
function departureForm(planned: PlannedNow[]) {
  const fields: Record<string, z.ZodType> = {};
  for (const { id } of planned) {
    fields[`book.${id}`] = ticked;
    fields[`length.${id}`] = expectedTime;
    fields[`description.${id}`] = optionalText(200);
    fields[`note.${id}`] = optionalText(2000);
    fields[`provider.${id}`] = optionalUuid;
    fields[`interval.${id}`] = bookingInterval;
  }
  return z.strictObject({ nothing: ticked, ...fields });
}

function plannedIn(value: Record<string, unknown>, id: string) {
  return {
    toBeBooked: value[`book.${id}`] as boolean,
    overrideMinutes: value[`length.${id}`] as number | null,
    description: value[`description.${id}`] as string,
    note: value[`note.${id}`] as string,
    providerId: value[`provider.${id}`] as string | null,
    intervalDays: value[`interval.${id}`] as number | null,
  };
}

const fieldNames: Record<string, string> = { expectedTime: 'length', providerId: 'provider' };

/** What is refused of a planned appointment's field is refused of its field in the window. */
async function atFieldsOf(id: string, change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    const name = error instanceof Refusal && error.field && fieldNames[error.field];
    throw name ? new Refusal(error.code, `${name}.${id}`) : error;
  }
}
