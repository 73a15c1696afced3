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

/**
 * After a mutation times out, its statements have been cancelled; it has this many milliseconds to report what it did.
 */
const lastWords = seconds(5);

/**
 * Executes an operation under its ceiling and its time limit. When it exceeds either, the result is that one error
 * without data. The exception is a mutation that times out: it has `lastWords` to return what it has done, with the
 * error at the fields that are missing, so that a finished change is not reported as failed.
 * @param arrive transforms the result of the execution before refused fields are added to its errors
 * @returns the result; rejects only when `execution` throws or rejects
 */
export function bounded(
  args: OperationArgs,
  execution: Execution,
  arrive: (result: ExecutionResult) => ExecutionResult = unchanged,
): Promise<ExecutionResult> {
  const { meter } = args.contextValue;
  args.contextValue.work.running = args;
  meter.start();
  return new Promise<ExecutionResult>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (result: ExecutionResult) => {
      clearTimeout(timer);
      args.contextValue.finish();
      resolve(result);
    };
    meter.onEnd((reason) => {
      if (reason.code === 'OPERATION_TIMED_OUT' && isChange(args))
        timer = setTimeout(() => finish(over(reason)), lastWords);
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

/** Adds the errors of refused fields. If there are more errors than the ceiling allows, the whole answer is refused. */
function complete({ meter, refusals }: Context, result: ExecutionResult): ExecutionResult {
  if (refusals.length === 0 && !result.errors) return result;
  const errors = [...(result.errors ?? []), ...refusals.map(told)];
  if (errors.length > meter.ceiling.errors) return over(tooComplex('errors', meter.ceiling.errors));
  return { ...result, errors };
}
