import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { localDay } from '../domain/book/rules/localTime.ts';
import { type FoundPatient, searchPatients } from '../domain/people/search.ts';
import { parseForm } from './form.ts';
import { seal, unseal } from './seal.ts';

export interface PatientSearch {
  /** What was typed into the search box. */
  q: string;
  patients: FoundPatient[];
  /** Whether others were found that are not shown. */
  more: boolean;
  error?: string | undefined;
}

/** In a page's query: the search that it shows. Names are sent in forms only, so an address holds them under seal. */
export const sealedSearch = z.string().max(1000).catch('').default('');

const searchForm = z.strictObject({ q: z.string().trim().max(100, 'too_long').default('') });

/** The search that an address holds under seal. A reload, or the way back, asks again; for another user it holds none. */
export function searchIn(request: FastifyRequest, sealed: string): Promise<PatientSearch> {
  return findPatients(request, unseal(request.server.configuration.sessionSecrets, request.staff.userId, sealed));
}

/** The search that a form asks for, and its seal for the address. With an error nothing was searched for. */
export async function searchFor(request: FastifyRequest): Promise<PatientSearch & { sealed: string }> {
  const form = parseForm(searchForm, request.body);
  if (!form.ok) {
    const error = form.errors.q ?? form.errors.form;
    return { q: [form.values.q ?? ''].flat()[0]!, patients: [], more: false, error, sealed: '' };
  }
  const { q } = form.value;
  const sealed = q === '' ? '' : seal(request.server.configuration.sessionSecrets, request.staff.userId, q);
  return { ...(await findPatients(request, q)), sealed };
}

/** By names, birth date or number as they are typed. */
export async function findPatients({ server, staff, viewer }: FastifyRequest, q: string): Promise<PatientSearch> {
  const thisYear = Number(localDay(Date.now(), viewer.practice.timeZone).slice(0, 4));
  return { q, ...(await searchPatients(server.sql, staff, q, thisYear)) };
}
