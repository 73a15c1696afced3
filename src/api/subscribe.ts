import { setTimeout as sleep } from 'node:timers/promises';
import { createSourceEventStream, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { seconds } from '../clock.js';
import { isConnectionFailure } from '../database/connection-failure.js';
import { bounded, type OperationArgs } from './bounded-execution.js';

/** What one event, or the failure of a stream, becomes on the wire. */
export type OnFailure = (error: unknown) => ExecutionResult;

/** What the caller may be told, and what it costs. */
interface EventBudget {
  /** Whether another event may be told now. */
  readonly hasNext: () => boolean;
  readonly take: (result: ExecutionResult) => void;
}

/**
 * As graphql-js subscribes, but each event is executed in a context of its own: loaders and rights
 * are those of the event's moment, not of the subscription's start. A failing source ends the
 * stream with one last, formatted error. One that has spent its part of the budget waits for the next window.
 */
export async function subscribe(
  args: OperationArgs,
  onFailure: OnFailure,
  /** Called once, when the stream is over or was refused. */
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

/** An error that has no path came before the field was reached: the variables did not fit. */
const codedWhenBeforeTheField = (error: GraphQLError): GraphQLError =>
  error.path || error.extensions['code']
    ? error
    : new GraphQLError(error.message, { nodes: error.nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } });

const pause = seconds(1);

/**
 * An event whose telling the database was away for is told again: who keeps its cursor will not ask for it twice.
 * @returns undefined when the stream is over, or the right to it has ended meanwhile
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
