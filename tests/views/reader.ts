import { type HTMLElement, parse } from 'node-html-parser';
import type { VNode } from 'preact';
import { formats, type Language } from '../../locales/formats.ts';
import { texts } from '../../locales/texts.ts';
import type { Reader, Viewer } from '../../views/reader.ts';
import { fragment, page as sentPage } from '../../views/render.ts';

export const zone = 'Europe/Amsterdam';

export const readerIn = (language: Language = 'en'): Reader => ({
  language,
  t: texts(language),
  f: formats(language, zone),
  csrf: () => 'form-token',
  path: '/book',
});

/** A member of staff who works at the first of two locations. */
export const viewerAs = (role: Viewer['role'] = 'receptionist', language: Language = 'en'): Viewer => ({
  ...readerIn(language),
  userId: 'user',
  name: 'Rosie Bellamy',
  role,
  providerId: role === 'provider' ? 'provider' : null,
  practice: {
    id: 'practice',
    name: 'Lindegracht',
    timeZone: zone,
    appointmentWorkflow: true,
    onlineAppointmentsTab: true,
  },
  locations: [
    { id: 'here', name: 'Lindegracht' },
    { id: 'there', name: 'Westerdok' },
  ],
  location: { id: 'here', name: 'Lindegracht' },
  worksAt: { id: 'here', name: 'Lindegracht' },
  counts: { tasks: 2, followUps: 0, attention: 0 },
  noWorker: false,
  temporalUiUrl: null,
});

/** What a browser is sent: a page, or a part of one. */
export const page = (node: VNode): string => sentPage(node).toString();
export const textOf = (node: VNode): string => fragment(node).toString();

export const rendered = (node: VNode): HTMLElement => parse(textOf(node));

/** What a person reads, in one line. */
export const wordsOf = (element: HTMLElement | null): string => (element?.text ?? '').replace(/\s+/g, ' ').trim();
