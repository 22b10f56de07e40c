import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { readPicture } from '../../domain/people/providers.ts';
import { open } from '../roles.ts';

const pictureTypes = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml']);

/** Portraits of those who treat; a patient sees one before confirming. */
export async function providers(app: FastifyInstance): Promise<void> {
  app.get<{ Params: { id: string } }>('/providers/:id/picture', { config: open }, async (request, reply) => {
    const picture = await readPicture(app.outside.sql, request.params.id);
    if (!picture || !pictureTypes.has(picture.type)) throw app.httpErrors.notFound();
    const etag = `"${createHash('sha256').update(picture.bytes).digest('base64url').slice(0, 16)}"`;
    reply.header('cache-control', 'public, no-cache').header('etag', etag);
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type(picture.type).send(picture.bytes);
  });
}
