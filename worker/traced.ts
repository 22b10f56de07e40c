import { comingFrom, originNow } from '../domain/origin.ts';
import { type Carrier, CarrierError, type Channel } from '../gateways/carrier.ts';
import type { SpanOptions, Spans } from '../gateways/spans.ts';

/** Does a piece of work as part of the trace of what it comes from; what follows from it is its child. */
export async function traced<T>(spans: Spans, name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  if (!spans.wanted) return work();
  const origin = originNow();
  const span = spans.begin(name, origin.traceParent, {
    ...options,
    attributes: { 'nextvisit.request': origin.requestId ?? undefined, ...options.attributes },
  });
  try {
    const result = await comingFrom({ ...origin, traceParent: span.traceParent }, work);
    span.end();
    return result;
  } catch (error) {
    span.end({}, wordOf(error));
    throw error;
  }
}

/** Carriers whose calls stand in the traces: neither recipients nor texts do. */
export function tracedCarriers<Carriers extends Record<Channel, Carrier>>({ sms, email }: Carriers, spans: Spans) {
  return { sms: tracedCarrier('sms', sms, spans), email: tracedCarrier('email', email, spans) };
}

function tracedCarrier(channel: string, carrier: Carrier, spans: Spans): Carrier {
  if (!spans.wanted) return carrier;
  const options: SpanOptions = { kind: 'client', attributes: { 'nextvisit.channel': channel } };
  const { find } = carrier;
  return {
    ...carrier,
    send: (letter) => traced(spans, `carrier ${channel} send`, options, () => carrier.send(letter)),
    ...(find
      ? { find: (...asked) => traced(spans, `carrier ${channel} find`, options, () => find.apply(carrier, asked)) }
      : {}),
  };
}

/** Failures of steps and carriers have a stable word; of others their kind is all that is told. */
function wordOf(error: unknown): string {
  if (error instanceof CarrierError) return error.reason;
  if (!(error instanceof Error)) return typeof error;
  return 'type' in error && typeof error.type === 'string' ? error.type : error.name;
}
