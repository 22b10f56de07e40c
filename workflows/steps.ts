import { type ActivityOptions, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { BookingActivities } from '../activities/bookingActivities.ts';
import type { BookingId } from '../domain/contract.ts';

/** Each step's purpose, as a manager reads it in the Temporal UI. */
const summaries: Record<keyof BookingActivities, string> = {
  readBooking: 'Read the booking',
  openDepartureTask: 'Guard the departure task',
  endDeparture: 'The day is over: move what is left to Follow Up',
  deliverMessages: 'Deliver the messages to the patient',
  remind: 'Remind the patient',
  expireLink: 'The link is at its end: ask the booking',
  bookOnline: 'Write the appointment, confirm it, and note it on Follow Up and in the report',
  writeAppointment: 'Write the appointment in the book',
  sendConfirmation: 'Send the confirmation',
  moveOffFollowUp: 'Move the patient off Follow Up',
  recordUsage: 'Count the booking in the Feature Usage Report',
  settle: 'Close the booking',
};

/** One short transaction each; while PostgreSQL is away they are tried for as long as it takes. */
const bookOptions: ActivityOptions = {
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '1 minute' },
};

/** A carrier may be away for hours; the ledger's `not_after` ends the attempts, not a count. */
const messageOptions: ActivityOptions = {
  startToCloseTimeout: '45 seconds',
  retry: { initialInterval: '2 seconds', maximumInterval: '10 minutes' },
};

const bookSteps = summarised((summary) => proxyActivities({ ...bookOptions, summary }));
const messageSteps = summarised((summary) => proxyActivities({ ...messageOptions, summary }));

/** Steps as activities of the engine: tried again until they succeed, and pending where a manager looks meanwhile. */
export const steps = {
  ...bookSteps,
  deliverMessages: messageSteps.deliverMessages,
  sendConfirmation: messageSteps.sendConfirmation,
};

/** A step within the workflow's task: two quick attempts, then its ordinary twin. */
const localSteps = summarised((summary) =>
  proxyLocalActivities({
    startToCloseTimeout: '5 seconds',
    retry: { maximumAttempts: 2, initialInterval: '200 milliseconds' },
    summary,
  }),
);

/** A task that waits for a carrier keeps others from the worker: one attempt, and not for long. */
const localMessageSteps = summarised((summary) =>
  proxyLocalActivities({ startToCloseTimeout: '2 seconds', retry: { maximumAttempts: 1 }, summary }),
);

/**
 * Short steps run inside the workflow's task: fewer events, fewer hops. Should that fail, the ordinary twin takes over at
 * once, whose retries a manager can see as a pending activity. A carrier that is slow to answer goes on meanwhile: its attempt
 * is in the ledger, and the twin lets it be.
 */
export const briefly = {
  readBooking: twin('readBooking'),
  openDepartureTask: twin('openDepartureTask'),
  endDeparture: twin('endDeparture'),
  remind: twin('remind'),
  expireLink: twin('expireLink'),
  writeAppointment: twin('writeAppointment'),
  sendConfirmation: twin('sendConfirmation', localMessageSteps),
  moveOffFollowUp: twin('moveOffFollowUp'),
  recordUsage: twin('recordUsage'),
  settle: twin('settle'),
  /** Its twins are four; the workflow takes them up itself. */
  bookOnline: localMessageSteps.bookOnline,
};

function twin<Name extends Exclude<keyof BookingActivities, 'deliverMessages' | 'bookOnline'>>(
  name: Name,
  locals = localSteps,
) {
  const local = locals[name] as Step;
  const ordinary = steps[name] as Step;
  return ((...args: Parameters<Step>) => local(...args).catch(() => ordinary(...args))) as BookingActivities[Name];
}

type Step = (id: BookingId, waitedFor?: number) => Promise<unknown>;

function summarised(proxy: (summary: string) => BookingActivities): BookingActivities {
  const names = Object.keys(summaries) as (keyof BookingActivities)[];
  return Object.fromEntries(names.map((name) => [name, proxy(summaries[name])[name]])) as unknown as BookingActivities;
}
