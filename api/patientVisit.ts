import type { FastifyReply, FastifyRequest } from 'fastify';
import { linkPath } from '../domain/bookings/linkPath.ts';
import {
  type ChosenTime,
  type ClosedLink,
  closedLink,
  readChosenTime,
  readVisit,
  type Visit,
} from '../domain/bookings/visit.ts';
import { onlyPractice } from '../domain/practice/practice.ts';
import type { Language } from '../locales/formats.ts';
import { ClosedLinkPage } from '../views/patientLinks/ClosedLinkPage.tsx';
import type { Reader } from '../views/reader.ts';
import { readerOf } from './plugins/viewer.ts';

/** What the routes behind a patient's link have in common. */

export type WithToken = { Params: { token: string } };
export type LinkRequest = FastifyRequest<WithToken>;

export const visitOf = ({ server, params }: LinkRequest) => readVisit(server.sql, params.token);

export const holdStands = (chosen: ChosenTime | null) =>
  chosen?.status === 'held' && chosen.heldUntil!.getTime() > Date.now();

/** Why a visit's link leads no further, as it stands now; null while the patient can choose. */
export async function whyClosed({ server }: LinkRequest, visit: Visit): Promise<ClosedLink | null> {
  return closedLink(visit, holdStands(await readChosenTime(server.sql, visit.bookingId)));
}

/** In the patient's language by their file, unless they switched. */
export function patientOf(
  request: FastifyRequest,
  { language, timeZone }: { language: Language; timeZone: string },
): Reader {
  const chosen = request.cookies.patient_language;
  return readerOf(request, chosen === 'en' || chosen === 'nl' ? chosen : language, timeZone);
}

export function frame(
  request: LinkRequest,
  visit: Visit,
): { reader: Reader; practice: { name: string; phone: string }; link: string } {
  return {
    reader: patientOf(request, visit),
    practice: { name: visit.practiceName, phone: visit.phone },
    link: linkPath(visit.purpose, request.params.token),
  };
}

export function showClosed(request: LinkRequest, reply: FastifyReply, visit: Visit, why: ClosedLink, status = 200) {
  return reply.page(ClosedLinkPage({ ...frame(request, visit), why }), status);
}

export async function showUnknown(request: LinkRequest, reply: FastifyReply) {
  const practice = await onlyPractice(request.server.outside.database);
  return reply.page(ClosedLinkPage({ reader: request.reader, practice, why: 'unknown' }), 404);
}

/** What a page says of the time that was chosen. */
export function facts({ place }: Visit, chosen: ChosenTime) {
  const { startsAt, endsAt, providerId: id, providerTitle: title, providerName: name, hasPicture } = chosen;
  return {
    provider: { id, title, name, hasPicture },
    place,
    startsAt,
    minutes: (endsAt.getTime() - startsAt.getTime()) / 60_000,
  };
}

const proof = 'theirs';

/** Lets this browser see a time for an hour, also once it is booked and the link shows it to nobody else. */
export function rememberShown({ params, server }: LinkRequest, reply: FastifyReply, entryId: string): void {
  reply.setCookie(proof, entryId, {
    path: `/b/${params.token}`,
    httpOnly: true,
    sameSite: 'lax',
    secure: server.configuration.publicUrl.startsWith('https:'),
    maxAge: 3_600,
    signed: true,
  });
}

/**
 * Whether this browser was shown the time to confirm it, or confirmed it, within the hour. Not by a link that was replaced:
 * it may have reached somebody else.
 */
export function isTheirs(request: LinkRequest, { replaced }: Visit, { shownAs }: ChosenTime): boolean {
  const { value } = request.unsignCookie(request.cookies[proof] ?? '');
  return !replaced && value !== null && shownAs.includes(value);
}
