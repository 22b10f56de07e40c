import { setTimeout as pause } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { answerLink } from '../../../domain/bookings/answer.ts';
import { bookAtDesk } from '../../../domain/bookings/bookAtDesk.ts';
import { confirm } from '../../../domain/bookings/confirm.ts';
import { hold } from '../../../domain/bookings/hold.ts';
import { resendLink } from '../../../domain/bookings/sendLink.ts';
import { withdrawPlannedAppointment } from '../../../domain/bookings/withdraw.ts';
import { workflowIdOf } from '../../../domain/contract.ts';
import { undoDeparture } from '../../../domain/departures/depart.ts';
import { postpone } from '../../../domain/departures/postpone.ts';
import { closeBooking, giveToDesk } from '../../../domain/openBookings/rescue.ts';
import type { Tx } from '../../../drizzle/database.ts';
import * as tables from '../../../drizzle/schema/index.ts';
import { sweep } from '../../../worker/sweep.ts';
import { type BuiltPractice, inDays, testKeys } from '../../builders.ts';
import { buildDeparting, buildSent, leftLongAgo } from '../../efforts.ts';
import type { FreshDatabase } from '../../engines/database.ts';
import { eventually, type TestWorker } from '../../engines/worker.ts';

export interface Ground {
  db: FreshDatabase;
  built: BuiltPractice;
  worker: TestWorker;
  /** How often the SMS carrier fails from now on. */
  failTexts(times: number): void;
}

/** Brings a booking to a stage, or to an end, and hands its id over while it stands there. */
type Play = (keep: (bookingId: string) => Promise<void>) => Promise<void>;

const beforeSending = ['bookedAtDesk', 'postponed', 'undone', 'withdrawn', 'closedByManager', 'givenToDesk'] as const;

export function stagesOn({ db, built, worker, failTexts }: Ground): Record<string, Play> {
  const { staff, practice } = built;
  const { database } = db;
  let days = 3;

  const transaction = <T>(work: (tx: Tx) => Promise<T>) => database.transaction(work);
  const handleOf = (id: string) => worker.client.workflow.getHandle(workflowIdOf(id));
  const change = (id: string, values: Partial<typeof tables.bookings.$inferInsert>) =>
    database.update(tables.bookings).set(values).where(eq(tables.bookings.id, id));
  /** News without content: the workflow asks the row. */
  const wake = (id: string) => handleOf(id).signal('sendLink', '0');
  const hasRows = (read: () => PromiseLike<readonly unknown[]>) =>
    eventually(
      async () => read(),
      (rows) => rows.length > 0,
      30_000,
    );
  /** Until the workflow has ended. */
  const settled = (id: string) => handleOf(id).result();
  const sent = (id: string, kind: 'link' | 'reminder') =>
    hasRows(
      () => db.sql`select from messages where booking_id = ${id} and kind = ${kind} having every(sent_at is not null)`,
    );
  const failsAgain = (id: string) =>
    eventually(
      async () => (await handleOf(id).describe()).raw.pendingActivities ?? [],
      ([step]) => (step?.attempt ?? 0) > 1,
    );

  async function departing() {
    const one = await buildDeparting(db, built);
    await hasRows(
      () => db.sql`select from departure_tasks where booking_id = ${one.bookingId} and guarded_at is not null`,
    );
    return one;
  }
  async function linkSent() {
    const one = await buildSent(db, built);
    await sent(one.bookingId, 'link');
    return one;
  }
  async function reminded() {
    const one = await linkSent();
    const reminderTimes = [new Date(Date.now() + 300), new Date(Date.now() + 3 * 86_400_000)];
    await change(one.bookingId, { reminderTimes });
    await wake(one.bookingId);
    await sent(one.bookingId, 'reminder');
    return one;
  }
  async function confirmed(id: string) {
    const startsAt = inDays(built, days++, 600);
    await transaction((tx) => hold(tx, id, startsAt));
    await transaction((tx) => confirm(tx, id));
  }
  async function usageRefused(during: () => Promise<unknown>) {
    await db.sql.unsafe(`
      create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger refuse before insert on usage_events for each row execute function refuse()`);
    await during();
    await db.sql.unsafe('drop trigger refuse on usage_events');
  }
  /** What ends an effort while the task, or the link, is open. */
  const ends = {
    bookedAtDesk: (tx: Tx, { bookingId }: Departing) => bookAtDesk(tx, staff, bookingId, deskTime()),
    postponed: (tx: Tx, { taskId }: Departing) => postpone(tx, staff, taskId, { reason: 'Calls back', dueOn: null }),
    undone: (tx: Tx, { departureId }: Departing) => undoDeparture(tx, staff, departureId),
    withdrawn: (tx: Tx, { planned }: Departing) => withdrawPlannedAppointment(tx, staff, planned.id),
    closedByManager: (tx: Tx, { bookingId }: Departing) => closeBooking(tx, staff, bookingId, 'Moved away'),
    givenToDesk: (tx: Tx, { bookingId }: Departing) => giveToDesk(tx, staff, bookingId, ''),
  };
  type Departing = Awaited<ReturnType<typeof departing>>;
  const deskTime = () => ({
    providerId: built.providers[0]!.id,
    chairIds: [built.chairs[0]!.id],
    startsAt: inDays(built, days++, 840),
  });
  const endedBy =
    (how: keyof typeof ends, begin: () => Promise<Departing>): Play =>
    async (keep) => {
      const one = await begin();
      await transaction(async (tx) => void (await ends[how](tx, one)));
      await settled(one.bookingId);
      await keep(one.bookingId);
    };

  return {
    departing: async (keep) => keep((await departing()).bookingId),
    ...Object.fromEntries(beforeSending.map((how) => [how, endedBy(how, departing)])),
    async dayEnded(keep) {
      const { bookingId } = await departing();
      await change(bookingId, { departureEndsAt: new Date(Date.now() + 300) });
      await wake(bookingId);
      await settled(bookingId);
      await keep(bookingId);
    },

    linkSent: async (keep) => keep((await linkSent()).bookingId),
    reminded: async (keep) => keep((await reminded()).bookingId),
    async answered(keep) {
      const { bookingId } = await linkSent();
      await transaction((tx) => answerLink(tx, bookingId, 'call_me'));
      await pause(500);
      await keep(bookingId);
    },
    async linkSentAgain(keep) {
      const { bookingId, followUpId } = await linkSent();
      await leftLongAgo(db, bookingId);
      await transaction((tx) => resendLink(tx, testKeys, staff, followUpId, ['email']));
      await sent(bookingId, 'link');
      await keep(bookingId);
    },
    async reminderWaitsForMorning(keep) {
      const { bookingId } = await linkSent();
      const quiet = { quietFromMinute: 1, quietUntilMinute: 0 };
      await database.update(tables.practices).set(quiet).where(eq(tables.practices.id, practice.id));
      await change(bookingId, { reminderTimes: [new Date(Date.now() + 100)] });
      await wake(bookingId);
      await pause(2_000);
      await database.update(tables.practices).set({ quietFromMinute: 0 }).where(eq(tables.practices.id, practice.id));
      await keep(bookingId);
    },
    bookedAtDeskAfterSending: endedBy('bookedAtDesk', linkSent),
    withdrawnAfterSending: endedBy('withdrawn', linkSent),
    async expired(keep) {
      const { bookingId } = await linkSent();
      await change(bookingId, {
        reminderTimes: [new Date(Date.now() + 200)],
        linkExpiresAt: new Date(Date.now() + 1_500),
      });
      await wake(bookingId);
      await settled(bookingId);
      await keep(bookingId);
    },
    async bookedOnline(keep) {
      const { bookingId } = await reminded();
      await confirmed(bookingId);
      await settled(bookingId);
      await keep(bookingId);
    },

    async carrierFails(keep) {
      failTexts(1_000);
      const { bookingId } = await buildSent(db, built, {}, ['sms']);
      await failsAgain(bookingId);
      await keep(bookingId);
      failTexts(0);
    },
    async carrierFailed(keep) {
      failTexts(2);
      const { bookingId } = await buildSent(db, built, {}, ['sms']);
      await sent(bookingId, 'link');
      await confirmed(bookingId);
      await settled(bookingId);
      await keep(bookingId);
    },
    async stepFails(keep) {
      const { bookingId } = await linkSent();
      await usageRefused(async () => {
        await confirmed(bookingId);
        await failsAgain(bookingId);
        await keep(bookingId);
      });
    },
    async stepFailed(keep) {
      const { bookingId } = await linkSent();
      await usageRefused(async () => {
        await confirmed(bookingId);
        await failsAgain(bookingId);
      });
      await settled(bookingId);
      await keep(bookingId);
    },
    async startedAgain(keep) {
      const { bookingId } = await reminded();
      await handleOf(bookingId).terminate('by hand');
      const { sql, client, taskQueue } = worker;
      await eventually(
        () => sweep({ sql, client, taskQueue, log: silent }),
        (started) => started > 0,
      );
      await confirmed(bookingId);
      await settled(bookingId);
      await keep(bookingId);
    },
  };
}

const silent = pino({ level: 'silent' });
