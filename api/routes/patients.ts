import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { localDay } from '../../domain/book/rules/localTime.ts';
import { readPatientFile } from '../../domain/people/patientFile.ts';
import { changePatient, createPatient, type PatientToEdit, readPatient } from '../../domain/people/patients.ts';
import { providerChoices } from '../../domain/people/providers.ts';
import { forPatient, newAppointment } from '../../views/book/address.ts';
import { PatientFilePage, PatientFileParts } from '../../views/people/PatientFilePage.tsx';
import { PatientFormPage } from '../../views/people/PatientFormPage.tsx';
import { PatientsFound, PatientsPage } from '../../views/people/PatientsPage.tsx';
import { type FormState, untouched, type Viewer } from '../../views/reader.ts';
import { parseForm, parseQuery, submit } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { sealedSearch, searchFor, searchIn } from '../patientSearch.ts';
import { safePath } from '../plugins/pages.ts';
import { desk, everybody } from '../roles.ts';
import { wayBack } from '../window.ts';
import { patientForm } from './patientForm.ts';

const searchQuery = z.object({ search: sealedSearch });

interface OfPatient {
  Params: { id: string };
}

/** The page of ours that editing began on, as the address says; else the Patient File. */
function backOf({ params, query }: FastifyRequest<OfPatient>): string {
  const path = safePath((query as { back?: unknown }).back);
  return path === '/' ? `/patients/${params.id}` : path;
}

/** Where a new file was asked for: among the patients, or by a new appointment, which then is theirs. */
const whereAsked = (request: FastifyRequest) => wayBack(request, '/patients', newAppointment);

const todayOf = ({ practice }: Viewer) => localDay(Date.now(), practice.timeZone);

/** Search, and the Patient Files. */
export async function patients(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  app.get('/patients', { config: everybody }, async (request, reply) => {
    const { search } = parseQuery(searchQuery, request.query);
    return reply.page(PatientsPage({ viewer: request.viewer, ...(await searchIn(request, search)) }));
  });

  leadToForm(app, '/patients/search', everybody, '/patients');

  // What is found has an address of its own: without scripts the browser goes there, with them the address bar follows.
  app.post('/patients/search', { config: everybody }, async (request, reply) => {
    const { sealed, ...search } = await searchFor(request);
    const props = { viewer: request.viewer, ...search };
    const status = search.error ? 422 : 200;
    const address = sealed ? `/patients?search=${sealed}` : '/patients';
    if (request.wantsFragment) return reply.header('hx-replace-url', address).fragment(PatientsFound(props), status);
    return search.error ? reply.page(PatientsPage(props), status) : reply.seeOther(address);
  });

  app.get('/patients/new', { config: desk }, async (request, reply) =>
    showForm(request, reply, null, whereAsked(request), untouched),
  );

  app.post('/patients', { config: desk }, async (request, reply) => {
    const { body, viewer, staff } = request;
    const back = whereAsked(request);
    const form = parseForm(patientForm(viewer.practice.timeZone, todayOf(viewer)), body);
    const done = await submit(form, (details) => database.transaction((tx) => createPatient(tx, staff, details)));
    if (!done.ok) return showForm(request, reply, null, back, done, 422);
    const { id } = done.value;
    request.patientOpened = id;
    if (back.startsWith(newAppointment)) return reply.seeOther(forPatient(back, id));
    return reply.seeOther(`/patients/${id}`, 'patient_created');
  });

  app.get<OfPatient>('/patients/:id', { config: everybody }, async ({ params, viewer, staff, notice }, reply) => {
    const props = { viewer, file: await readPatientFile(sql, staff, params.id) };
    return reply.show({
      page: () => PatientFilePage({ ...props, notice }),
      fragment: () => PatientFileParts(props),
    });
  });

  app.get<OfPatient>('/patients/:id/edit', { config: desk }, async (request, reply) => {
    const patient = await readPatient(database, request.staff, request.params.id);
    return showForm(request, reply, patient, backOf(request), untouched);
  });

  app.post<OfPatient>('/patients/:id/edit', { config: desk }, async (request, reply) => {
    const { params, body, viewer, staff } = request;
    const patient = await readPatient(database, staff, params.id);
    const back = backOf(request);
    const form = parseForm(patientForm(viewer.practice.timeZone, todayOf(viewer)), body);
    const done = await submit(form, (details) =>
      database.transaction((tx) => changePatient(tx, staff, patient.id, details)),
    );
    return done.ok ? reply.seeOther(back, 'patient_saved') : showForm(request, reply, patient, back, done, 422);
  });

  async function showForm(
    { viewer, staff }: FastifyRequest,
    reply: FastifyReply,
    patient: PatientToEdit | null,
    back: string,
    form: FormState,
    status?: number,
  ) {
    return reply.page(
      PatientFormPage({ viewer, patient, back, providers: await providerChoices(sql, staff), form }),
      status,
    );
  }
}
