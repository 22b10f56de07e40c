import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hashPassword } from '../../domain/people/users.ts';
import { listProviders } from '../../domain/practice/providers.ts';
import { addUser, changeUser, type ListedUser, listUsers, readUser, setPassword } from '../../domain/practice/users.ts';
import { type FormState, untouched } from '../../views/reader.ts';
import { UsersPage } from '../../views/settings/UsersPage.tsx';
import { UserWindow } from '../../views/settings/UserWindow.tsx';
import { type Parsed, parseForm } from '../form.ts';
import { leadToForm } from '../formAddress.ts';
import { hashOf } from '../plugins/sessions.ts';
import { managers } from '../roles.ts';
import { newUserForm, passwordForm, settle, userForm } from './settingsForms.ts';

interface WithId {
  Params: { id: string };
}

/** Who signs in, with which role. Passwords are taken, and never shown again. */
export async function settingsUsers(app: FastifyInstance): Promise<void> {
  const { database, sql, live } = app;

  app.get('/settings/users', { config: managers }, async ({ viewer, staff, notice }, reply) =>
    reply.page(UsersPage({ viewer, notice, users: await listUsers(sql, staff) })),
  );

  app.get('/settings/users/new', { config: managers }, async (request, reply) => show(request, reply, null, {}));

  app.post('/settings/users', { config: managers }, async (request, reply) => {
    const done = await settle(parseForm(newUserForm, request.body), async ({ details, password }) => {
      const passwordHash = await hashPassword(password);
      return database.transaction((tx) => addUser(tx, request.staff, details, passwordHash));
    });
    if (done.ok) return reply.seeOther('/settings/users', 'settings_added');
    return show(request, reply, null, { form: withoutPassword(done) }, 422);
  });

  app.get<WithId>('/settings/users/:id', { config: managers }, async (request, reply) =>
    show(request, reply, await user(request), {}),
  );

  app.post<WithId>('/settings/users/:id', { config: managers }, async (request, reply) => {
    const { staff, params, body } = request;
    const before = await user(request);
    const done = await settle(parseForm(userForm, body), (details) =>
      database.transaction((tx) => changeUser(tx, staff, params.id, details)),
    );
    if (!done.ok) return show(request, reply, before, { form: done }, 422);
    if (done.value) await live.sessionsChanged(staff.practiceId);
    return reply.seeOther('/settings/users', 'settings_saved');
  });

  leadToForm(app, '/settings/users/:id/password', managers, '/settings/users/:id');

  app.post<WithId>('/settings/users/:id/password', { config: managers }, async (request, reply) => {
    const { staff, params, body, session } = request;
    const before = await user(request);
    const done = await settle(parseForm(passwordForm, body), async ({ password }) => {
      const passwordHash = await hashPassword(password);
      await database.transaction((tx) => setPassword(tx, staff, params.id, passwordHash, hashOf(session.sessionId)));
    });
    if (!done.ok) return show(request, reply, before, { passwordForm: withoutPassword(done) }, 422);
    await live.sessionsChanged(staff.practiceId);
    return reply.seeOther('/settings/users', 'password_set');
  });

  const user = ({ staff, params }: FastifyRequest<WithId>) => readUser(sql, staff, params.id);

  async function show(
    { viewer, staff, wantsFragment }: FastifyRequest,
    reply: FastifyReply,
    edited: ListedUser | null,
    forms: { form?: FormState; passwordForm?: FormState },
    status = 200,
  ) {
    const providers = (await listProviders(sql, staff))
      .filter(({ id, active }) => active || id === edited?.providerId)
      .map(({ id, title, name }) => ({ id, name: title ? `${title} ${name}` : name }));
    const both = { form: untouched, passwordForm: untouched, ...forms };
    const window = UserWindow({ viewer, user: edited, providers, locations: viewer.locations, ...both });
    if (wantsFragment) return reply.fragment(window, status);
    return reply.page(UsersPage({ viewer, notice: null, users: await listUsers(sql, staff), window }), status);
  }
}

/** A password goes back to nobody. */
function withoutPassword({ values, ...form }: Extract<Parsed<unknown>, { ok: false }>): FormState {
  const { password: _typed, ...others } = values;
  return { ...form, values: others };
}
