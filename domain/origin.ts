import { AsyncLocalStorage } from 'node:async_hooks';

/** Where a change comes from. Neither part names anybody. */
export interface Origin {
  /** The request as the log names it. */
  requestId: string | null;
  /** Its place in a trace, as W3C writes it (`traceparent`). */
  traceParent: string | null;
}

const unknown: Origin = { requestId: null, traceParent: null };
const origins = new AsyncLocalStorage<Origin>();

/** Runs some work, and all that follows from it in this process, as coming from there. */
export const comingFrom = <T>(origin: Origin, work: () => T): T => origins.run(origin, work);

/** Where what runs now comes from; its parts are null where nobody said. */
export const originNow = (): Origin => origins.getStore() ?? unknown;
