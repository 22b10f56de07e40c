import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listChairs } from '../../domain/practice/chairs.ts';
import { configureOnlineBooking, readOnlineConfiguration } from '../../domain/practice/onlineBooking.ts';
import { changePortrait, portraitOf } from '../../domain/practice/pictures.ts';
import { addProvider, changeProvider, listProviders, readProvider } from '../../domain/practice/providers.ts';
import { changeWorkingHours, readWorkingWeeks } from '../../domain/practice/workingHours.ts';
import { type FormState, untouched } from '../../views/reader.ts';
import { NewProviderPage, ProviderPage, WorkingHoursWindow } from '../../views/settings/ProviderPage.tsx';
import { ProvidersPage } from '../../views/settings/ProvidersPage.tsx';
import { expectNoFields, parseForm } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { managers } from '../roles.ts';
import { takeUploads } from '../upload.ts';
import { onlineForm, pictureForm, providerForm, settle, typedWeek, weekForm } from './settingsForms.ts';

interface WithId {
  Params: { id: string };
}
interface AtLocation {
  Params: { id: string; locationId: string };
}

/** Providers with their online configuration and their working hours. */
export async function settingsProviders(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  app.get('/settings/providers', { config: managers }, async ({ viewer, staff, notice }, reply) =>
    reply.page(ProvidersPage({ viewer, notice, providers: await listProviders(sql, staff) })),
  );

  app.get('/settings/providers/new', { config: managers }, async ({ viewer }, reply) =>
    reply.page(NewProviderPage({ viewer, form: untouched })),
  );

  app.post('/settings/providers', { config: managers }, async ({ viewer, staff, body }, reply) => {
    const done = await settle(parseForm(providerForm, body), (details) =>
      database.transaction((tx) => addProvider(tx, staff, details)),
    );
    if (done.ok) return reply.seeOther(`/settings/providers/${done.value}`, 'provider_added');
    return reply.page(NewProviderPage({ viewer, form: done }), 422);
  });

  app.get<WithId>('/settings/providers/:id', { config: managers }, async (request, reply) => show(request, reply));

  app.post<WithId>('/settings/providers/:id', { config: managers }, async (request, reply) => {
    const { staff, params, body } = request;
    const done = await settle(parseForm(providerForm, body), (details) =>
      database.transaction((tx) => changeProvider(tx, staff, params.id, details)),
    );
    return done.ok ? saved(request, reply) : show(request, reply, { detailsForm: done }, 422);
  });

  for (const form of ['picture', 'online-booking'])
    leadToForm(app, `/settings/providers/:id/${form}`, managers, '/settings/providers/:id');

  await app.register(async (scope) => {
    await takeUploads(scope);
    scope.post<WithId>(
      '/settings/providers/:id/picture',
      { config: { ...managers, upload: true } },
      async (request, reply) => {
        const { staff, params, body } = request;
        await readProvider(sql, staff, params.id);
        const done = await settle(parseForm(pictureForm, body), async ({ picture }) => {
          const portrait = await portraitOf(picture);
          await database.transaction((tx) => changePortrait(tx, staff, params.id, portrait));
        });
        if (done.ok) return saved(request, reply);
        return show(request, reply, { pictureForm: { ...done, values: {} } }, 422);
      },
    );
  });

  app.post<WithId>('/settings/providers/:id/picture/removal', { config: managers }, async (request, reply) => {
    const { staff, params, body } = request;
    expectNoFields(body);
    await database.transaction((tx) => changePortrait(tx, staff, params.id, null));
    return saved(request, reply);
  });

  app.post<WithId>('/settings/providers/:id/online-booking', { config: managers }, async (request, reply) => {
    const { staff, params, body } = request;
    const done = await settle(parseForm(onlineForm, body), (online) =>
      database.transaction((tx) => configureOnlineBooking(tx, staff, params.id, online)),
    );
    return done.ok ? saved(request, reply) : show(request, reply, { onlineForm: done }, 422);
  });

  app.get<AtLocation>(
    '/settings/providers/:id/working-hours/:locationId',
    { config: managers },
    async (request, reply) => showHours(request, reply, untouched),
  );

  app.post<AtLocation>(
    '/settings/providers/:id/working-hours/:locationId',
    { config: managers },
    async (request, reply) => {
      const { staff, params, body } = request;
      const done = await settle(parseForm(weekForm, body), (week) =>
        database.transaction((tx) => changeWorkingHours(tx, staff, params.id, params.locationId, week)),
      );
      return done.ok ? saved(request, reply) : showHours(request, reply, done, 422);
    },
  );

  const saved = ({ params }: FastifyRequest<WithId>, reply: FastifyReply) =>
    reply.seeOther(`/settings/providers/${params.id}`, 'settings_saved');

  async function read({ staff, params, viewer }: FastifyRequest<WithId>) {
    const [provider, online, chairs, weeks] = await Promise.all([
      readProvider(sql, staff, params.id),
      readOnlineConfiguration(database, staff, params.id),
      listChairs(sql, staff),
      readWorkingWeeks(sql, staff, params.id),
    ]);
    const named = chairs.map(({ id, name, location, active }) => ({
      id,
      active,
      name: viewer.locations.length > 1 ? `${name}, ${location}` : name,
    }));
    const typed = weeks.map(({ location, week }) => ({ location, week: typedWeek(week) }));
    return { viewer, provider, online, chairs: named, weeks: typed };
  }

  interface Shown {
    detailsForm?: FormState;
    pictureForm?: FormState;
    onlineForm?: FormState;
    window?: ReturnType<typeof WorkingHoursWindow>;
  }

  async function show(request: FastifyRequest<WithId>, reply: FastifyReply, shown: Shown = {}, status = 200) {
    const { notice } = request;
    const forms = { detailsForm: untouched, pictureForm: untouched, onlineForm: untouched };
    return reply.page(ProviderPage({ ...(await read(request)), notice, ...forms, ...shown }), status);
  }

  async function showHours(request: FastifyRequest<AtLocation>, reply: FastifyReply, form: FormState, status = 200) {
    const { viewer, provider, weeks } = await read(request);
    const at = weeks.find(({ location }) => location.id === request.params.locationId);
    if (!at) throw app.httpErrors.notFound();
    const window = WorkingHoursWindow({ viewer, provider, ...at, form });
    if (request.wantsFragment) return reply.fragment(window, status);
    return show(request, reply, { window }, status);
  }
}
