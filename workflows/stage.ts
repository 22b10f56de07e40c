import { defineSearchAttributeKey } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { BookingNow } from '../domain/contract.ts';
import { stages } from '../locales/en/stages.ts';

const stageKey = defineSearchAttributeKey('BookingStage', 'KEYWORD');
const expiryKey = defineSearchAttributeKey('LinkExpiresAt', 'DATETIME');

/** Shows a manager, in the Temporal UI and its lists, where the booking stands and what it waits for. */
export function stageBoard() {
  // The start has set the first one; unchanged ones are not written again, each would be an event of the history.
  let attributes = 'departing null';
  return ({ state, departureEndsAt, linkExpiresAt }: BookingNow): void => {
    const waitsUntil = state === 'departing' ? departureEndsAt : state === 'link_sent' ? linkExpiresAt : null;
    const { words } = stages[state];
    setCurrentDetails(waitsUntil ? `${words}\n\nUntil ${new Date(waitsUntil).toISOString()} at the latest.` : words);
    if (attributes === `${state} ${linkExpiresAt}`) return;
    attributes = `${state} ${linkExpiresAt}`;
    const expiry = linkExpiresAt ? [{ key: expiryKey, value: new Date(linkExpiresAt) }] : [];
    upsertSearchAttributes([{ key: stageKey, value: state }, ...expiry]);
  };
}
