import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addPlannedAppointment, changePlannedAppointment } from '../../domain/chart/planned.ts';
import { deletePlannedAppointment, orderPlannedAppointment } from '../../domain/chart/plans.ts';
import { type OnePlanned, readChartChoices, readPlan, readPlannedAppointment } from '../../domain/chart/read.ts';
import { type WishedService, withEstimatedTimes } from '../../domain/chart/services.ts';
import { ChartPage, ChartPlans } from '../../views/chart/ChartPage.tsx';
import { DeleteWindow } from '../../views/chart/DeleteWindow.tsx';
import { EditAppointmentWindow } from '../../views/chart/EditAppointmentWindow.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { readChartView, showOverChart } from '../chartView.ts';
import { whole } from '../fields.ts';
import { expectNoFields, parseForm, submit, type Values } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { everybody, treating } from '../roles.ts';
import { plannedForm, stepOf, typedServices } from './plannedForm.ts';

interface WithId {
  Params: { id: string };
}
type Request = FastifyRequest<WithId>;

const placeForm = z.strictObject({ place: whole(0, 1000) });

/** A patient's Chart, and its planned appointments. Everybody reads it; who treats, and managers, plan. */
export async function chart(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  app.get<WithId>('/patients/:id/chart', { config: everybody }, async (request, reply) => {
    const props = { ...(await readChartView(request, request.params.id)), notice: request.notice };
    return reply.show({ page: () => ChartPage(props), fragment: () => ChartPlans(props) });
  });

  app.get<WithId>('/treatment-plans/:id/planned-appointments/new', { config: treating }, async (request, reply) =>
    showEdit(request, reply, await newIn(request), untouched, []),
  );

  const plannedOf = '/treatment-plans/:id/planned-appointments';
  leadToForm(app, plannedOf, treating, `${plannedOf}/new`);

  app.post<WithId>(plannedOf, { config: treating }, async (request, reply) =>
    edit(request, reply, await newIn(request), addPlannedAppointment),
  );

  app.get<WithId>('/planned-appointments/:id', { config: treating }, async (request, reply) => {
    const one = await planned(request);
    return showEdit(request, reply, one, untouched, one.planned.services);
  });

  app.post<WithId>('/planned-appointments/:id', { config: treating }, async (request, reply) =>
    edit(request, reply, await planned(request), changePlannedAppointment),
  );

  app.post<WithId>('/planned-appointments/:id/position', { config: treating }, async (request, reply) => {
    const { params, staff, body } = request;
    const { patient } = await planned(request);
    const form = parseForm(placeForm, body);
    if (!form.ok) throw app.httpErrors.unprocessableEntity();
    await database.transaction((tx) => orderPlannedAppointment(tx, staff, params.id, form.value.place));
    if (!request.wantsFragment) return reply.seeOther(`/patients/${patient.id}/chart#planned-${params.id}`);
    return reply.fragment(ChartPlans(await readChartView(request, patient.id)));
  });

  app.get<WithId>('/planned-appointments/:id/deletion', { config: treating }, async (request, reply) => {
    const one = await planned(request);
    return showOverChart(request, reply, one.patient.id, DeleteWindow({ viewer: request.viewer, ...one }));
  });

  app.post<WithId>('/planned-appointments/:id/deletion', { config: treating }, async (request, reply) => {
    const { patient } = await planned(request);
    expectNoFields(request.body);
    await database.transaction((tx) => deletePlannedAppointment(tx, request.staff, request.params.id));
    return reply.seeOther(`/patients/${patient.id}/chart`, 'planned_deleted');
  });

  const planned = ({ staff, params }: Request) => readPlannedAppointment(sql, staff.practiceId, params.id);
  const newIn = async ({ staff, params }: Request) => ({
    ...(await readPlan(sql, staff.practiceId, params.id)),
    planned: null,
  });

  type Edited = Omit<OnePlanned, 'planned'> & { planned: OnePlanned['planned'] | null };

  async function edit(
    request: Request,
    reply: FastifyReply,
    one: Edited,
    verb: typeof changePlannedAppointment | typeof addPlannedAppointment,
  ) {
    const { body, staff, params } = request;
    const step = stepOf(body);
    if (step) {
      const values = body as Values;
      return showEdit(request, reply, one, { submitted: true, values, errors: {} }, step(typedServices(values)));
    }
    const done = await submit(parseForm(plannedForm, body), (details) =>
      database.transaction<unknown>((tx) => verb(tx, staff, params.id, details)),
    );
    if (done.ok) return reply.seeOther(`/patients/${one.patient.id}/chart`, 'planned_saved');
    return showEdit(request, reply, one, done, typedServices(done.values), 422);
  }

  async function showEdit(
    request: Request,
    reply: FastifyReply,
    one: Edited,
    form: FormState,
    wishes: WishedService[],
    status = 200,
  ) {
    const { viewer, staff } = request;
    const choices = await readChartChoices(sql, staff.practiceId);
    const services = withEstimatedTimes(wishes, one.planned?.services ?? [], choices.services);
    const providerId = viewer.providerId ?? one.patient.providerId;
    return showOverChart(
      request,
      reply,
      one.patient.id,
      EditAppointmentWindow({ viewer, ...one, providerId, choices, services, form }),
      status,
    );
  }
}
