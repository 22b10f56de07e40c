import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { Logger } from 'pino';
import { originHeader } from '../domain/contract.ts';
import { comingFrom, type Origin, originNow } from '../domain/origin.ts';
import type { Spans } from '../gateways/spans.ts';
import type { TraceSinks } from '../workflows/origin.ts';
import { traced } from './traced.ts';

/** Starts and signals say where they come from; the workflow hands it on to its steps (workflows/origin.ts). */
export const sayOrigin: WorkflowClientInterceptor = {
  startWithDetails: (input, next) => next({ ...input, headers: withOrigin(input.headers) }),
  signalWithStart: (input, next) => next({ ...input, headers: withOrigin(input.headers) }),
};

/** Each step runs, and logs, as coming from where its workflow says. */
export function stepsWithOrigin(log: Logger, spans: Spans): ActivityInterceptorsFactory {
  return ({ info }) => {
    let origin: Origin | undefined;
    return {
      inbound: {
        execute(input, next) {
          origin = originIn(input.headers);
          return comingFrom(origin, async () => {
            const begun = performance.now();
            const { activityType: step, attempt, isLocal, workflowExecution } = info;
            const workflow = workflowExecution?.workflowId;
            const attributes = {
              'nextvisit.workflow': workflow,
              'nextvisit.attempt': attempt,
              'nextvisit.local': isLocal,
            };
            const result = await traced(spans, `step ${step}`, { kind: 'consumer', attributes }, () => next(input));
            const ms = Math.round((performance.now() - begun) * 10) / 10;
            log.info({ reqId: reqIdOf(origin), workflow, step, attempt, ms }, 'step');
            return result;
          });
        },
      },
      outbound: { getLogAttributes: (attributes, next) => next({ ...attributes, reqId: reqIdOf(origin) }) },
    };
  };
}

/** What runs tell of the news that reaches them; nothing when they are replayed. */
export const tracesOfNews = (spans: Spans): InjectedSinks<TraceSinks> => ({
  traces: {
    woken: {
      fn: ({ workflowId }, { news, parent, spanId }) =>
        spans.begin(`workflow ${news}`, parent, { id: spanId, attributes: { 'nextvisit.workflow': workflowId } }).end(),
      callDuringReplay: false,
    },
  },
});

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
