/** A piece of work in a trace. */
export interface Span {
  /** What follows from it says that it is its child (W3C `traceparent`); null: nobody collects traces. */
  readonly traceParent: string | null;
  /** `fault` is a stable word of why it did not go well. */
  end(attributes?: SpanAttributes, fault?: string | null): void;
}

/** Stable words, figures and ids; nothing that names a person, and no address. */
export type SpanAttributes = Record<string, string | number | boolean | undefined>;

export interface SpanOptions {
  kind?: 'server' | 'client' | 'producer' | 'consumer';
  attributes?: SpanAttributes;
  /** Its own id, 16 hexadecimal digits, where it is made elsewhere; else one is made up. */
  id?: string;
}

/** Where traces are collected. */
export interface Spans {
  /** Whether anybody collects them. */
  readonly wanted: boolean;
  /** Begins a piece of work: the child of `parent`, or the first of a new trace. */
  begin(name: string, parent: string | null, options?: SpanOptions): Span;
  /** Sends what is still here; does not wait long. */
  stop(): Promise<void>;
}

export const noSpans: Spans = {
  wanted: false,
  begin: (_name, traceParent) => ({ traceParent, end: () => {} }),
  stop: async () => {},
};
