/** What a carrier of one channel can do. */
export interface Carrier {
  /** @throws CarrierError */
  send(letter: Letter): Promise<Taken>;
  /**
   * Looks for a letter that an earlier attempt may have handed over since the instant given; only where the carrier knows no
   * idempotency key. Null means that it surely was not taken.
   * @throws CarrierError
   */
  find?(letter: Pick<Letter, 'to' | 'text'>, since: Date): Promise<Taken | null>;
}

/** One message as it leaves. */
export interface Letter {
  /** The ledger's id, the carrier's idempotency key. */
  id: string;
  /** A telephone number in E.164, or an email address. */
  to: string;
  senderName: string | null;
  replyTo: string | null;
  subject: string | null;
  text: string;
  html: string | null;
  attachments: { filename: string; content: string; contentType: string }[];
}

/** The carrier's own id of a letter that it took. */
export interface Taken {
  carrierId: string;
}

/**
 * Whether the letter surely did not leave, and whether another try can help. A wrong configuration is temporary: the letter
 * leaves once it is put right.
 */
export type FailureKind = 'permanent' | 'temporary' | 'uncertain';

/** Why a carrier did not take a letter: stable words, which the ledger keeps and staff read in their language. */
export const carrierReasons = [
  'invalid_recipient',
  'not_mobile',
  'unreachable',
  'opted_out',
  'country_not_enabled',
  'blocked',
  'changed_meanwhile',
  'refused',
  'rate_limited',
  'quota_exceeded',
  'configuration',
  'carrier_fault',
  'no_answer',
  'lookup_failed',
] as const;
export type CarrierReason = (typeof carrierReasons)[number];

/** A carrier's refusal. Names neither recipient nor text and keeps no cause: it is logged and stands in histories. */
export class CarrierError extends Error {
  override readonly name = 'CarrierError';
  readonly kind: FailureKind;
  readonly reason: CarrierReason;
  /** The carrier's own code or name of the error, or the network's. */
  readonly code: string;
  /** How long the carrier wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: FailureKind, reason: CarrierReason, code: string | number, retryAfterMs?: number) {
    super(`${reason} (${code})`);
    this.kind = kind;
    this.reason = reason;
    this.code = String(code);
    this.retryAfterMs = retryAfterMs;
  }
}

/** No carrier is waited for longer, in milliseconds. */
export const timeLimitMs = 10_000;
