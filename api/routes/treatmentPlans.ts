import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { createPlan, deletePlan, renamePlan } from '../../domain/chart/plans.ts';
import { readPlan } from '../../domain/chart/read.ts';
import { Refusal } from '../../domain/refusal.ts';
import { ChartPage } from '../../views/chart/ChartPage.tsx';
import { DeletePlanWindow, RenamePlanWindow } from '../../views/chart/PlanWindows.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { readChartView, showOverChart } from '../chartView.ts';
import { text } from '../fields.ts';
import { expectNoFields, parseForm, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { treating } from '../roles.ts';

interface WithId {
  Params: { id: string };
}
type Request = FastifyRequest<WithId>;

const planForm = z.strictObject({ name: text(80) });

/** A patient's treatment plans: begun, renamed, deleted. */
export async function treatmentPlans(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  leadToForm(app, '/patients/:id/treatment-plans', treating, '/patients/:id/chart');

  app.post<WithId>('/patients/:id/treatment-plans', { config: treating }, async (request, reply) => {
    const { params, staff, body } = request;
    const props = await readChartView(request, params.id);
    const done = await submit(parseForm(planForm, body), ({ name }) =>
      database.transaction((tx) => createPlan(tx, staff, params.id, name)),
    );
    if (!done.ok) return reply.page(ChartPage({ ...props, form: done }), 422);
    return reply.seeOther(`/patients/${params.id}/chart`, 'plan_created');
  });

  app.get<WithId>('/treatment-plans/:id', { config: treating }, async (request, reply) =>
    showRename(request, reply, untouched),
  );

  app.post<WithId>('/treatment-plans/:id', { config: treating }, async (request, reply) => {
    const { params, staff, body } = request;
    const { patient } = await planOf(request);
    const done = await submit(parseForm(planForm, body), ({ name }) =>
      database.transaction((tx) => renamePlan(tx, staff, params.id, name)),
    );
    if (!done.ok) return showRename(request, reply, done, 422);
    return reply.seeOther(`/patients/${patient.id}/chart`, 'plan_saved');
  });

  app.get<WithId>('/treatment-plans/:id/deletion', { config: treating }, async (request, reply) => {
    const { patient } = await planOf(request);
    const { viewer, chart } = await readChartView(request, patient.id);
    const plan = chart.plans.find(({ id }) => id === request.params.id);
    if (!plan) throw new Refusal('not_found');
    return showOverChart(request, reply, patient.id, DeletePlanWindow({ viewer, patient, plan }));
  });

  app.post<WithId>('/treatment-plans/:id/deletion', { config: treating }, async (request, reply) => {
    const { params, staff, body } = request;
    const { patient } = await planOf(request);
    expectNoFields(body);
    await database.transaction((tx) => deletePlan(tx, staff, params.id));
    return reply.seeOther(`/patients/${patient.id}/chart`, 'plan_deleted');
  });

  const planOf = ({ staff, params }: Request) => readPlan(sql, staff.practiceId, params.id);

  async function showRename(request: Request, reply: FastifyReply, form: FormState, status = 200) {
    const { patient, plan } = await planOf(request);
    const window = RenamePlanWindow({ viewer: request.viewer, patient, plan, form });
    return showOverChart(request, reply, patient.id, window, status);
  }
}
