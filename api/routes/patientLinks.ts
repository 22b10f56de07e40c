import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { instantAt, localDay } from '../../domain/book/rules/localTime.ts';
import { confirm, confirmByLink } from '../../domain/bookings/confirm.ts';
import { extendHold, holdAmongRivals } from '../../domain/bookings/hold.ts';
import { offerFrom } from '../../domain/bookings/offer.ts';
import { readRequirement } from '../../domain/bookings/requirement.ts';
import { closedLink, readChosenTime, type Visit } from '../../domain/bookings/visit.ts';
import { lastReminderLeft } from '../../domain/messages/lastReminder.ts';
import { Refusal } from '../../domain/refusal.ts';
import { ChooseTimePage, type ChooseTimeProps } from '../../views/patientLinks/ChooseTimePage.tsx';
import { ConfirmationPage } from '../../views/patientLinks/ConfirmationPage.tsx';
import { ThankYouPage } from '../../views/patientLinks/ThankYouPage.tsx';
import { dayAsked } from '../fields.ts';
import { expectNoFields, parseForm, parseQuery } from '../form.ts';
import {
  facts,
  frame,
  holdStands,
  isTheirs,
  type LinkRequest,
  rememberShown,
  showClosed,
  showUnknown,
  visitOf,
  type WithToken,
  whyClosed,
} from '../patientVisit.ts';
import { open } from '../roles.ts';

type Notice = ChooseTimeProps['notice'];

const holdForm = z.strictObject({
  startsAt: z
    .string()
    .regex(/^\d{12,14}$/)
    .transform((text) => new Date(Number(text))),
  from: z.string().max(10).default(''),
});
const chooseQuery = z.object({ from: dayAsked, choose: z.string().optional() });

/** The pages that a patient's link leads to. GET and HEAD change nothing: mail scanners open links too. */
export async function patientLinks(app: FastifyInstance): Promise<void> {
  app.get<WithToken>('/b/:token', { config: open }, async (request, reply) => {
    const visit = await visitOf(request);
    if (visit?.purpose !== 'choose') return showUnknown(request, reply);
    const chosen = await readChosenTime(app.sql, visit.bookingId);
    const why = closedLink(visit, holdStands(chosen));
    // Who goes back after confirming comes to the same page again.
    if (why === 'booked' && chosen && isTheirs(request, visit, chosen))
      return reply.seeOther(`/b/${request.params.token}/confirmation`);
    if (why) return showClosed(request, reply, visit, why);
    const { choose, from } = parseQuery(chooseQuery, request.query);
    if (holdStands(chosen) && !choose && !from) return reply.seeOther(`/b/${request.params.token}/confirmation`);
    return showTimes(request, reply, visit, from, null);
  });

  app.post<WithToken>('/b/:token/hold', { config: open }, async (request, reply) => {
    const visit = await choosing(request, reply);
    if (!visit) return reply;
    const form = parseForm(holdForm, request.body);
    if (!form.ok) throw new Refusal('invalid');
    const { startsAt } = form.value;
    let notice: Notice = 'taken';
    try {
      const held = await holdAmongRivals(app.database, visit, startsAt);
      if (!held.taken) return reply.seeOther(`/b/${request.params.token}/confirmation`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code !== 'outside_offer') return showAgain(request, reply, null, error.code);
      notice = 'notOffered';
    }
    return showTimes(request, reply, visit, localDay(startsAt.getTime(), visit.timeZone), notice, 409);
  });

  app.get<WithToken>('/b/:token/confirmation', { config: open }, async (request, reply) => {
    const visit = await visitOf(request);
    if (visit?.purpose !== 'choose') return showUnknown(request, reply);
    const chosen = await readChosenTime(app.sql, visit.bookingId);
    const why = closedLink(visit, holdStands(chosen));
    if (why === 'booked' && chosen && isTheirs(request, visit, chosen)) {
      return reply.page(ThankYouPage({ ...frame(request, visit), ...facts(visit, chosen), ...confirmedBy(visit) }));
    }
    if (why) return showClosed(request, reply, visit, why);
    if (chosen?.status !== 'held') return showTimes(request, reply, visit, null, 'lapsed', 409);
    // A yes that is said twice, or whose answer was lost, is known by it.
    rememberShown(request, reply, chosen.entryId);
    return reply.page(
      ConfirmationPage({
        ...frame(request, visit),
        ...facts(visit, chosen),
        ...confirmedBy(visit),
        heldUntil: chosen.heldUntil!,
        mayExtend: chosen.mayExtend,
      }),
    );
  });

  app.post<WithToken>('/b/:token/confirmation', { config: open }, async (request, reply) => {
    expectNoFields(request.body);
    const entryId = await confirmByLink(app.outside.database, request.params.token);
    if (entryId) return showTheirs(request, reply, entryId);
    const visit = await visitOf(request);
    if (visit?.purpose !== 'choose') return showUnknown(request, reply);
    // A hold may be confirmed after the link's end; whatever else closes the link closes it here too.
    if (closedLink(visit, true)) return showAgain(request, reply, null, 'already_closed');
    // After a lost race the patient stays at the day of their choice.
    const chosen = await readChosenTime(app.sql, visit.bookingId);
    const day = chosen && localDay(chosen.startsAt.getTime(), visit.timeZone);
    try {
      const confirmed = await app.database.transaction((tx) => confirm(tx, visit.bookingId));
      if (confirmed.taken) return showTimes(request, reply, visit, day, 'taken', 409);
      if (confirmed.already) return showAgain(request, reply, day, 'already_closed');
      await lastReminderLeft(app.database, visit.bookingId);
      return showTheirs(request, reply, confirmed.entryId);
    } catch (error) {
      if (error instanceof Refusal) return showAgain(request, reply, day, error.code);
      throw error;
    }
  });

  app.post<WithToken>('/b/:token/hold/extension', { config: open }, async (request, reply) => {
    const visit = await choosing(request, reply);
    if (!visit) return reply;
    expectNoFields(request.body);
    try {
      await app.database.transaction((tx) => extendHold(tx, visit.bookingId));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code !== 'hold_not_extendable') return showAgain(request, reply, null, error.code);
    }
    return reply.seeOther(`/b/${request.params.token}/confirmation`);
  });

  /** The visit of a link that still lets choose; otherwise the answer is given. */
  async function choosing(request: LinkRequest, reply: FastifyReply): Promise<Visit | null> {
    const visit = await visitOf(request);
    const why = visit && (await whyClosed(request, visit));
    if (visit?.purpose === 'choose' && !why) return visit;
    if (visit && why) showClosed(request, reply, visit, why, 409);
    else await showUnknown(request, reply);
    return null;
  }

  /** After a lost race, a change or one more yes: the row says anew what the link leads to. */
  async function showAgain(request: LinkRequest, reply: FastifyReply, from: string | null, refusal: Refusal['code']) {
    const visit = (await visitOf(request))!;
    const chosen = await readChosenTime(app.sql, visit.bookingId);
    const why = closedLink(visit, false);
    if (why === 'booked' && chosen && isTheirs(request, visit, chosen))
      return reply.seeOther(`/b/${request.params.token}/confirmation`);
    if (why) return showClosed(request, reply, visit, why, 409);
    return showTimes(request, reply, visit, from, refusal === 'requirement_changed' ? 'changed' : 'lapsed', 409);
  }

  async function showTimes(
    request: LinkRequest,
    reply: FastifyReply,
    visit: Visit,
    from: string | null,
    notice: Notice,
    status = 200,
  ) {
    const requirement = await readRequirement(app.database, visit);
    const booking = { ...visit, id: visit.bookingId };
    const { starts, ...pages } = await offerFrom(app.sql, booking, requirement, from);
    return reply.page(
      ChooseTimePage({
        ...frame(request, visit),
        first: visit.first,
        provider: `${visit.providerTitle} ${visit.providerName}`.trim(),
        minutes: requirement.minutes,
        place: visit.place,
        zone: visit.timeZone.split('/').at(-1)!.replaceAll('_', ' '),
        ...pages,
        days: byDay(starts, visit.timeZone),
        answer: visit.answer,
        notice,
      }),
      status,
    );
  }
}

/** By which channels the confirmation comes, and by which it does not since the patient wants no messages there. */
const confirmedBy = ({ channels, optedOut }: Visit) => ({
  channels: channels.filter((channel) => !optedOut.includes(channel)),
  silent: channels.filter((channel) => optedOut.includes(channel)),
});

/** Who confirmed here sees the appointment again for an hour; whoever else opens the link later sees no personal data. */
function showTheirs(request: LinkRequest, reply: FastifyReply, entryId: string) {
  rememberShown(request, reply, entryId);
  return reply.seeOther(`/b/${request.params.token}/confirmation`);
}

function byDay(starts: number[], zone: string) {
  const days = new Map<string, { day: string; mornings: number[]; afternoons: number[] }>();
  for (const start of starts) {
    const on = localDay(start, zone);
    const times = days.get(on) ?? { day: on, mornings: [], afternoons: [] };
    days.set(on, times);
    (start < instantAt(on, 12 * 60, zone) ? times.mornings : times.afternoons).push(start);
  }
  return [...days.values()];
}
