import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { answerLink } from '../../domain/bookings/answer.ts';
import { Refusal } from '../../domain/refusal.ts';
import { AnsweredPage } from '../../views/patientLinks/AnsweredPage.tsx';
import { NotForMePage } from '../../views/patientLinks/NotForMePage.tsx';
import { choice } from '../fields.ts';
import { parseForm } from '../form.ts';
import { frame, showClosed, showUnknown, visitOf, type WithToken, whyClosed } from '../patientVisit.ts';
import { open } from '../roles.ts';

const answerForm = z.strictObject({ answer: choice(['no_time_suits', 'call_me', 'not_for_me']) });

/** What a patient can say behind the link instead of choosing a time. */
export async function answers(app: FastifyInstance): Promise<void> {
  app.get<WithToken>('/b/:token/not-for-me', { config: open }, async (request, reply) => {
    const visit = await visitOf(request);
    if (visit?.purpose !== 'choose') return showUnknown(request, reply);
    const why = await whyClosed(request, visit);
    return why ? showClosed(request, reply, visit, why) : reply.page(NotForMePage(frame(request, visit)));
  });

  app.post<WithToken>('/b/:token/answer', { config: open }, async (request, reply) => {
    const visit = await visitOf(request);
    if (visit?.purpose !== 'choose') return showUnknown(request, reply);
    const form = parseForm(answerForm, request.body);
    if (!form.ok) throw new Refusal('invalid');
    const answered = `/b/${request.params.token}/answer`;
    const why = await whyClosed(request, visit);
    if (why) return why === 'not_for_me' ? reply.seeOther(answered) : showClosed(request, reply, visit, why, 409);
    try {
      await app.database.transaction((tx) => answerLink(tx, visit.bookingId, form.value.answer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // Somebody was first: the row says anew what the link leads to.
      const now = (await visitOf(request))!;
      return showClosed(request, reply, now, (await whyClosed(request, now)) ?? 'expired', 409);
    }
    return reply.seeOther(answered);
  });

  app.get<WithToken>('/b/:token/answer', { config: open }, async (request, reply) => {
    const visit = await visitOf(request);
    if (visit?.purpose !== 'choose') return showUnknown(request, reply);
    const why = await whyClosed(request, visit);
    if (why) return showClosed(request, reply, visit, why);
    const { answer } = visit;
    if (answer === null || answer === 'not_for_me') return reply.seeOther(`/b/${request.params.token}`);
    return reply.page(AnsweredPage({ ...frame(request, visit), answer }));
  });
}
