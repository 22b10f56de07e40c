import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  changeTemplates,
  listTemplates,
  resetTemplate,
  type StandingTemplate,
  type TemplateChange,
  templateHistory,
  templateOf,
  type Which,
} from '../../domain/messages/ownTemplates.ts';
import type { Template } from '../../domain/messages/templates.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Language } from '../../locales/formats.ts';
import { type FormState, untouched } from '../../views/reader.ts';
import { Previews } from '../../views/settings/MessagePreview.tsx';
import { MessagesPage } from '../../views/settings/MessagesPage.tsx';
import { MessageTextPage } from '../../views/settings/MessageTextPage.tsx';
import { choice, uuid } from '../fields.ts';
import { parseForm, parseQuery, type Values } from '../form.ts';
import { messageOf, templatesForm, textSections, typedTemplates } from '../messageTexts.ts';
import { managers } from '../roles.ts';

interface OfMessage {
  Params: { message: string };
}

const versionQuery = z.object({ version: uuid.optional() });
const resetForm = z.strictObject({ language: choice(['en', 'nl']) });

/** What patients receive: the practice's texts of each message. */
export async function settingsMessages(app: FastifyInstance): Promise<void> {
  const { database } = app;
  const { linkKeys } = app.configuration;

  app.get('/settings/messages', { config: managers }, async ({ viewer, staff, notice }, reply) =>
    reply.page(MessagesPage({ viewer, notice, templates: await listTemplates(database, staff) })),
  );

  app.get<OfMessage>('/settings/messages/:message', { config: managers }, async (request, reply) => {
    const which = messageOf(request.params.message);
    const { version } = parseQuery(versionQuery, request.query);
    const taken = version ? await templateOf(database, request.staff, which, version) : null;
    return show(request, reply, which, { taken });
  });

  /** Saves both languages' texts; by the step *preview* it only shows how they would read. */
  app.post<OfMessage>('/settings/messages/:message', { config: managers }, async (request, reply) => {
    const { staff, params, body } = request;
    const which = messageOf(params.message);
    const { step, ...typed } = (body ?? {}) as Values;
    const form = parseForm(templatesForm(which), step === 'preview' ? typed : body);
    const state = { submitted: true, values: form.values, errors: form.ok ? {} : form.errors };
    if (step === 'preview') return show(request, reply, which, { state });
    if (!form.ok) return show(request, reply, which, { state }, 422);
    const faults = await database.transaction((tx) =>
      changeTemplates(tx, staff, which, form.value, linkKeys.urlLength),
    );
    if (Object.keys(faults).length > 0) return show(request, reply, which, { state }, 422);
    return reply.seeOther(`/settings/messages/${params.message}`, 'settings_saved');
  });

  app.post<OfMessage>('/settings/messages/:message/default', { config: managers }, async (request, reply) => {
    const { staff, params, body } = request;
    const which = messageOf(params.message);
    const form = parseForm(resetForm, body);
    if (!form.ok) throw new Refusal('invalid');
    await database.transaction((tx) => resetTemplate(tx, staff, { ...which, language: form.value.language }));
    return reply.seeOther(`/settings/messages/${params.message}`, 'settings_saved');
  });

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    which: Which,
    { state = untouched, taken = null }: { state?: FormState; taken?: TemplateChange | null },
    status = 200,
  ) {
    const { viewer, staff, notice } = request;
    const standing = (await listTemplates(database, staff)).filter(
      ({ kind, channel }) => kind === which.kind && channel === which.channel,
    );
    const templates =
      Object.keys(state.values).length > 0
        ? typedTemplates(state.values, which)
        : withTaken(standingTemplates(standing), taken);
    const sections = await textSections(app, request, which, templates, state);
    if (reply.request.wantsFragment) return reply.fragment(Previews({ viewer, sections }), status);
    const history = await templateHistory(database, staff, which);
    const error = state.errors.form;
    return reply.page(MessageTextPage({ viewer, notice, which, sections, standing, history, taken, error }), status);
  }
}

function standingTemplates(standing: StandingTemplate[]): Record<Language, Template> {
  const of = (language: Language) => standing.find((one) => one.language === language)!.template;
  return { en: of('en'), nl: of('nl') };
}

/** An older text stands in the form to be looked at and saved. */
const withTaken = (templates: Record<Language, Template>, taken: TemplateChange | null) =>
  taken?.template ? { ...templates, [taken.language]: taken.template } : templates;
