export type Channel = 'sms' | 'email';

/** What a carrier of one channel can do. */
export interface Carrier {
  /** @throws CarrierError */
  send(letter: Letter): Promise<Taken>;
  /**
   * Looks for a letter that an earlier attempt may have handed over since the instant given; only where the carrier knows no
   * idempotency key. `others` are ids of the carrier's that are known to be other letters. Null means that it surely was
   * not taken.
   * @throws CarrierError
   */
  find?(letter: Pick<Letter, 'to' | 'text'>, since: Date, others?: ReadonlySet<string>): Promise<Taken | null>;
  /** For how long the carrier knows an idempotency key again, in milliseconds: so long an uncertain letter may be sent again. */
  keyLifeMs?: number;
  /**
   * Asks what has become of a letter that was taken. Where the answer has events they count once, by their ids.
   * @throws CarrierError
   */
  ask?(carrierId: string): Promise<(DeliveryReport & { event?: string })[]>;
  /** How many letters of one practice it is handed in a minute; absent: as many as there are. */
  perMinute?: number;
  /** How long after sending it is asked for the first time, in milliseconds: long where the carrier calls by itself. */
  askAfterMs?: number;
}

/** What a carrier says has become of a letter that it took. */
export interface DeliveryReport {
  carrierId: string;
  /** The ledger's id, where the carrier was told it: finds a letter whose answer was lost. */
  letterId: string | null;
  became: 'sent' | 'delivered' | 'opened' | 'complained' | 'failed';
  /** Why it failed. */
  reason: CarrierReason | null;
  /** The carrier's own code of the reason. */
  code: string | null;
  /** It failed for the moment only: the same letter, handed over later, may arrive. */
  isPassing?: boolean;
  at: Date;
}

/** A carrier that does not call is asked after this long; one that does only in case a call was lost. In milliseconds. */
export const askSoonMs = 3_000;
export const askLateMs = 15 * 60_000;

/** One message as it leaves. */
export interface Letter {
  /** The ledger's id, the carrier's idempotency key. */
  id: string;
  /** A telephone number in E.164, or an email address. */
  to: string;
  senderName: string | null;
  replyTo: string | null;
  /** Of an email: where one call ends more of them (RFC 8058). */
  unsubscribeUrl?: string | null;
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
  'out_of_reach',
  'opted_out',
  'country_not_enabled',
  'blocked',
  'bounced',
  'suppressed',
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
  /** The carrier's own code or name of the error, or the network's; null where there is none. */
  readonly code: string | null;
  /** How long the carrier wants to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: FailureKind, reason: CarrierReason, code: string | number | null, retryAfterMs?: number) {
    super(code === null ? reason : `${reason} (${code})`);
    this.kind = kind;
    this.reason = reason;
    this.code = code === null ? null : String(code);
    this.retryAfterMs = retryAfterMs;
  }
}

/** No carrier is waited for longer, in milliseconds. */
export const timeLimitMs = 10_000;

/** @throws CarrierError of the kind given where no answer came in time; what the call itself throws */
export async function withinLimit<T>(call: Promise<T>, limitMs: number, kind: FailureKind): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CarrierError(kind, 'no_answer', 'time limit')), limitMs);
  });
  return Promise.race([call, limit]).finally(() => clearTimeout(timer));
}
