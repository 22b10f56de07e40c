import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { setLanguage, workAt } from '../../domain/people/users.ts';
import { inside } from '../../drizzle/wall.ts';
import { choice, uuid } from '../fields.ts';
import { parseForm } from '../form.ts';
import { safePath } from '../plugins/pages.ts';
import { isAwake, rememberLanguage } from '../plugins/viewer.ts';
import { everybody, open } from '../roles.ts';

const languageForm = z.strictObject({ language: choice(['en', 'nl']), to: z.string().max(500).optional() });
const locationForm = z.strictObject({ locationId: uuid, to: z.string().max(500).optional() });

/** The language a reader wants, and the location where a member of staff works now. */
export async function preferences(app: FastifyInstance): Promise<void> {
  app.post('/language', { config: open }, async (request, reply) => {
    const form = parseForm(languageForm, request.body);
    if (!form.ok) throw app.httpErrors.unprocessableEntity();
    const { language, to } = form.value;
    rememberLanguage(app, reply, language);
    const user = isAwake(request) ? request.session.signedIn?.() : undefined;
    if (user) {
      const staff = { practiceId: user.practiceId, userId: user.id };
      await inside(staff, () => setLanguage(app.database, staff, language));
    }
    return reply.seeOther(safePath(to));
  });

  app.post('/location', { config: everybody }, async (request, reply) => {
    const form = parseForm(locationForm, request.body);
    if (!form.ok) throw app.httpErrors.unprocessableEntity();
    await workAt(app.database, request.staff, form.value.locationId);
    return reply.seeOther(safePath(form.value.to));
  });
}
