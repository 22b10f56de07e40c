import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import protobuf from 'protobufjs';

/** As much of OpenTelemetry's wire format (opentelemetry-proto, trace.proto) as the tests read. */
const wire = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
    fixed64 start = 7; fixed64 end = 8; repeated KeyValue attributes = 9; Status status = 15;
  }
  message Status { int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string text = 1; bool flag = 2; int64 whole = 3; double fraction = 4; } }`).root;

export interface CollectedSpan {
  service: string;
  traceId: string;
  spanId: string;
  /** Empty of the first one of a trace. */
  parentSpanId: string;
  name: string;
  /** 2: it did not go well. */
  status: number;
  attributes: Record<string, unknown>;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface WireSpan extends Omit<CollectedSpan, 'service' | 'attributes' | 'status'> {
  attributes: Attribute[];
  status: { code: number };
}

/** A collector of traces on this machine. */
export async function startCollector() {
  const spans: CollectedSpan[] = [];
  /** All that came in, as it came. */
  const raw: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    raw.push(body.toString('latin1'));
    const type = wire.lookupType('Request');
    const { resourceSpans } = type.toObject(type.decode(body), { longs: String, bytes: String, defaults: true }) as {
      resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: WireSpan[] }[] }[];
    };
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(plain(resource.attributes)['service.name']);
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        const { traceId, spanId, parentSpanId, name, status, attributes } = span;
        spans.push({
          service,
          traceId,
          spanId,
          parentSpanId,
          name,
          status: status?.code ?? 0,
          attributes: plain(attributes),
        });
      }
    }
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    raw,
    stop: () => server.close(),
  };
}

const plain = (attributes: Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value[String(value.value)] ?? Object.values(value)[0]]));
