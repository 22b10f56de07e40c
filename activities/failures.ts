import { ApplicationFailure } from '@temporalio/activity';
import { LinkKeyFault } from '../domain/bookings/links.ts';
import { Refusal } from '../domain/refusal.ts';
import { databaseErrorIn, faultOf } from '../drizzle/faults.ts';
import { CarrierError } from '../gateways/carrier.ts';

/**
 * A step's fault as it may stand in a history for years: its kind and its place in the code. What the database or a library
 * says may quote rows, parameters and addresses, so neither its words nor the error itself are handed on.
 */
export function failureOf(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  // An answer, not a fault: trying again would not change it.
  if (error instanceof Refusal) return ApplicationFailure.nonRetryable(error.code, error.code);
  if (error instanceof CarrierError) {
    const { message, name: type, kind, retryAfterMs } = error;
    return ApplicationFailure.create({ message, type, details: [kind], nextRetryDelay: retryAfterMs });
  }
  if (error instanceof LinkKeyFault) return ApplicationFailure.create({ message: error.message, type: error.name });
  const { code, table_name: table, constraint_name: constraint, stack } = faultOf(error);
  const isDatabase = databaseErrorIn(error) !== null || isQuery(error);
  const where = [code ?? connectionCode(error), table, constraint].filter(Boolean).join(' ');
  const failure = ApplicationFailure.create({
    message: isDatabase
      ? `the database refused or was away (${where || 'no code'})`
      : `an unexpected fault (${nameOf(error)})`,
    type: isDatabase ? 'DatabaseFault' : 'UnexpectedFault',
  });
  if (typeof stack === 'string') failure.stack = `${failure.name}: ${failure.message}\n${stack}`;
  return failure;
}

/**
 * A failure in a stable word, with the code that came with it, for a manager to read.
 * @returns null for what is no failure: a message that waits for its hour
 */
export function wordOf({ type, message }: ApplicationFailure): { reason: string; code: string | null } | null {
  if (type === 'MessageWaits') return null;
  const code = /\(([^)]*)\)$/.exec(message)?.[1] ?? null;
  if (type === 'CarrierError') return { reason: message.split(' ')[0]!, code };
  if (type === 'DatabaseFault') return { reason: 'database', code };
  if (type === 'LinkKeyFault') return { reason: 'link_key', code: null };
  if (type === 'UnexpectedFault') return { reason: 'unexpected', code };
  return { reason: type ?? 'unexpected', code: null };
}

const isQuery = (error: unknown) => error instanceof Error && error.constructor.name === 'DrizzleQueryError';

/** The network's own word, such as ECONNREFUSED or CONNECTION_CLOSED. */
function connectionCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z_]+$/.test(at.code)) return at.code;
  }
  return undefined;
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : typeof error);
