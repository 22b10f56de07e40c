import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { choice } from '../fields.ts';
import { parseForm } from '../form.ts';
import type { WithToken } from '../patientVisit.ts';
import { open } from '../roles.ts';

/** The other language, on the pages of every kind of link: to book, to the appointment, to unsubscribe. */
export async function patientLanguage(app: FastifyInstance): Promise<void> {
  for (const at of ['a', 'b', 'u']) {
    app.post<WithToken>(`/${at}/:token/language`, { config: open }, async (request, reply) => {
      const form = parseForm(z.strictObject({ language: choice(['en', 'nl']) }), request.body);
      if (!form.ok) throw new Refusal('invalid');
      reply.setCookie('patient_language', form.value.language, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: app.configuration.publicUrl.startsWith('https:'),
        maxAge: 86_400,
      });
      return reply.seeOther(`/${at}/${request.params.token}`);
    });
  }
}
