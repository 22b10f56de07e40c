import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { tabs as ids, Tabs } from '../../views/layout/StaffPage.tsx';
import { choice } from '../fields.ts';
import { parseQuery } from '../form.ts';
import { everybody } from '../roles.ts';

const query = z.object({ tab: choice([...ids]).catch('book') });

/** The tabs alone: on every open screen they fetch themselves, so that their counts are true. */
export async function tabs(app: FastifyInstance): Promise<void> {
  app.get('/tabs', { config: everybody }, async (request, reply) =>
    reply.fragment(Tabs({ viewer: request.viewer, tab: parseQuery(query, request.query).tab })),
  );
}
