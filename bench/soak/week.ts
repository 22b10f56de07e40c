import { eq } from 'drizzle-orm';
import { instantAt, localDay } from '../../domain/book/rules/localTime.ts';
import { tokenOf } from '../../domain/bookings/links.ts';
import * as tables from '../../drizzle/schema/index.ts';
import { type InTheChair, inTheChair, receptionistsBrowser } from '../bookings.ts';
import { Browser, expectStatus } from '../browser.ts';
import type { Book } from '../ground.ts';
import { zone } from '../practice.ts';
import { linkKeys } from '../processes.ts';

/** What became of those who left, and what they were told. */
export interface Week {
  departures: number;
  links: number;
  confirmed: Map<string, Date>;
  answered: number;
  atDesk: number;
  postponed: number;
  /** Milliseconds of the requests since they were last taken. */
  takeTimes(): number[];
  /** Requests that were not answered as they should have been. */
  faults: string[];
  /** Begins what one more patient does, from their departure on. */
  next(): void;
  /** Reception looks around. */
  lookAround(): Promise<void>;
  /** Waits for those who are still at it. */
  ended(): Promise<unknown>;
}

const pages = ['/book', '/departure-tasks', '/follow-up', '/online-appointments'];
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
/** A link that nobody takes up is reminded of and ends within this; two weeks, compressed. */
const [remindAfter, endAfter] = [15, 40];

/** A practice at work: departures over HTTP, one after another, and what follows from each. Every fifth patient books at the desk. */
export async function playWeek(url: string, book: Book, most: number): Promise<Week> {
  const { sql, practice } = book;
  const waiting = await inTheChair(book, most);
  const reception = await receptionistsBrowser(url, book);
  const underWay = new Set<Promise<void>>();
  let times: number[] = [];
  let count = 0;

  async function timed<T>(ask: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const answer = await ask();
    times.push(performance.now() - began);
    return answer;
  }
  const post = (browser: Browser, path: string, fields: Parameters<Browser['post']>[1], status = 303, from?: string) =>
    timed(() => browser.post(path, fields, from)).then((answer) => expectStatus(answer, status));

  async function leave({ plannedId, appointmentId }: InTheChair, i: number): Promise<void> {
    const form = {
      [`book.${plannedId}`]: 'on',
      [`description.${plannedId}`]: 'Filling',
      [`provider.${plannedId}`]: practice.providerIds[i % 4]!,
    };
    await ofToday(appointmentId);
    await post(reception, `/book/appointments/${appointmentId}/departure`, form);
    week.departures++;
    const [booking] = await sql<{ id: string; task: string }[]>`
      select b.id, t.id as task from bookings b join departure_tasks t on t.booking_id = b.id
      where b.planned_appointment_id = ${plannedId}`;
    const task = `/departure-tasks/${booking!.task}`;
    await pause(0.5);
    if (i % 5 === 0) {
      await post(reception, `${task}/first-free`, {});
      week.atDesk++;
    } else if (i % 13 === 1) {
      await post(reception, `${task}/postponement`, { reason: 'Calls back', dueOn: '' });
      week.postponed++;
    } else {
      await post(reception, `${task}/link`, [
        ['channels', 'sms'],
        ['channels', 'email'],
      ]);
      week.links++;
      await decide(booking!.id, i);
    }
  }

  /** Only who was there today departs; the clock does not care that a week is being played. */
  async function ofToday(appointmentId: string): Promise<void> {
    if (localDay(Date.now(), zone) === practice.today) return;
    await sql`update book_entries set starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day' where id = ${appointmentId}`;
  }

  /** Six in ten choose a time, one says that they want a call, the others let it be and are reminded. */
  async function decide(bookingId: string, i: number): Promise<void> {
    if (i % 10 > 6) return letBe(bookingId);
    const [link] = await book.database
      .select()
      .from(tables.bookingLinks)
      .where(eq(tables.bookingLinks.bookingId, bookingId));
    const page = `/b/${tokenOf(linkKeys, link!)}`;
    const from = `10.1.${(i >> 8) & 255}.${i & 255}`;
    await pause(1 + (i % 7));
    const browser = new Browser(url);
    expectStatus(await timed(() => browser.get(page)), 200);
    if (i % 10 === 6) {
      await post(browser, `${page}/answer`, { answer: 'call_me' }, 303, from);
      week.answered++;
      return letBe(bookingId);
    }
    const day = practice.workingDays[60 + Math.floor(i / 80)]!;
    const startsAt = new Date(instantAt(day, 480 + 30 * (Math.floor(i / 4) % 20), zone));
    await post(browser, `${page}/hold`, { startsAt: String(startsAt.getTime()), from: '' }, 303, from);
    await post(browser, `${page}/confirmation`, {}, 303, from);
    week.confirmed.set(bookingId, startsAt);
  }

  async function letBe(bookingId: string): Promise<void> {
    await sql.begin(async (tx) => {
      await tx`update bookings set reminder_times = array[now() + ${remindAfter} * interval '1 second'],
        link_expires_at = now() + ${endAfter} * interval '1 second' where id = ${bookingId} and state = 'link_sent'`;
      await tx`insert into workflow_messages (practice_id, booking_id, name) values (${practice.id}, ${bookingId}, 'sendLink')`;
    });
  }

  const week: Week = {
    departures: 0,
    links: 0,
    confirmed: new Map(),
    answered: 0,
    atDesk: 0,
    postponed: 0,
    faults: [],
    takeTimes() {
      const taken = times;
      times = [];
      return taken;
    },
    next() {
      const i = count++;
      const one = leave(waiting[i % waiting.length]!, i)
        .catch((error: Error) => void week.faults.push(error.message.slice(0, 200)))
        .finally(() => underWay.delete(one));
      underWay.add(one);
    },
    async lookAround() {
      const path = pages[count % pages.length]!;
      await timed(() => reception.get(path)).then(
        (answer) => answer.status === 200 || week.faults.push(`${path}: ${answer.status}`),
        (error: Error) => week.faults.push(`${path}: ${error.message}`),
      );
    },
    ended: () => Promise.all(underWay),
  };
  return week;
}
