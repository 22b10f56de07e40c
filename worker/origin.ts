import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from 'pino';
import { originHeader } from '../domain/contract.ts';
import { comingFrom, type Origin, originNow } from '../domain/origin.ts';

/** Starts and signals say where they come from; the workflow hands it on to its steps (workflows/origin.ts). */
export const sayOrigin: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => next({ ...input, headers: withOrigin(input.headers) }),
  signalWithStart: (input, next) => next({ ...input, headers: withOrigin(input.headers) }),
};

/** Each step runs, and logs, as coming from where its workflow says. */
export function stepsWithOrigin(log: Logger): ActivityInterceptorsFactory {
  return ({ info }) => {
    let origin: Origin | undefined;
    return {
      inbound: {
        execute(input, next) {
          origin = originIn(input.headers);
          return comingFrom(origin, async () => {
            const begun = performance.now();
            const result = await next(input);
            const { activityType: step, attempt, workflowExecution } = info;
            const ms = Math.round((performance.now() - begun) * 10) / 10;
            log.info({ reqId: reqIdOf(origin), workflow: workflowExecution?.workflowId, step, attempt, ms }, 'step');
            return result;
          });
        },
      },
      outbound: { getLogAttributes: (attributes, next) => next({ ...attributes, reqId: reqIdOf(origin) }) },
    };
  };
}

/** A request by the name that it has in the api's log; absent where nobody asked. */
export const reqIdOf = (origin: Origin | undefined): string | undefined => origin?.requestId ?? undefined;

function withOrigin(headers: Headers): Headers {
  const origin = originNow();
  if (origin.requestId === null && origin.traceParent === null) return headers;
  return { ...headers, [originHeader]: defaultPayloadConverter.toPayload(origin) };
}

function originIn(headers: Headers): Origin {
  const payload = headers[originHeader];
  return payload ? defaultPayloadConverter.fromPayload<Origin>(payload) : { requestId: null, traceParent: null };
}
