import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { readPatientFile } from '../../domain/people/patientFile.ts';
import { changePatient, createPatient, readPatient } from '../../domain/people/patients.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { searchPatients } from '../../domain/people/search.ts';
import { MessageList } from '../../views/people/MessageList.tsx';
import { PatientFilePage } from '../../views/people/PatientFilePage.tsx';
import { PatientFormPage } from '../../views/people/PatientFormPage.tsx';
import { PatientsFound, PatientsPage } from '../../views/people/PatientsPage.tsx';
import { untouched, type Viewer } from '../../views/reader.ts';
import { parseForm, parseQuery, submit } from '../form.ts';
import { desk, everybody } from '../roles.ts';
import { patientForm } from './patientForm.ts';

const searchQuery = z.object({ q: z.string().trim().max(100).catch('') });

interface OfPatient {
  Params: { id: string };
}

const todayOf = ({ practice }: Viewer) => localDay(Date.now(), practice.timeZone);

/** Search, and the Patient Files. */
export async function patients(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  app.get('/patients', { config: everybody }, async ({ query, viewer, staff }, reply) => {
    const { q } = parseQuery(searchQuery, query);
    const props = { viewer, q, ...(await searchPatients(sql, staff, q, Number(todayOf(viewer).slice(0, 4)))) };
    return reply.show({ page: () => PatientsPage(props), fragment: () => PatientsFound(props) });
  });

  app.get('/patients/new', { config: desk }, async ({ viewer, staff }, reply) =>
    reply.page(
      PatientFormPage({ viewer, patient: null, providers: await providerChoices(sql, staff), form: untouched }),
    ),
  );

  app.post('/patients', { config: desk }, async ({ body, viewer, staff }, reply) => {
    const form = parseForm(patientForm(viewer.practice.timeZone, todayOf(viewer)), body);
    const done = await submit(form, (details) => database.transaction((tx) => createPatient(tx, staff, details)));
    if (!done.ok)
      return reply.page(
        PatientFormPage({ viewer, patient: null, providers: await providerChoices(sql, staff), form: done }),
        422,
      );
    return reply.seeOther(`/patients/${done.value.id}`, 'patient_created');
  });

  app.get<OfPatient>('/patients/:id', { config: everybody }, async ({ params, viewer, staff, notice }, reply) =>
    reply.page(PatientFilePage({ viewer, file: await readPatientFile(sql, staff, params.id), notice })),
  );

  app.get<OfPatient>('/patients/:id/messages', { config: everybody }, async ({ params, viewer, staff }, reply) => {
    const { id, messages } = await readPatientFile(sql, staff, params.id);
    return reply.fragment(MessageList({ viewer, patientId: id, messages }));
  });

  app.get<OfPatient>('/patients/:id/edit', { config: desk }, async ({ params, viewer, staff }, reply) => {
    const patient = await readPatient(database, staff, params.id);
    return reply.page(
      PatientFormPage({ viewer, patient, providers: await providerChoices(sql, staff), form: untouched }),
    );
  });

  app.post<OfPatient>('/patients/:id/edit', { config: desk }, async ({ params, body, viewer, staff }, reply) => {
    const patient = await readPatient(database, staff, params.id);
    const form = parseForm(patientForm(viewer.practice.timeZone, todayOf(viewer)), body);
    const done = await submit(form, (details) =>
      database.transaction((tx) => changePatient(tx, staff, patient.id, details)),
    );
    if (!done.ok)
      return reply.page(
        PatientFormPage({ viewer, patient, providers: await providerChoices(sql, staff), form: done }),
        422,
      );
    return reply.seeOther(`/patients/${patient.id}`, 'patient_saved');
  });
}
