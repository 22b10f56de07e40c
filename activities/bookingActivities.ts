import { ApplicationFailure } from '@temporalio/activity';
import * as steps from '../domain/bookings/steps.ts';
import type { BookingId, BookingNow } from '../domain/contract.ts';
import { confirmationMessages, reminderMessages } from '../domain/messages/automatic.ts';
import { type Delivery, deliver } from '../domain/messages/deliver.ts';
import { failureOf } from './failures.ts';

export type BookingActivities = ReturnType<typeof createActivities>;

/**
 * The workflow's verbs: each one transaction (or one message) and safe to repeat. Refusals are not retried. `waitedFor` is the
 * instant for which the engine has woken the booking, epoch milliseconds.
 */
export function createActivities(delivery: Delivery) {
  const { database, keys } = delivery;

  return {
    readBooking: (id: BookingId): Promise<BookingNow> => plainly(() => steps.readBooking(database, id)),

    openDepartureTask: (id: BookingId): Promise<BookingNow> => plainly(() => steps.openDepartureTask(database, id)),

    endDeparture: (id: BookingId, waitedFor?: number): Promise<BookingNow> =>
      plainly(() => database.transaction((tx) => steps.endDeparture(tx, id, waitedFor))),

    /** Sends messages of the ledger. @returns when to try again (epoch milliseconds), or null when they are done with */
    deliverMessages: (messageIds: string[]): Promise<number | null> =>
      plainly(() => deliver(delivery, async () => messageIds)),

    /** Writes the reminders that are due into the ledger. @returns the booking, with them among its waiting messages */
    remind: (id: BookingId, waitedFor?: number): Promise<BookingNow> =>
      plainly(() =>
        database.transaction(async (tx) => {
          await reminderMessages(tx, keys, id, waitedFor);
          return steps.readBooking(tx, id);
        }),
      ),

    expireLink: (id: BookingId, waitedFor?: number): Promise<BookingNow> =>
      plainly(() => database.transaction((tx) => steps.expireLink(tx, id, waitedFor))),

    /**
     * What the patient's yes leads to, in one transaction: the appointment, its confirmation, Follow Up and the statistic. The
     * messages leave when it has committed.
     * @throws also where a message must wait; the four steps by themselves then find what is done
     */
    bookOnline: (id: BookingId): Promise<BookingNow> =>
      plainly(async () => {
        let now: BookingNow | undefined;
        const again = await deliver(delivery, async (tx) => {
          now = await steps.writeAppointment(tx, id);
          if (now.state !== 'booked_online') return [];
          // Sent at once, since none of them reads what another writes.
          const [messages] = await Promise.all([
            confirmationMessages(tx, keys, id),
            steps.moveOffFollowUp(tx, id),
            steps.recordUsage(tx, id),
          ]);
          return messages;
        });
        if (again !== null) throw tryAgainAt(again);
        return now!;
      }),

    writeAppointment: (id: BookingId): Promise<BookingNow> => plainly(() => steps.writeAppointment(database, id)),

    /** Confirms by the channels the link went out on. @throws where a message must wait, with its instant */
    async sendConfirmation(id: BookingId): Promise<void> {
      const again = await plainly(() => deliver(delivery, (tx) => confirmationMessages(tx, keys, id)));
      if (again !== null) throw tryAgainAt(again);
    },

    moveOffFollowUp: (id: BookingId): Promise<void> => plainly(() => steps.moveOffFollowUp(database, id)),

    recordUsage: (id: BookingId): Promise<void> => plainly(() => steps.recordUsage(database, id)),

    settle: (id: BookingId): Promise<BookingNow & { settled: boolean }> =>
      plainly(() => database.transaction((tx) => steps.settle(tx, id))),
  };
}

/** A message that must wait is a retry at its instant: quiet hours end, an attempt's fate becomes known. */
function tryAgainAt(instant: number): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'the message waits',
    type: 'MessageWaits',
    nextRetryDelay: Math.max(1_000, instant - Date.now()),
  });
}

/** Runs one step; whatever it fails with is turned into what may stand in a history. */
async function plainly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureOf(error);
  }
}
