import type { Logger } from 'pino';
import type { Sql } from 'postgres';
import { sendAttentionLetters, writeAttentionLetters } from '../domain/openBookings/attentionLetter.ts';
import { faultOf } from '../drizzle/faults.ts';
import type { Carrier } from '../gateways/carrier.ts';

const everyMs = 5 * 60_000;

/** Sees to the daily email to managers: looked at every five minutes by each worker, sent by one of them. */
export function startAttentionLetters(sql: Sql, carrier: Carrier, publicUrl: string, log: Logger): { stop(): void } {
  const run = async () => {
    try {
      await writeAttentionLetters(sql, publicUrl);
      await sendAttentionLetters(sql, carrier);
    } catch (error) {
      log.warn({ err: faultOf(error) }, 'the email to managers did not leave; it is tried again');
    }
  };
  void run();
  const timer = setInterval(run, everyMs);
  return { stop: () => clearInterval(timer) };
}
