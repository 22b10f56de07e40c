/** The messages to a booking's workflow: names and payloads, without the engine's packages. */

export type BookingId = string;
/** The row in `workflow_messages` that a signal was carried from. */
export type WorkflowMessageId = string;

/** The workflow's type, and its id: one run for one booking. */
export const bookingWorkflow = 'booking';
export const workflowIdOf = (booking: BookingId) => `booking-${booking}`;

/**
 * What a booking's workflow can be told. A signal only wakes the workflow: what it then does follows from the booking's
 * row, so that order, repetition and lateness change nothing.
 */
export const toBooking = {
  /** The patient left and the planned appointment is To Be Booked; starts the workflow. */
  departed: 'departed',
  /** The receptionist sent the link, or sent it again. */
  sendLink: 'sendLink',
  /** A message failed for good, and another waits: by the patient's other channel, or to the contact corrected meanwhile. */
  sendOtherwise: 'sendOtherwise',
  bookingConfirmed: 'bookingConfirmed',
  /** The patient said something else than a time: no reminder is wanted any more. */
  patientAnswered: 'patientAnswered',
  bookedAtDesk: 'bookedAtDesk',
  postponed: 'postponed',
  planWithdrawn: 'planWithdrawn',
  departureUndone: 'departureUndone',
  /** A manager left the rest to the desk, or closed the booking with a reason. */
  givenToDesk: 'givenToDesk',
  closedByManager: 'closedByManager',
} as const;

export type ToBooking = (typeof toBooking)[keyof typeof toBooking];

/** By what managers list bookings in the engine's UI. `workflows/stage.ts` writes the last two by the same names. */
export const searchAttributes = {
  practiceId: { name: 'PracticeId', type: 'KEYWORD' },
  bookingStage: { name: 'BookingStage', type: 'KEYWORD' },
  linkExpiresAt: { name: 'LinkExpiresAt', type: 'DATETIME' },
} as const;

/** The header of starts, signals and steps that says where they come from: an `Origin`. */
export const originHeader = 'nextvisit-origin';

/** What a run tells its worker when news comes in that stands in a trace: its kind, its origin's place, and its own. */
export interface Woken {
  news: string;
  parent: string;
  spanId: string;
}

/** Not for the workflow but for who carries it: start one where none runs, and let waiting steps be tried at once. */
export const tryAgain = 'tryAgain';

export type BookingState =
  | 'departing'
  | 'link_sent'
  | 'confirmed'
  | 'booked_online'
  | 'booked_at_desk'
  | 'postponed'
  | 'unbooked'
  | 'expired'
  | 'withdrawn'
  | 'undone';

/** What a workflow reads of its booking: state, instants as epoch milliseconds, and the messages that wait to leave. */
export interface BookingNow {
  practiceId: string;
  state: BookingState;
  departureEndsAt: number;
  linkExpiresAt: number | null;
  /** In order; those in the past are due. */
  reminderTimes: number[];
  /** Ledger rows that no one has tried to send yet. */
  waitingMessages: string[];
}
