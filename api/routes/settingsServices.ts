import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addService, changeService, listServices, readService, type Service } from '../../domain/practice/services.ts';
import { type FormState, untouched } from '../../views/reader.ts';
import { ServicesPage, ServiceWindow } from '../../views/settings/ServicesPage.tsx';
import { parseForm } from '../form.ts';
import { managers } from '../roles.ts';
import { serviceForm, settle } from './settingsForms.ts';

interface WithId {
  Params: { id: string };
}

/** Treatment codes with their Estimated Times. */
export async function settingsServices(app: FastifyInstance): Promise<void> {
  const { database } = app;

  app.get('/settings/services', { config: managers }, async ({ viewer, staff, notice }, reply) =>
    reply.page(ServicesPage({ viewer, notice, services: await listServices(database, staff) })),
  );

  app.get('/settings/services/new', { config: managers }, async (request, reply) =>
    show(request, reply, null, untouched),
  );

  app.post('/settings/services', { config: managers }, async (request, reply) => {
    const done = await settle(parseForm(serviceForm, request.body), (details) =>
      database.transaction((tx) => addService(tx, request.staff, details)),
    );
    if (done.ok) return reply.seeOther('/settings/services', 'settings_added');
    return show(request, reply, null, done, 422);
  });

  app.get<WithId>('/settings/services/:id', { config: managers }, async (request, reply) =>
    show(request, reply, await readService(database, request.staff, request.params.id), untouched),
  );

  app.post<WithId>('/settings/services/:id', { config: managers }, async (request, reply) => {
    const { staff, params, body } = request;
    const service = await readService(database, staff, params.id);
    const done = await settle(parseForm(serviceForm, body), (details) =>
      database.transaction((tx) => changeService(tx, staff, params.id, details)),
    );
    if (done.ok) return reply.seeOther('/settings/services', 'settings_saved');
    return show(request, reply, service, done, 422);
  });

  async function show(
    { viewer, staff }: FastifyRequest,
    reply: FastifyReply,
    service: Service | null,
    form: FormState,
    status = 200,
  ) {
    const window = ServiceWindow({ viewer, service, form });
    if (reply.request.wantsFragment) return reply.fragment(window, status);
    const services = await listServices(database, staff);
    return reply.page(ServicesPage({ viewer, notice: null, services, window }), status);
  }
}
