import { type ExecutionArgs, getOperationAST } from 'graphql';
import { CodedError } from '../errors.js';
import type { RequestClient } from '../operation.js';
import { nameInLog } from '../operations/operation-line.js';
import type { OperationReport } from '../operations/operation-reports.js';
import type { Span } from '../operations/span.js';
import type { TracePlace } from '../operations/traceparent.js';
import type { Work, WorkDescription } from '../operations/work.js';

/** Outcomes that are the service's own faults. Others tell that it did what it should. */
const unexpected = 'INTERNAL_SERVER_ERROR';
const faults: ReadonlySet<string> = new Set([unexpected, 'SERVICE_UNAVAILABLE', 'OPERATION_TIMED_OUT']);

/** An operation as what statements are sent for, and its span. Apart from the context, which Apollo copies. */
export class OperationWork implements Work {
  /** What runs, from when it is executed. */
  running: Pick<ExecutionArgs, 'document' | 'operationName'> | undefined;
  /** Of the mutation that runs; only one does at a time. */
  private change: Span | undefined;

  constructor(
    private readonly client: () => RequestClient,
    /** Undefined when it is not recorded. */
    private readonly whole: Span | undefined,
    /** What the client has named. */
    private readonly named: TracePlace | undefined,
  ) {}

  get span(): Span | undefined {
    return this.change ?? this.whole;
  }

  get place(): TracePlace | undefined {
    return this.span?.place ?? this.named;
  }

  /** Of the operation itself, for its log line. */
  get wholePlace(): TracePlace | undefined {
    return this.whole?.place ?? this.named;
  }

  describe(): WorkDescription {
    const name = this.running && getOperationAST(this.running.document, this.running.operationName)?.name?.value;
    return { operation: name ?? null, requestId: this.client().requestId };
  }

  /** Begins the span of a root field. What a mutation does belongs to it; queries run beside each other. */
  beginField(name: string, isChange: boolean): Span | undefined {
    const span = this.whole?.begin({ name });
    if (isChange) this.change = span;
    return span;
  }

  /** @param value what the field has become, which may be an error */
  endField(span: Span, value: unknown): void {
    this.change = undefined;
    span.end(value instanceof Error ? endOf(value instanceof CodedError ? value.code : unexpected) : {});
  }

  /** Ends its span. Nothing happens when it has ended. */
  end({ kind, name, outcome }: Pick<OperationReport, 'kind' | 'name' | 'outcome'>): void {
    if (!this.whole) return;
    const attributes = {
      ...(kind !== 'unknown' && { 'graphql.operation.type': kind }),
      ...(name && { 'graphql.operation.name': nameInLog(name) }),
      'gatehouse.outcome': outcome,
    };
    this.whole.set(attributes, kind === 'unknown' ? undefined : kind);
    this.whole.end(endOf(outcome));
  }
}

const endOf = (outcome: string) => (outcome === 'OK' ? {} : { failure: outcome, isFault: faults.has(outcome) });
