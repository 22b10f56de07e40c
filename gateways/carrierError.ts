import type { CarrierFailure } from '../domain/messages/deliver.ts';

/** A carrier's refusal in the ledger's words. Names neither recipient nor text: it is logged and stands in histories. */
export class CarrierError extends Error implements CarrierFailure {
  override readonly name = 'CarrierError';
  readonly kind: CarrierFailure['kind'];
  readonly reason: string;

  constructor(kind: CarrierFailure['kind'], reason: string, code: string | number) {
    super(`${reason} (${code})`);
    this.kind = kind;
    this.reason = reason;
  }
}
