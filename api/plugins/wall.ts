import type { FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { hashOfToken } from '../../domain/bookings/links.ts';
import { type Inside, inside } from '../../drizzle/wall.ts';

/** A request is answered for the practice of whoever is signed in, or of the patient's link; for no other. */
export const wall = plugin(async (app) => {
  // Not sooner: what runs after a body was read no longer knows what was said before.
  app.addHook('preHandler', (request, _reply, done) => inside(placeOf(request), done));
});

function placeOf({ staff, url, params }: FastifyRequest): Inside | null {
  if (staff) return staff;
  const { token } = (params ?? {}) as { token?: string };
  return token && /^\/[ab]\//.test(url) ? { linkHash: hashOfToken(token) } : null;
}
