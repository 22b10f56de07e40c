import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { writeMarkedDays } from '../domain/book/busyDays.ts';
import { letGo } from '../domain/people/keeping.ts';
import { faultOf } from '../drizzle/faults.ts';

export interface KeepingOptions {
  sql: Sql;
  log: Logger;
  /** By default five minutes. */
  everyMs?: number;
}

/**
 * Lets go of what need not be kept any longer, and writes marked days out: at once and then every five minutes, whether Temporal
 * answers or not. What fails keeps nothing else back, and is tried again with the next round.
 */
export function startKeeping({ sql, log, everyMs = 5 * 60_000 }: KeepingOptions): { stop(): void } {
  const tried = (work: Promise<unknown>, otherwise: string) =>
    work.catch((error) => log.warn({ err: faultOf(error) }, `${otherwise}; the next round tries again`));
  const round = () => {
    void tried(letGo(sql), 'what need not be kept was not let go');
    void tried(writeMarkedDays(sql), 'marked days were not written out');
  };
  round();
  const timer = setInterval(round, everyMs);
  return { stop: () => clearInterval(timer) };
}
