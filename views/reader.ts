import type { Channel } from '../domain/messages/templates.ts';
import type { Role } from '../domain/people/users.ts';
import type { Formats, Language } from '../locales/formats.ts';
import type { Texts } from '../locales/texts.ts';

export type { Channel, Role };

/** Whoever reads a page: their words, their formats, and the token of their forms. */
export interface Reader {
  language: Language;
  t: Texts;
  f: Formats;
  csrf(): string;
  path: string;
}

/** A signed-in member of staff. */
export interface Viewer extends Reader {
  userId: string;
  name: string;
  role: Role;
  providerId: string | null;
  practice: {
    id: string;
    name: string;
    timeZone: string;
    appointmentWorkflow: boolean;
    onlineAppointmentsTab: boolean;
  };
  locations: { id: string; name: string }[];
  /** The location that a page is about: the working one, or the one that its address names. */
  location: { id: string; name: string };
  worksAt: { id: string; name: string };
  /** `attention`: bookings that need a manager to look at them; 0 for others. */
  counts: { tasks: number; followUps: number; attention: number };
  /** No worker was seen lately, so bookings wait; said to managers only. */
  noWorker: boolean;
  /** The namespace's pages, where managers follow a booking's workflow; none where no UI is configured. */
  temporalUiUrl: string | null;
}

/** What was typed into a form that was not accepted, and the error codes by field. */
export interface FormState {
  /** Whether somebody sent it: a box that browsers then left out was not ticked. */
  submitted: boolean;
  values: Record<string, string | string[]>;
  errors: Record<string, string>;
}

export const untouched: FormState = { submitted: false, values: {}, errors: {} };
