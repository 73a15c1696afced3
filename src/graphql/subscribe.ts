import { setTimeout as sleep } from 'node:timers/promises';
import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { seconds } from '../clock.js';
import { isConnectionFailure } from '../database/connection-failure.js';
import type { Context } from './context.js';

/** What one event, or the failure of a stream, becomes on the wire. */
export type OnFailure = (error: unknown) => ExecutionResult;

interface SubscriptionArgs extends ExecutionArgs {
  contextValue: Context;
}

/**
 * As graphql-js subscribes, but each event is executed in a context of its own: loaders and rights
 * are those of the event's moment, not of the subscription's start. A failing source ends the
 * stream with one last, formatted error.
 */
export async function subscribe(
  args: SubscriptionArgs,
  onFailure: OnFailure,
  /** Called once, when the stream is over or was refused. */
  onEnd: () => void,
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
      return done ? finish() : { done: false, value: await deliver(args, value, () => ended) };
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

/** An event whose telling the database was away for is told again: who keeps its cursor will not ask for it twice. */
async function deliver(args: SubscriptionArgs, event: unknown, isOver: () => boolean): Promise<ExecutionResult> {
  for (;;) {
    const result = await tell(args, event).catch(whenAway);
    if (result && (isOver() || !result.errors?.some(({ originalError }) => isConnectionFailure(originalError))))
      return result;
    if (isOver()) return {};
    await sleep(pause);
  }
}

const tell = async (args: SubscriptionArgs, event: unknown): Promise<ExecutionResult> =>
  execute({ ...args, rootValue: event, contextValue: await args.contextValue.renewed() });

function whenAway(error: unknown): undefined {
  if (!isConnectionFailure(error)) throw error;
}
