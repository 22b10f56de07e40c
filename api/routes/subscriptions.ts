import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readSubscription, subscribe } from '../../domain/messages/unsubscribe.ts';
import { SubscriptionPage } from '../../views/patientLinks/SubscriptionPage.tsx';
import { expectNoFields } from '../form.ts';
import { patientOf } from '../patientVisit.ts';
import { open } from '../roles.ts';

type Request = FastifyRequest<{ Params: { token: string } }>;

/** The page behind *unsubscribe* in an email. Opening it changes nothing; mailboxes' one click is a call of its own. */
export async function subscriptions(app: FastifyInstance): Promise<void> {
  const { linkKeys } = app.configuration;
  const { database } = app.outside;

  app.get('/u/:token', { config: open }, async (request: Request, reply) => {
    const { token } = request.params;
    const subscription = await readSubscription(database, linkKeys, token);
    const reader = patientOf(request, subscription);
    const { practiceName: name, phone, optedOut } = subscription;
    return reply.page(SubscriptionPage({ reader, practice: { name, phone }, link: `/u/${token}`, optedOut }));
  });

  for (const [path, wanted] of [
    ['opting-out', false],
    ['opting-in', true],
  ] as const) {
    app.post(`/u/:token/${path}`, { config: open }, async (request: Request, reply) => {
      expectNoFields(request.body);
      const { token } = request.params;
      await database.transaction((tx) => subscribe(tx, linkKeys, token, wanted));
      return reply.seeOther(`/u/${token}`);
    });
  }
}
