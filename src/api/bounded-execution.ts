import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import { seconds } from '../clock.js';
import type { CodedError } from '../errors.js';
import type { Context } from '../graphql/context.js';
import { tooComplex } from '../operations/meter.js';
import { told } from './refusals.js';

export interface OperationArgs extends ExecutionArgs {
  contextValue: Context;
}

type Execution = () => ExecutionResult | Promise<ExecutionResult>;

/** How long a change that ran out of time may take to say what it did: its statements have been cancelled. */
const lastWords = seconds(5);

/**
 * Executes under the ceiling and the time limit of the operation. Past either the answer is the reason and nothing else;
 * a change that runs out of time is answered by what it did, with the reason in the places that are missing.
 * @param arrive makes the answer of what the execution has brought
 */
export function bounded(
  args: OperationArgs,
  execution: Execution,
  arrive: (result: ExecutionResult) => ExecutionResult = unchanged,
): Promise<ExecutionResult> {
  const { meter } = args.contextValue;
  meter.start();
  return new Promise<ExecutionResult>((resolve, reject) => {
    let impatience: NodeJS.Timeout | undefined;
    const finish = (result: ExecutionResult) => {
      clearTimeout(impatience);
      args.contextValue.finish();
      resolve(result);
    };
    meter.onEnd((reason) => {
      if (reason.code === 'OPERATION_TIMED_OUT' && isChange(args))
        impatience = setTimeout(() => finish(over(reason)), lastWords);
      else finish(over(reason));
    });
    const fail = (error: unknown) => {
      args.contextValue.finish();
      reject(error);
    };
    const done = (result: ExecutionResult) => finish(complete(args.contextValue, arrive(result)));
    try {
      const result = execution();
      if (result instanceof Promise) result.then(done, fail);
      else done(result);
    } catch (error) {
      fail(error);
    }
  });
}

const unchanged = (result: ExecutionResult): ExecutionResult => result;

const isChange = ({ document, operationName }: OperationArgs): boolean =>
  getOperationAST(document, operationName)?.operation === 'mutation';

const over = (reason: CodedError): ExecutionResult => ({
  errors: [new GraphQLError(reason.message, { originalError: reason })],
});

/** With the fields that were refused. However the errors came about, there are no more of them than may be told. */
function complete({ meter, refusals }: Context, result: ExecutionResult): ExecutionResult {
  if (refusals.length === 0 && !result.errors) return result;
  const errors = [...(result.errors ?? []), ...refusals.map(told)];
  if (errors.length > meter.ceiling.errors) return over(tooComplex('errors', meter.ceiling.errors));
  return { ...result, errors };
}
