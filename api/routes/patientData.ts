import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { erasePatient, readErasure } from '../../domain/people/erasure.ts';
import { exportPatient } from '../../domain/people/export.ts';
import { ErasurePage } from '../../views/people/ErasurePage.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { parseForm, submit } from '../form.ts';
import { managers } from '../roles.ts';

interface OfPatient {
  Params: { id: string };
}

const sureForm = z.strictObject({ sure: z.literal('on', 'required') });

/** A patient's rights: all that is kept of them in a file, and its erasure as far as the law lets go. */
export async function patientData(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  app.get<OfPatient>('/patients/:id/export', { config: managers }, async ({ params, staff }, reply) => {
    const data = await exportPatient(database, sql, staff, params.id);
    return reply
      .type('application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="patient-${data.patients![0]!.number}.json"`)
      .send(JSON.stringify(data, null, 2));
  });

  app.get<OfPatient>('/patients/:id/erasure', { config: managers }, async (request, reply) =>
    show(request, reply, untouched),
  );

  app.post<OfPatient>('/patients/:id/erasure', { config: managers }, async (request, reply) => {
    const { body, staff, params } = request;
    const done = await submit(parseForm(sureForm, body), () =>
      database.transaction((tx) => erasePatient(tx, staff, params.id)),
    );
    if (!done.ok) return show(request, reply, done, 422);
    return reply.seeOther(`/patients/${params.id}`, 'patient_erased');
  });

  async function show(
    { viewer, staff, params }: FastifyRequest<OfPatient>,
    reply: FastifyReply,
    form: FormState,
    status = 200,
  ) {
    return reply.page(ErasurePage({ viewer, erasure: await readErasure(sql, staff, params.id), form }), status);
  }
}
