import {
  defaultPayloadConverter,
  type Headers,
  type Payload,
  proxySinks,
  type Sinks,
  uuid4,
  type WorkflowInterceptors,
} from '@temporalio/workflow';
import { bookingWorkflow, originHeader, type Woken } from '../domain/contract.ts';
import type { Origin } from '../domain/origin.ts';

export interface TraceSinks extends Sinks {
  traces: { woken(woken: Woken): void };
}

/**
 * What the workflow does comes from the news that arrived last: its steps say so in a header, also when they are due weeks
 * later, as reminders are. News that says nothing of itself changes nothing.
 */
export function interceptors(): WorkflowInterceptors {
  const { traces } = proxySinks<TraceSinks>();
  let origin: Origin | undefined;
  let header: Payload | undefined;

  function hear(news: string, { headers }: { headers: Headers }): void {
    const said = headers[originHeader];
    if (!said) return;
    header = said;
    origin = defaultPayloadConverter.fromPayload<Origin>(said);
    const [, trace, flags] = /^(00-[0-9a-f]{32})-[0-9a-f]{16}(-..)$/.exec(origin.traceParent ?? '') ?? [];
    if (!trace) return;
    // The same one when the run is replayed: what the engine makes up at random here is not random then.
    const spanId = uuid4().replaceAll('-', '').slice(-16);
    traces.woken({ news, parent: origin.traceParent!, spanId });
    header = defaultPayloadConverter.toPayload({ ...origin, traceParent: `${trace}-${spanId}${flags}` });
  }
  const saying = <Input extends { headers: Headers }>(input: Input): Input =>
    header ? { ...input, headers: { ...input.headers, [originHeader]: header } } : input;

  return {
    inbound: [
      {
        execute(input, next) {
          hear(bookingWorkflow, input);
          return next(input);
        },
        handleSignal(input, next) {
          hear(input.signalName, input);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(saying(input)),
        scheduleLocalActivity: (input, next) => next(saying(input)),
        getLogAttributes: (attributes, next) => next({ ...attributes, reqId: origin?.requestId ?? undefined }),
      },
    ],
  };
}
