import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { BookingNow, BookingState } from '../domain/contract.ts';

const stageKey = defineSearchAttributeKey('BookingStage', 'KEYWORD');
const expiryKey = defineSearchAttributeKey('LinkExpiresAt', 'DATETIME');

const words: Record<BookingState, string> = {
  departing: 'The patient is leaving: the departure task waits for the receptionist.',
  link_sent: 'The booking link was sent: waiting for the patient to choose a time.',
  confirmed: 'The patient has confirmed: the appointment is being written.',
  booked_online:
    'The appointment is in the book: the confirmation, Follow Up and the report are being brought up to date.',
  booked_at_desk: 'Booked at the desk.',
  postponed: 'Postponed: the patient stands on Follow Up.',
  unbooked: 'The day ended without a booking: the patient stands on Follow Up.',
  expired: 'The link expired: the patient stands on Follow Up.',
  withdrawn: 'The planned appointment is no longer to be booked.',
  undone: 'The departure was taken back.',
};

/** Shows a manager, in the Temporal UI and its lists, where the booking stands and what it waits for. */
export function stageBoard() {
  // The start has set the first one; unchanged ones are not written again, each would be an event of the history.
  let attributes = 'departing null';
  return ({ state, departureEndsAt, linkExpiresAt }: BookingNow): void => {
    const waitsUntil = state === 'departing' ? departureEndsAt : state === 'link_sent' ? linkExpiresAt : null;
    setCurrentDetails(
      waitsUntil ? `${words[state]}\n\nUntil ${new Date(waitsUntil).toISOString()} at the latest.` : words[state],
    );
    if (attributes === `${state} ${linkExpiresAt}`) return;
    attributes = `${state} ${linkExpiresAt}`;
    const expiry = linkExpiresAt ? [{ key: expiryKey, value: new Date(linkExpiresAt) }] : [];
    upsertSearchAttributes([{ key: stageKey, value: state }, ...expiry]);
  };
}
