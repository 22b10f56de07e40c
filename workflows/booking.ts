import { CancellationScope, condition, isCancellation, patched, setHandler, sleep } from '@temporalio/workflow';
import { type BookingId, type BookingNow, type BookingState, toBooking } from '../domain/contract.ts';
import * as signals from './signals.ts';
import { stageBoard } from './stage.ts';
import { briefly, steps } from './steps.ts';

/** One booking: from checkout until its appointment is in the book or the effort ended. Lives for weeks at most. */
export async function booking(id: BookingId): Promise<BookingState> {
  const run: Run = { id, news: listen(id), show: stageBoard(), isBookedAtOnce: false };
  let now = await briefly.openDepartureTask(id);
  now = await receptionDecides(run, now);
  now = await patientConfirms(run, now);
  if (now.state === 'confirmed') now = await bookOnline(run);
  if (now.state === 'booked_online' && !run.isBookedAtOnce) {
    run.show(now);
    const { sendConfirmation, moveOffFollowUp, recordUsage } = patched('booked-at-once') ? steps : briefly;
    await Promise.all([sendConfirmation(id), moveOffFollowUp(id), recordUsage(id)]);
  }
  return close(run);
}

interface Run {
  id: BookingId;
  news: ReturnType<typeof listen>;
  show: ReturnType<typeof stageBoard>;
  /** The appointment was written together with all that follows from it. */
  isBookedAtOnce: boolean;
}

/** The task is open until the receptionist sends the link, books, postpones, takes the departure back, or the day is over. */
async function receptionDecides({ id, news, show }: Run, now: BookingNow): Promise<BookingNow> {
  while (now.state === 'departing') {
    show(now);
    const decided = await condition(news.arrived, until(now.departureEndsAt));
    now = decided ? await news.read() : await ends().endDeparture(id, now.departureEndsAt);
  }
  return now;
}

/** The link leaves beside the wait; reminders go out on the way; at the link's end the row says what has become of it. */
async function patientConfirms(run: Run, now: BookingNow): Promise<BookingNow> {
  const { id, news, show } = run;
  const letters = new Letters();
  let remindedUntil = 0;
  while (now.state === 'link_sent') {
    show(now);
    letters.send(now.waitingMessages);
    const reminder = now.reminderTimes.find((time) => time > remindedUntil) ?? Number.POSITIVE_INFINITY;
    const end = now.linkExpiresAt ?? 0;
    if (await condition(news.arrived, until(Math.min(reminder, end)))) {
      now = news.patientConfirmed() ? await bookOnline(run) : await news.read();
    } else if (end <= reminder) {
      now = await ends().expireLink(id, end);
    } else {
      now = await briefly.remind(id, reminder);
      remindedUntil = reminder;
    }
  }
  letters.stop();
  return now;
}

/** The patient's yes: the appointment and all that follows from it at once; should that fail, each as a step of its own. */
async function bookOnline(run: Run): Promise<BookingNow> {
  if (!patched('booked-at-once')) return briefly.writeAppointment(run.id);
  try {
    const now = await briefly.bookOnline(run.id);
    run.isBookedAtOnce = now.state === 'booked_online';
    return now;
  } catch {
    return steps.writeAppointment(run.id);
  }
}

/** The row is asked once more, under its lock, whether anything is left to do: messages that no longer should leave, mostly. */
async function close({ id, show }: Run): Promise<BookingState> {
  let last = await briefly.settle(id);
  show(last);
  while (!last.settled) {
    await deliver(last.waitingMessages);
    last = await steps.settle(id);
  }
  return last.state;
}

/** Signals only say that the row has news; their order and number do not matter. */
function listen(id: BookingId) {
  let arrived = false;
  let confirmed = false;
  for (const [name, signal] of Object.entries(signals)) {
    setHandler(signal, () => {
      arrived = true;
      confirmed ||= name === toBooking.bookingConfirmed;
    });
  }
  return {
    arrived: () => arrived,
    /** Whether the patient's confirmation is among the news; asked once, then writing the appointment asks the row. */
    patientConfirmed: () => {
      const answer = confirmed;
      if (answer) arrived = confirmed = false;
      return answer;
    },
    read: () => {
      arrived = false;
      return briefly.readBooking(id);
    },
  };
}

/** Messages on their way beside the wait; those written together go together, none is begun twice. */
class Letters {
  private readonly scope = new CancellationScope();
  private readonly begun = new Set<string>();

  send(messageIds: string[]): void {
    const fresh = messageIds.filter((one) => !this.begun.has(one));
    if (fresh.length === 0) return;
    for (const messageId of fresh) this.begun.add(messageId);
    this.scope
      .run(() => deliver(fresh))
      .catch((failure) => {
        if (!isCancellation(failure)) throw failure;
      });
  }

  stop(): void {
    this.scope.cancel();
  }
}

/** Until the messages are done with: sent, failed for good, or no longer wanted. */
async function deliver(messageIds: string[]): Promise<void> {
  // A worker whose clock is behind asks for an instant that has come already: it is asked again ever more rarely.
  let patience = 50;
  for (
    let again = await steps.deliverMessages(messageIds);
    again !== null;
    again = await steps.deliverMessages(messageIds)
  ) {
    const hasCome = again <= Date.now();
    await sleep(hasCome ? patience : until(again));
    patience = hasCome ? Math.min(2 * patience, 600_000) : 50;
  }
}

/** Both ends were ordinary steps at first: who has begun one so goes on so (docs/workflow.md, *Changing the workflow*). */
const ends = () => (patched('brief-ends') ? briefly : steps);

const until = (instant: number) => Math.max(1, instant - Date.now());
