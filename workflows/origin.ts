import { defaultPayloadConverter, type Headers, type Payload, type WorkflowInterceptors } from '@temporalio/workflow';
import { originHeader } from '../domain/contract.ts';
import type { Origin } from '../domain/origin.ts';

/**
 * What the workflow does comes from the news that arrived last: its steps say so in a header, also when they are due weeks
 * later, as reminders are. News that says nothing of itself changes nothing.
 */
export function interceptors(): WorkflowInterceptors {
  let origin: Payload | undefined;
  const hear = ({ headers }: { headers: Headers }) => {
    origin = headers[originHeader] ?? origin;
  };
  const saying = <Input extends { headers: Headers }>(input: Input): Input =>
    origin ? { ...input, headers: { ...input.headers, [originHeader]: origin } } : input;
  return {
    inbound: [
      {
        execute(input, next) {
          hear(input);
          return next(input);
        },
        handleSignal(input, next) {
          hear(input);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(saying(input)),
        scheduleLocalActivity: (input, next) => next(saying(input)),
        getLogAttributes: (attributes, next) => next({ ...attributes, reqId: requestIn(origin) }),
      },
    ],
  };
}

const requestIn = (origin: Payload | undefined) =>
  (origin && defaultPayloadConverter.fromPayload<Origin>(origin).requestId) ?? undefined;
