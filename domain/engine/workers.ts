import type { Sql } from 'postgres';

/** A worker says that it is there this often; one that was silent for three times as long counts as gone. */
export const heartbeatMs = 30_000;
const silentForSeconds = (3 * heartbeatMs) / 1000;

export interface SeenWorker {
  id: string;
  host: string;
  pid: number;
  build: string;
  startedAt: Date;
  seenAt: Date;
}

/** Enters a worker among those that are there; rows of long ago are cleared away. @returns its id */
export async function enterWorker(sql: Sql, worker: { host: string; pid: number; build: string }): Promise<string> {
  await sql`delete from workers where seen_at < now() - interval '1 day'`;
  const [row] = await sql<{ id: string }[]>`insert into workers ${sql(worker)} returning id`;
  return row!.id;
}

export async function workerIsThere(sql: Sql, id: string): Promise<void> {
  await sql`update workers set seen_at = clock_timestamp() where id = ${id}`;
}

/** Notes that a sweep came to its end. @param started how many bookings had no workflow */
export async function workerSwept(sql: Sql, id: string, started: number): Promise<void> {
  await sql`update workers set swept_at = clock_timestamp(), sweep_started = ${started} where id = ${id}`;
}

/**
 * What the worker swept stays on record: its row ages like that of one that was killed. It ages first, since a sweep under way may
 * come to its end between the two.
 */
export async function workerLeaves(sql: Sql, id: string): Promise<void> {
  await sql`update workers set seen_at = now() - interval '1 hour' where id = ${id}`;
  await sql`delete from workers where id = ${id} and swept_at is null`;
}

const isThere = (sql: Sql) => sql`seen_at > now() - make_interval(secs => ${silentForSeconds})`;

/** The workers that are there now, the eldest first. */
export async function readWorkers(sql: Sql): Promise<SeenWorker[]> {
  return sql<SeenWorker[]>`
    select id, host, pid, build, started_at as "startedAt", seen_at as "seenAt" from workers where ${isThere(sql)} order by id`;
}

/** Whether no worker is there: what workflows and messages wait for does not happen. */
export async function isNoWorkerThere(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ none: boolean }[]>`select not exists (select from workers where ${isThere(sql)}) as none`;
  return row!.none;
}
