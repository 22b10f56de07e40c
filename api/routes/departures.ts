import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readEntry } from '../../domain/book/entry.ts';
import { changePlannedAppointment } from '../../domain/chart/planned.ts';
import { depart, todaysAppointment, undoDeparture } from '../../domain/departures/depart.ts';
import { type PlannedNow, readPlannedNow } from '../../domain/departures/plannedNow.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { inBook } from '../../views/book/address.ts';
import { DepartureWindow } from '../../views/departures/DepartureWindow.tsx';
import { leadingBack } from '../../views/layout/Window.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { bookingInterval, expectedTime, optionalText, optionalUuid, ticked } from '../fields.ts';
import { expectNoFields, parseForm } from '../form.ts';
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
    const planned = (await readPlannedNow(app.sql, staff.practiceId, patientId)).filter(
      ({ openState }) => openState === null,
    );
    const form = parseForm(departureForm(planned), request.body);
    if (!form.ok) return show(request, reply, form, 422);
    const plans = planned.map(({ id }) => ({ id, change: plannedIn(form.value, id) }));
    // Asked once: a departure with nothing ticked is often a tick forgotten.
    if (
      plans.length > 0 &&
      !plans.some(({ change }) => change.toBeBooked) &&
      !form.value.nothing &&
      request.viewer.practice.appointmentWorkflow
    ) {
      return show(request, reply, { submitted: true, values: form.values, errors: { form: 'none_ticked' } }, 422);
    }
    await app.database.transaction(async (tx) => {
      for (const { id, change } of plans) await changePlannedAppointment(tx, staff, id, change);
      await depart(tx, staff, request.params.id);
    });
    return reply.seeOther(wayBack(request, '/book'), 'departed');
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
    const [planned, providers, [practice]] = await Promise.all([
      readPlannedNow(app.sql, staff.practiceId, appointment.patientId!),
      providerChoices(app.sql, staff),
      app.sql<{ days: number }[]>`select default_interval_days as days from practices where id = ${staff.practiceId}`,
    ]);
    const back = wayBack(request, '/book');
    const window = DepartureWindow({
      viewer,
      url: leadingBack(`/book/appointments/${appointment.id}/departure`, back),
      back,
      appointment,
      planned,
      providers,
      defaultIntervalDays: practice!.days,
      form,
    });
    return showWindow(reply, viewer, 'book', viewer.t.departures.title, window, status);
  }
}

/** A group of fields for each planned appointment, named by its id; those that are not sent stay as they are. */
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
