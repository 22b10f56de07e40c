import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addChair, changeChair, type ListedChair, listChairs, readChair } from '../../domain/practice/chairs.ts';
import { type FormState, untouched } from '../../views/reader.ts';
import { ChairsPage, ChairWindow } from '../../views/settings/ChairsPage.tsx';
import { parseForm } from '../form.ts';
import { managers } from '../roles.ts';
import { chairForm, newChairForm, settle } from './settingsForms.ts';

interface WithId {
  Params: { id: string };
}

/** Chairs, by location and in the book's order. */
export async function settingsChairs(app: FastifyInstance): Promise<void> {
  const { database, sql } = app;

  app.get('/settings/chairs', { config: managers }, async ({ viewer, staff, notice }, reply) =>
    reply.page(ChairsPage({ viewer, notice, chairs: await listChairs(sql, staff) })),
  );

  app.get('/settings/chairs/new', { config: managers }, async (request, reply) =>
    show(request, reply, null, untouched),
  );

  app.post('/settings/chairs', { config: managers }, async (request, reply) => {
    const done = await settle(parseForm(newChairForm, request.body), ({ locationId, ...details }) =>
      database.transaction((tx) => addChair(tx, request.staff, locationId, details)),
    );
    if (done.ok) return reply.seeOther('/settings/chairs', 'settings_added');
    return show(request, reply, null, done, 422);
  });

  app.get<WithId>('/settings/chairs/:id', { config: managers }, async (request, reply) =>
    show(request, reply, await readChair(sql, request.staff, request.params.id), untouched),
  );

  app.post<WithId>('/settings/chairs/:id', { config: managers }, async (request, reply) => {
    const { staff, params, body } = request;
    const chair = await readChair(sql, staff, params.id);
    const done = await settle(parseForm(chairForm, body), (details) =>
      database.transaction((tx) => changeChair(tx, staff, params.id, details)),
    );
    if (done.ok) return reply.seeOther('/settings/chairs', 'settings_saved');
    return show(request, reply, chair, done, 422);
  });

  async function show(
    { viewer, staff }: FastifyRequest,
    reply: FastifyReply,
    chair: ListedChair | null,
    form: FormState,
    status = 200,
  ) {
    const chairs = await listChairs(sql, staff);
    const nextPosition = Math.max(0, ...chairs.map(({ position }) => position)) + 1;
    const window = ChairWindow({ viewer, chair, locations: viewer.locations, nextPosition, form });
    return reply.show(
      { page: () => ChairsPage({ viewer, notice: null, chairs, window }), fragment: () => window },
      status,
    );
  }
}
