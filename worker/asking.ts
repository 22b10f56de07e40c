import type { Logger } from 'pino';
import { askCarriers, forgetOldEvents } from '../domain/messages/askCarriers.ts';
import type { Delivery } from '../domain/messages/deliver.ts';
import { faultOf } from '../drizzle/faults.ts';

const everyMs = 3_000;
const forgetEveryMs = 3_600_000;

/** Asks carriers what has become of messages, as long as it runs; at once again while there are more than it asks at a time. */
export function startAsking(delivery: Delivery, log: Logger): { stop(): Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let forgotAt = 0;
  let running: Promise<void> = Promise.resolve();

  async function round(): Promise<void> {
    try {
      while ((await askCarriers(delivery)) > 0 && !stopped);
      if (Date.now() - forgotAt > forgetEveryMs) {
        await forgetOldEvents(delivery);
        forgotAt = Date.now();
      }
    } catch (error) {
      log.warn({ err: faultOf(error) }, 'the carriers could not be asked about messages; the next round tries again');
    }
    if (!stopped) timer = setTimeout(begin, everyMs);
  }
  function begin(): void {
    running = round();
  }
  begin();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
