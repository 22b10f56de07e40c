import { execFileSync } from 'node:child_process';
import type { Client } from '@temporalio/client';
import { workflowIdOf } from '../../domain/contract.ts';
import { spreadOf } from '../figure.ts';
import type { Book } from '../ground.ts';
import type { Running } from '../processes.ts';
import type { FailingCarriers } from './carriers.ts';
import type { Week } from './week.ts';

/** What a minute looked like. */
export interface Minute {
  minute: number;
  departures: number;
  confirmed: number;
  failures: number;
  /** Of all requests, in milliseconds. */
  p50: number;
  p95: number;
  apiMb: number;
  workerMb: number;
  /** The histories of those who booked online in it: the median of their events, and the longest. */
  events: number;
  longest: number;
  kilobytes: number;
  /** Messages on their way to workflows, and bookings under way. */
  relay: number;
  open: number;
}

const histories = 15;

export const heads: (keyof Minute)[] = [
  'minute',
  'departures',
  'confirmed',
  'failures',
  'p50',
  'p95',
  'apiMb',
  'workerMb',
  'events',
  'longest',
  'kilobytes',
  'relay',
  'open',
];

/** Looks at the processes, the engine and the book; each look is one more minute. */
export function startWatch(
  { sql }: Book,
  client: Client,
  processes: { api: Running; worker: Running },
  carriers: FailingCarriers,
  week: Week,
): () => Promise<Minute> {
  let minute = 0;
  let since = new Date();
  return async () => {
    const ended = await sql<{ id: string }[]>`
      select id from bookings where state = 'booked_online' and settled_at > ${since} and settled_at <= now() order by settled_at desc limit ${histories}`;
    since = new Date();
    const seen = [];
    for (const { id } of ended) {
      const { historyLength, historySize } = await client.workflow.getHandle(workflowIdOf(id)).describe();
      seen.push({ events: historyLength, bytes: historySize ?? 0 });
    }
    const [book] = await sql<{ relay: number; open: number }[]>`
      select (select count(*)::int from workflow_messages where sent_at is null) as relay,
        (select count(*)::int from bookings where settled_at is null) as open`;
    const times = spreadOf(week.takeTimes());
    return {
      minute: ++minute,
      departures: week.departures,
      confirmed: week.confirmed.size,
      failures: carriers.failures(),
      p50: Math.round(times.p50),
      p95: Math.round(times.p95),
      apiMb: residentMegabytes(processes.api),
      workerMb: residentMegabytes(processes.worker),
      events: spreadOf(seen.map(({ events }) => events)).p50 ?? 0,
      longest: Math.max(0, ...seen.map(({ events }) => events)),
      kilobytes: Math.round((spreadOf(seen.map(({ bytes }) => bytes)).p50 ?? 0) / 100) / 10,
      ...book!,
    };
  };
}

const residentMegabytes = ({ pid }: Running) =>
  Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024);
