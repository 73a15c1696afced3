import {
  type Context,
  type Span as Recorded,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Attributes, Span, SpanEnd, SpanTerms } from '../operations/span.js';
import type { TracePlace } from '../operations/traceparent.js';

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Milliseconds to add to `performance.now()` for the time of day. One for a whole trace, so that its parts agree. */
type Offset = number;

/** A span of OpenTelemetry. Parents are passed on, not found by the context: that would slow down every promise. */
export class RecordedSpan implements Span {
  private readonly inside: Context;

  private constructor(
    private readonly tracer: Tracer,
    private readonly offset: Offset,
    private readonly span: Recorded,
  ) {
    this.inside = trace.setSpan(ROOT_CONTEXT, span);
  }

  /** @returns undefined when it is not sampled */
  static begin(tracer: Tracer, parent: Context, terms: SpanTerms): RecordedSpan | undefined {
    const offset = Date.now() - performance.now();
    const span = tracer.startSpan(terms.name, optionsOf(terms, offset), parent);
    return span.isRecording() ? new RecordedSpan(tracer, offset, span) : undefined;
  }

  get place(): TracePlace {
    const { traceId, spanId } = this.span.spanContext();
    return { traceId, spanId, isSampled: true };
  }

  begin(terms: SpanTerms): Span {
    const span = this.tracer.startSpan(terms.name, optionsOf(terms, this.offset), this.inside);
    return new RecordedSpan(this.tracer, this.offset, span);
  }

  set(attributes: Attributes, name?: string): void {
    this.span.setAttributes(attributes);
    if (name !== undefined) this.span.updateName(name);
  }

  end({ at = performance.now(), failure, isFault = true }: SpanEnd = {}): void {
    if (!this.span.isRecording()) return;
    if (failure !== undefined) this.span.setAttribute('error.type', failure);
    if (failure !== undefined && isFault) this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.span.end(at + this.offset);
  }
}

const optionsOf = ({ kind, attributes = {}, from = performance.now() }: SpanTerms, offset: Offset) => ({
  kind: kind ? kinds[kind] : SpanKind.INTERNAL,
  attributes,
  startTime: from + offset,
});
