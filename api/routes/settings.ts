import type { FastifyInstance } from 'fastify';
import { changePractice, readPractice } from '../../domain/practice/practice.ts';
import { untouched } from '../../views/reader.ts';
import { PracticeSettingsPage } from '../../views/settings/PracticeSettingsPage.tsx';
import { parseForm } from '../form.ts';
import { managers } from '../roles.ts';
import { settingsChairs } from './settingsChairs.ts';
import { practiceForm, settle } from './settingsForms.ts';
import { settingsLocations } from './settingsLocations.ts';
import { settingsMessages } from './settingsMessages.ts';
import { settingsProviders } from './settingsProviders.ts';
import { settingsServices } from './settingsServices.ts';
import { settingsUsers } from './settingsUsers.ts';

/** The manager's settings; here those of the whole practice. */
export async function settings(app: FastifyInstance): Promise<void> {
  const { database } = app;

  app.get('/settings', { config: managers }, async (_request, reply) => reply.redirect('/settings/practice', 303));

  app.get('/settings/practice', { config: managers }, async ({ viewer, staff, notice }, reply) => {
    const practice = await readPractice(database, staff);
    return reply.page(PracticeSettingsPage({ viewer, notice, practice, form: untouched }));
  });

  app.post('/settings/practice', { config: managers }, async ({ viewer, staff, body }, reply) => {
    const done = await settle(parseForm(practiceForm, body), (details) =>
      database.transaction((tx) => changePractice(tx, staff, details)),
    );
    if (done.ok) return reply.seeOther('/settings/practice', 'settings_saved');
    const practice = await readPractice(database, staff);
    return reply.page(PracticeSettingsPage({ viewer, notice: null, practice, form: done }), 422);
  });

  await app.register(settingsChairs);
  await app.register(settingsLocations);
  await app.register(settingsMessages);
  await app.register(settingsProviders);
  await app.register(settingsServices);
  await app.register(settingsUsers);
}
