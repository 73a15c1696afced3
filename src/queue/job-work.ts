import type { Attributes, Span, Tracing } from '../operations/span.js';
import { type TracePlace, tracePlaceIn } from '../operations/traceparent.js';
import type { Work, WorkDescription } from '../operations/work.js';

/** Attributes of a span about jobs, by the conventions for messages. */
export const attributesOf = (operation: 'send' | 'process', task: string): Attributes => ({
  'messaging.system': 'gatehouse',
  'messaging.operation.type': operation,
  'messaging.operation.name': operation,
  'messaging.destination.name': task,
});

interface Attempt {
  readonly id: string;
  readonly attempts: number;
  readonly traceParent?: string | null;
}

/** One attempt at a job as what statements are sent for. Its span belongs to the trace of whoever has written the job. */
export class JobWork implements Work {
  readonly span: Span | undefined;
  readonly place: TracePlace | undefined;

  constructor(
    private readonly task: string,
    { id, attempts, traceParent }: Attempt,
    tracing: Tracing | undefined,
  ) {
    const parent = tracePlaceIn({ traceparent: traceParent });
    this.span = tracing?.begin({ name: `process ${task}`, kind: 'consumer' }, parent);
    this.span?.set({
      ...attributesOf('process', task),
      'messaging.message.id': id,
      'gatehouse.job.attempt': attempts,
    });
    this.place = this.span?.place ?? parent;
  }

  describe(): WorkDescription {
    return { job: this.task };
  }

  /** For log lines. */
  get trace(): { readonly traceId?: string } {
    return this.place ? { traceId: this.place.traceId } : {};
  }
}
