import type { Span } from './span.js';
import type { TracePlace } from './traceparent.js';

/** What something is done for: an operation of the API, or a job. */
export interface Work {
  /** Its span, or the part of it that runs; undefined when it is not recorded. */
  readonly span: Span | undefined;
  /** What is carried on: the place of the span or, when it is not recorded, of whoever asked for it. */
  readonly place: TracePlace | undefined;
  /** For log lines. */
  describe(): WorkDescription;
}

export interface WorkDescription {
  /** The name of an operation, as the client chose it; null without a name. */
  readonly operation?: string | null;
  readonly requestId?: string;
  /** The task of a job. */
  readonly job?: string;
}

/** A part of the work, with a span of its own when the work is recorded. */
export const partOf = (work: Work | undefined, span: Span | undefined): Work | undefined =>
  work && span ? { span, place: span.place, describe: () => work.describe() } : work;
