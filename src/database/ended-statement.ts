import type { Work } from '../operations/work.js';

/** A statement that has ended. */
export interface EndedStatement {
  /** Without values. */
  readonly text: string;
  /** `performance.now()` when it was sent. */
  readonly begunAt: number;
  readonly milliseconds: number;
  readonly hasFailed: boolean;
  /** SQLSTATE of the failure, if the server named one. */
  readonly code: string | undefined;
  readonly work: Work | undefined;
}
