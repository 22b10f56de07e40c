import type { FastifyContextConfig, FastifyInstance } from 'fastify';

/**
 * Lets the address that a form is sent to lead to where the form stands: who reloads one that came back, changes the language
 * there or signs in again, asks for it.
 */
export function leadToForm(app: FastifyInstance, sentTo: string, config: FastifyContextConfig, standsAt: string): void {
  app.get<{ Params: { id?: string } }>(sentTo, { config }, async ({ params, url }, reply) => {
    const query = url.split('?')[1];
    return reply.redirect(`${standsAt.replace(':id', params.id ?? '')}${query ? `?${query}` : ''}`, 303);
  });
}
