import { setTimeout as sleep } from 'node:timers/promises';
import { createSourceEventStream, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { seconds } from '../clock.js';
import { isConnectionFailure } from '../database/connection-failure.js';
import { bounded, type OperationArgs } from './bounded-execution.js';

/** Converts the failure of an event or stream into a result. */
export type OnFailure = (error: unknown) => ExecutionResult;

/** Limits what a stream may deliver. */
interface EventBudget {
  /** Whether another event may be delivered now. */
  readonly hasNext: () => boolean;
  readonly take: (result: ExecutionResult) => void;
}

/**
 * Subscribes like graphql-js, but executes each event in a new context, so that loaders and rights are those of the
 * event's time and not of the subscription's start. If the source fails, the stream ends with one formatted error. When
 * the event share of the budget is spent, the stream waits for the next window.
 * @returns the stream, or a result with errors if it could not start
 */
export async function subscribe(
  args: OperationArgs,
  onFailure: OnFailure,
  /** Called once, when the stream ends or was refused. */
  onEnd: () => void,
  budget: EventBudget = { hasNext: () => true, take: () => undefined },
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args).catch(onFailure);
  if (!(Symbol.asyncIterator in source)) {
    onEnd();
    return { ...source, errors: source.errors?.map(codedWhenBeforeTheField) ?? [] };
  }
  const events = source[Symbol.asyncIterator]();
  let failed = false;
  let ended = false;
  const finish = async () => {
    if (!ended) onEnd();
    ended = true;
    await events.return?.();
    return { done: true as const, value: undefined };
  };
  const next = async (): Promise<IteratorResult<ExecutionResult, undefined>> => {
    if (failed) return finish();
    try {
      const { done, value } = await events.next();
      let tell = tellFirst;
      for (; !done && !ended && !budget.hasNext(); tell = tellAgain) await sleep(pause);
      const result = done ? undefined : await deliver(args, value, () => ended, tell);
      if (result) budget.take(result);
      return result ? { done: false, value: result } : finish();
    } catch (error) {
      failed = true;
      return { done: false, value: onFailure(error) };
    }
  };
  const results: AsyncIterableIterator<ExecutionResult> = {
    next,
    return: finish,
    throw: finish,
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}

/** An error without a path occurred before the field was reached: the variables were invalid. */
const codedWhenBeforeTheField = (error: GraphQLError): GraphQLError =>
  error.path || error.extensions['code']
    ? error
    : new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } });

const pause = seconds(1);

/**
 * Delivers an event, and repeats it while the database is unavailable: a client that stores the event's cursor would
 * not request it again.
 * @returns undefined when the stream is over, or when the right to it has ended meanwhile
 */
async function deliver(
  args: OperationArgs,
  event: unknown,
  isOver: () => boolean,
  first: Tell,
): Promise<ExecutionResult | undefined> {
  for (let tell = first; ; tell = tellAgain) {
    const result = await tell(args, event).catch(whenAway);
    if (result === 'forbidden') return undefined;
    const isTold = result && !result.errors?.some(({ originalError }) => isConnectionFailure(originalError));
    if (isTold || isOver()) return result;
    await sleep(pause);
  }
}

type Tell = (args: OperationArgs, event: unknown) => Promise<ExecutionResult | 'forbidden'>;

const tellFirst: Tell = async (args, event) => {
  const telling = { ...args, rootValue: event, contextValue: await args.contextValue.renewed() };
  return bounded(telling, async () => execute(telling));
};

const tellAgain: Tell = async (args, event) =>
  (await args.contextValue.mayGoOn()) ? tellFirst(args, event) : 'forbidden';

function whenAway(error: unknown): undefined {
  if (!isConnectionFailure(error)) throw error;
}
