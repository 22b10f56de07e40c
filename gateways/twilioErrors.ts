import { CarrierError, type CarrierReason, type FailureKind } from './carrier.ts';

/** Twilio's codes by what they mean for a letter: https://www.twilio.com/docs/api/errors; 3xxxx are a sent message's end. */
const meanings: [FailureKind, CarrierReason, number[]][] = [
  ['permanent', 'invalid_recipient', [21211, 21217, 21265, 21266, 21268, 21401, 21421, 21604, 30005]],
  ['permanent', 'not_mobile', [21614, 21635, 30006]],
  ['permanent', 'unreachable', [21214, 21612, 30410]],
  // The telephone is off, or has no network.
  ['permanent', 'out_of_reach', [30003]],
  ['permanent', 'opted_out', [21610]],
  ['permanent', 'country_not_enabled', [21408]],
  ['permanent', 'blocked', [30004, 30007, 30450, 30453]],
  ['permanent', 'carrier_fault', [30008]],
  ['temporary', 'carrier_fault', [30017]],
  ['temporary', 'rate_limited', [14107, 20429, 21611, 30001, 30022]],
  ['temporary', 'quota_exceeded', [30023]],
  // The account: keys, permissions, a trial's limits.
  ['temporary', 'configuration', [20003, 20005, 20006, 20008, 20404, 21267, 21608, 30002]],
  // The sender: number, name or messaging service.
  [
    'temporary',
    'configuration',
    [21212, 21603, 21606, 21616, 21657, 21659, 21660, 21661, 21701, 21703, 21704, 21705, 30032, 30034],
  ],
];

const byCode = new Map(
  meanings.flatMap(([kind, reason, codes]) => codes.map((code) => [code, { kind, reason }] as const)),
);

/** Said before the connection stood, so that Twilio has heard nothing. */
const neverSaid =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_)/;

/** What an error of the SDK says: Twilio's answer (`status`, `code`), or the network's (`code` alone). */
export function twilioFailure(error: unknown): CarrierError {
  if (error instanceof CarrierError) return error;
  const { status, code } = (error ?? {}) as { status?: unknown; code?: unknown };
  if (typeof status !== 'number') {
    const word = typeof code === 'string' ? code : 'unknown';
    return new CarrierError(neverSaid.test(word) ? 'temporary' : 'uncertain', 'no_answer', word);
  }
  // A request that was answered 429 was not processed; after 5xx it may have been.
  if (status === 429) return new CarrierError('temporary', 'rate_limited', codeOr(code, status));
  if (status >= 500) return new CarrierError('uncertain', 'carrier_fault', codeOr(code, status));
  const known = byCode.get(Number(code));
  if (known) return new CarrierError(known.kind, known.reason, Number(code));
  const ours = status === 401 || status === 403 || status === 404;
  return new CarrierError(ours ? 'temporary' : 'permanent', ours ? 'configuration' : 'refused', codeOr(code, status));
}

/** Why a message that Twilio took did not arrive, by the `error_code` of the message. */
export function undeliveredFailure(code: number | null | undefined): CarrierError {
  const { kind, reason } = byCode.get(Number(code)) ?? { kind: 'permanent' as const, reason: 'unreachable' as const };
  return new CarrierError(kind, reason, code ?? 'undelivered');
}

const codeOr = (code: unknown, status: number) => (typeof code === 'number' ? code : status);
