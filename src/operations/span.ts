import type { TracePlace } from './traceparent.js';

declare module '../services.js' {
  interface Services {
    /** Undefined while nothing is traced. */
    readonly tracing: Tracing | undefined;
  }
}

/** Names of the semantic conventions of OpenTelemetry, or with `gatehouse.` before them. Never values of people. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What a span is begun with. */
export interface SpanTerms {
  /** One of few: what differs from one to the next is an attribute. */
  readonly name: string;
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer';
  readonly attributes?: Attributes;
  /** `performance.now()` at the begin; default: now. */
  readonly from?: number;
}

/** How a span ended. */
export interface SpanEnd {
  /** `performance.now()`; default: now. */
  readonly at?: number;
  /** A code, if it failed. */
  readonly failure?: string | undefined;
  /** Whether the failure is the service's own; default: it is. */
  readonly isFault?: boolean;
}

/** A part of a trace that is recorded. */
export interface Span {
  readonly place: TracePlace;
  /** Begins a part of this one. */
  begin(terms: SpanTerms): Span;
  set(attributes: Attributes, name?: string): void;
  /** Without effect when it has ended. */
  end(end?: SpanEnd): void;
}

/** Records spans, and sends them to a collector. */
export interface Tracing {
  /**
   * Begins the first span of this process.
   * @param parent where it belongs; without one it begins a trace
   * @returns undefined when it is not sampled
   */
  begin(terms: SpanTerms, parent: TracePlace | undefined): Span | undefined;
  /** Sends what has ended, for at most two seconds. */
  close(): Promise<void>;
}

/** Does the work as this span, which ends with it. */
export async function during<T>(span: Span | undefined, work: () => Promise<T>): Promise<T> {
  if (!span) return work();
  try {
    const result = await work();
    span.end();
    return result;
  } catch (error) {
    span.end({ failure: failureOf(error) });
    throw error;
  }
}

/** The code or the name of an error. Its message may repeat what people have typed. */
function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
