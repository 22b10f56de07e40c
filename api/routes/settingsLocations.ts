import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addLocation, changeLocation, listLocations, readLocation } from '../../domain/practice/locations.ts';
import { untouched } from '../../views/reader.ts';
import { LocationFormPage, LocationsPage } from '../../views/settings/LocationsPage.tsx';
import { parseForm } from '../form.ts';
import { managers } from '../roles.ts';
import { locationForm, settle, typedWeek } from './settingsForms.ts';

interface WithId {
  Params: { id: string };
}

/** Locations with their opening hours. */
export async function settingsLocations(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  app.get('/settings/locations', { config: managers }, async ({ viewer, staff, notice }, reply) =>
    reply.page(LocationsPage({ viewer, notice, locations: await listLocations(sql, staff) })),
  );

  app.get('/settings/locations/new', { config: managers }, async ({ viewer, notice }, reply) =>
    reply.page(LocationFormPage({ viewer, notice, location: null, form: untouched })),
  );

  app.post('/settings/locations', { config: managers }, async ({ viewer, staff, body }, reply) => {
    const done = await settle(parseForm(locationForm, body), ({ details, week }) =>
      database.transaction((tx) => addLocation(tx, staff, details, week)),
    );
    if (done.ok) return reply.seeOther('/settings/locations', 'settings_added');
    return reply.page(LocationFormPage({ viewer, notice: null, location: null, form: done }), 422);
  });

  app.get<WithId>('/settings/locations/:id', { config: managers }, async (request, reply) => {
    const { viewer, notice } = request;
    return reply.page(LocationFormPage({ viewer, notice, location: await location(request), form: untouched }));
  });

  app.post<WithId>('/settings/locations/:id', { config: managers }, async (request, reply) => {
    const { viewer, staff, params, body } = request;
    const before = await location(request);
    const done = await settle(parseForm(locationForm, body), ({ details, week }) =>
      database.transaction((tx) => changeLocation(tx, staff, params.id, details, week)),
    );
    if (done.ok) return reply.seeOther('/settings/locations', 'settings_saved');
    return reply.page(LocationFormPage({ viewer, notice: null, location: before, form: done }), 422);
  });

  async function location({ staff, params }: FastifyRequest<WithId>) {
    const { week, ...read } = await readLocation(database, staff, params.id);
    return { ...read, week: typedWeek(week) };
  }
}
