import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { enterWorker, heartbeatMs, workerIsThere, workerLeaves, workerSwept } from '../domain/engine/workers.ts';
import { faultOf } from '../drizzle/faults.ts';

/** Says to managers, every half minute, that this worker is there, and when it last swept. */
export async function startHeartbeat(sql: Sql, log: Logger, build: string) {
  const id = await enterWorker(sql, { host: hostname(), pid: process.pid, build });
  const failed = (error: unknown) => log.warn({ err: faultOf(error) }, 'this worker could not say that it is there');
  const beating = setInterval(() => void workerIsThere(sql, id).catch(failed), heartbeatMs);
  return {
    swept: (started: number) => void workerSwept(sql, id, started).catch(failed),
    stop: async () => {
      clearInterval(beating);
      await workerLeaves(sql, id).catch(failed);
    },
  };
}
