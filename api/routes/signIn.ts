import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { authenticate, colleaguesOf, practiceOfUser } from '../../domain/people/users.ts';
import { SignInPage } from '../../views/layout/SignInPage.tsx';
import { type FormState, untouched } from '../../views/reader.ts';
import { expectNoFields, parseForm } from '../form.ts';
import { safePath, whereTheReaderIs } from '../plugins/pages.ts';
import { sessionCookie } from '../plugins/sessions.ts';
import { isAwake } from '../plugins/viewer.ts';
import { everybody, open } from '../roles.ts';

const signInForm = z.strictObject({
  email: z.string('required').trim().min(1, 'required').max(254, 'too_long'),
  password: z.string('required').min(1, 'required').max(200, 'too_long'),
  to: z.string().max(500).optional(),
});

const quarter = 15 * 60_000;
const emailOf = (request: FastifyRequest) =>
  String((request.body as { email?: string } | undefined)?.email ?? '')
    .trim()
    .toLowerCase();

/** Signing in and out, locking the screen, and taking it over from a colleague. */
export async function signIn(app: FastifyInstance): Promise<void> {
  const failures = [
    app.createRateLimit({
      max: 10,
      timeWindow: quarter,
      keyGenerator: (request) => `${request.ip} ${emailOf(request)}`,
    }),
    app.createRateLimit({ max: 100, timeWindow: quarter }),
  ];

  async function show(request: FastifyRequest, reply: FastifyReply, to: string, form: FormState, status?: number) {
    // A locked screen offers the colleagues of whoever's it is.
    const { userId } = request.session;
    const colleagues = userId ? await colleaguesOf(app.outside.sql, userId) : [];
    const lockedUser = colleagues.find(({ id }) => id === userId)?.email ?? null;
    return reply.page(SignInPage({ reader: request.reader, form, to, colleagues, lockedUser }), status);
  }

  app.get<{ Querystring: { to?: string } }>('/sign-in', { config: open }, async (request, reply) => {
    const to = safePath(request.query.to);
    return isAwake(request) ? reply.seeOther(to) : show(request, reply, to, untouched);
  });

  app.post('/sign-in', { config: open }, async (request, reply) => {
    const form = parseForm(signInForm, request.body);
    const to = safePath(form.values.to);
    const values = { email: form.values.email ?? '' };
    if (!form.ok) return show(request, reply, to, { submitted: true, values, errors: form.errors }, 422);
    for (const failed of failures) {
      const tries = await failed(request, { increment: false });
      if (!tries.isAllowed && tries.remaining === 0) {
        reply.header('retry-after', tries.ttlInSeconds);
        return show(request, reply, to, { submitted: true, values, errors: { form: 'too_many' } }, 429);
      }
    }
    const user = await authenticate(app.outside.sql, form.value.email, form.value.password);
    if (!user) {
      for (const failed of failures) await failed(request);
      return show(request, reply, to, { submitted: true, values, errors: { form: 'wrong_password' } }, 422);
    }
    await request.session.regenerate();
    request.session.userId = user.id;
    request.session.lastSeenAt = Date.now();
    return reply.seeOther(to);
  });

  app.post('/sign-out', { config: open }, async (request, reply) => {
    expectNoFields(request.body);
    const { userId } = request.session;
    const practiceId = userId ? await practiceOfUser(app.outside.sql, userId) : null;
    await request.session.destroy();
    if (practiceId) await app.live.sessionsChanged(practiceId);
    reply.clearCookie(sessionCookie(app.configuration), { path: '/' });
    return reply.seeOther('/sign-in');
  });

  app.post('/lock', { config: everybody }, async (request, reply) => {
    expectNoFields(request.body);
    request.session.locked = true;
    await request.session.save();
    await app.live.sessionsChanged(request.staff.practiceId);
    return reply.seeOther(`/sign-in?to=${encodeURIComponent(whereTheReaderIs(request))}`);
  });
}
