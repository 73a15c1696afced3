import { type ExecutionArgs, getOperationAST } from 'graphql';
import type { RequestClient } from '../operation.js';
import type { Work, WorkDescription } from '../operations/work.js';

/** An operation as what statements are sent for. Apart from the context, which Apollo copies. */
export class OperationWork implements Work {
  /** What runs, from when it is executed. */
  running: Pick<ExecutionArgs, 'document' | 'operationName'> | undefined;

  constructor(private readonly client: () => RequestClient) {}

  describe(): WorkDescription {
    const name = this.running && getOperationAST(this.running.document, this.running.operationName)?.name?.value;
    return { operation: name ?? null, requestId: this.client().requestId };
  }
}
