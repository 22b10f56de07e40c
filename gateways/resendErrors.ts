import { CarrierError, type CarrierReason, type FailureKind } from './carrier.ts';
import { retryAfterOf } from './retryAfter.ts';

/** Resend's error names by what they mean for a letter: https://resend.com/docs/api-reference/errors */
const meanings: Record<string, [FailureKind, CarrierReason]> = {
  missing_api_key: ['temporary', 'configuration'],
  invalid_api_key: ['temporary', 'configuration'],
  restricted_api_key: ['temporary', 'configuration'],
  invalid_access: ['temporary', 'configuration'],
  invalid_from_address: ['temporary', 'configuration'],
  invalid_region: ['temporary', 'configuration'],
  not_found: ['temporary', 'configuration'],
  method_not_allowed: ['temporary', 'configuration'],
  rate_limit_exceeded: ['temporary', 'rate_limited'],
  daily_quota_exceeded: ['temporary', 'quota_exceeded'],
  monthly_quota_exceeded: ['temporary', 'quota_exceeded'],
  // An earlier attempt with the same key has not been answered yet.
  concurrent_idempotent_requests: ['uncertain', 'no_answer'],
  // An earlier attempt was taken, and the letter has changed since, by another edition of this code: not to be sent again.
  invalid_idempotent_request: ['uncertain', 'changed_meanwhile'],
  invalid_idempotency_key: ['permanent', 'refused'],
  missing_required_field: ['permanent', 'refused'],
  invalid_attachment: ['permanent', 'refused'],
  security_error: ['permanent', 'refused'],
};

/**
 * What an error of the SDK says. After an uncertain one the letter may be sent again as long as its idempotency key is known.
 * @param headers null where there was no answer at all
 */
export function resendFailure(
  error: { name?: string; statusCode?: number | null; message?: string } | null,
  headers: Record<string, string> | null,
): CarrierError {
  const { name = 'unknown', statusCode: status = null, message = '' } = error ?? {};
  const [kind, reason] = headers ? (meanings[name] ?? byStatus(status, message)) : noAnswer;
  return new CarrierError(
    kind,
    reason,
    meaningless.has(name) ? (status ?? 'no answer') : name,
    retryAfterOf(headers?.['retry-after']),
  );
}

const noAnswer: [FailureKind, CarrierReason] = ['uncertain', 'no_answer'];
const meaningless = new Set(['unknown', 'application_error', 'internal_server_error']);

/** `validation_error` and `invalid_parameter` cover the account, the sender, the recipient and all else. */
function byStatus(status: number | null, message: string): [FailureKind, CarrierReason] {
  if (status === 429) return ['temporary', 'rate_limited'];
  if (status === null || status >= 500) return ['uncertain', 'carrier_fault'];
  if (status === 401 || status === 403 || /\bfrom\b|domain is not verified/i.test(message))
    return ['temporary', 'configuration'];
  return ['permanent', /[`"']to[`"']/.test(message) ? 'invalid_recipient' : 'refused'];
}
