import { DiagLogLevel, diag, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type IdGenerator,
  RandomIdGenerator,
} from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import type { Spans } from './spans.ts';

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};
/** A collector that is away is complained of once in this time. */
const complainEveryMs = 60_000;
const longestGoodbyeMs = 1_000;

/** Sends traces by OTLP over HTTP. Where to, how many and under which name is read from the standard variables (OTEL_…). */
export function openTelemetry(service: string, log: Logger): Spans {
  complainTo(log);
  const ids = new SpanIds();
  const provider = new BasicTracerProvider({
    idGenerator: ids,
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': service }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  const tracer = provider.getTracer('nextvisit');
  return {
    wanted: true,
    begin(name, parent, { kind, attributes, id } = {}) {
      ids.next = id;
      const span = tracer.startSpan(name, { kind: kind && kinds[kind], attributes }, contextOf(parent));
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceParent: `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`,
        end(more = {}, fault = null) {
          span.setAttributes(fault === null ? more : { ...more, 'error.type': fault });
          if (fault !== null) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        },
      };
    },
    async stop() {
      const tooLong = new Promise<void>((resolve) => setTimeout(resolve, longestGoodbyeMs).unref());
      await Promise.race([provider.shutdown().catch(() => {}), tooLong]);
    },
  };
}

/** Spans have ids at random, but for those that are named elsewhere. */
class SpanIds implements IdGenerator {
  next: string | undefined;
  private readonly random = new RandomIdGenerator();

  generateTraceId(): string {
    return this.random.generateTraceId();
  }

  generateSpanId(): string {
    const id = this.next ?? this.random.generateSpanId();
    this.next = undefined;
    return id;
  }
}

function contextOf(traceParent: string | null) {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceParent ?? '') ?? [];
  if (!traceId || !spanId) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags!, 16),
    isRemote: true,
  });
}

function complainTo(log: Logger): void {
  let complainedAt = 0;
  const complain = (said: string) => {
    if (Date.now() - complainedAt < complainEveryMs) return;
    complainedAt = Date.now();
    // An error arrives as JSON, its stack included.
    log.warn({ said: /"message":"([^"]*)"/.exec(said)?.[1] ?? said }, 'traces do not reach their collector');
  };
  const nothing = () => {};
  diag.setLogger(
    { error: complain, warn: complain, info: nothing, debug: nothing, verbose: nothing },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
