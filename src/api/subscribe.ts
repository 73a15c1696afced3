import { setTimeout as sleep } from 'node:timers/promises';
import { createSourceEventStream, type ExecutionResult, execute, GraphQLError } from 'graphql';
import { seconds } from '../clock.js';
import { isConnectionFailure } from '../database/connection-failure.js';
import type { Context } from '../graphql/context.js';
import type { EventSource } from '../security-events/follow-events.js';
import { bounded, type OperationArgs } from './bounded-execution.js';

/** Converts the failure of an event or stream into a result. */
export type OnFailure = (error: unknown) => ExecutionResult;

/** What a stream is delivered by. */
interface Delivery {
  /** Whether another event may be delivered now. */
  readonly hasNext: () => boolean;
  /** Called with each result before it is returned. */
  readonly take: (result: ExecutionResult, event: unknown) => void;
  /**
   * Makes the result of an event, or takes one that another stream has made for the same caller and selection; 'forbidden'
   * when the right to it has ended meanwhile.
   */
  readonly tell: (event: object, args: OperationArgs) => Promise<ExecutionResult | 'forbidden'>;
  /**
   * Sends a result, and resolves once it has left this process: a slow client is behind, not its memory full. Without it the
   * iterator returns the results; with it, it only ends. In one loop, because an idle stream waits in each function.
   */
  readonly send?: (result: ExecutionResult) => Promise<void>;
  /** Delivers the event without waiting. @param at now @returns whether it could; otherwise it is delivered as a result */
  readonly tellNow?: (event: object, at: Date) => boolean;
}

const alone: Delivery = {
  hasNext: () => true,
  take: () => undefined,
  tell: async (event, args) => executeFor(event, args, await args.contextValue.renewed()),
};

/** Executes the selection for an event, in a context of the event's time. */
export function executeFor(event: object, args: OperationArgs, contextValue: Context): Promise<ExecutionResult> {
  const telling = { ...args, rootValue: event, contextValue };
  return bounded(telling, async () => execute(telling));
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
  delivery: Delivery = alone,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  args.contextValue.work.running = args;
  const source = await createSourceEventStream(args).catch(onFailure);
  if (!(Symbol.asyncIterator in source)) {
    onEnd();
    return { ...source, errors: source.errors?.map(codedWhenBeforeTheField) ?? [] };
  }
  const events = source[Symbol.asyncIterator]();
  let failed = false;
  let ended = false;
  const { tellNow } = delivery;
  if (tellNow && offersAtOnce(events)) events.onEvent((event, at) => !ended && tellNow(event, at));
  const finish = async () => {
    if (!ended) onEnd();
    ended = true;
    await events.return?.();
    return { done: true as const, value: undefined };
  };
  const next = async (): Promise<IteratorResult<ExecutionResult, undefined>> => {
    while (!failed) {
      let result: ExecutionResult | undefined;
      try {
        const { done, value } = await events.next();
        let tell = tellFirst;
        for (; !done && !ended && !delivery.hasNext(); tell = tellAgain) await sleep(pause);
        if (!done) result = await deliver({ args, delivery, event: value as object }, () => ended, tell);
        if (result) delivery.take(result, value);
      } catch (error) {
        failed = true;
        result = onFailure(error);
      }
      if (!result) break;
      if (!delivery.send) return { done: false, value: result };
      if (ended) break;
      await sendOrEnd(delivery.send, result, finish);
    }
    return finish();
  };
  const results: AsyncIterableIterator<ExecutionResult> = {
    next,
    return: finish,
    throw: finish,
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}

async function sendOrEnd(
  send: (result: ExecutionResult) => Promise<void>,
  result: ExecutionResult,
  end: () => Promise<unknown>,
): Promise<void> {
  try {
    await send(result);
  } catch (error) {
    await end();
    throw error;
  }
}

const offersAtOnce = (events: AsyncIterator<unknown>): events is EventSource => 'onEvent' in events;

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
async function deliver(due: Due, isOver: () => boolean, first: Tell): Promise<ExecutionResult | undefined> {
  for (let tell = first; ; tell = tellAgain) {
    const result = await tell(due).catch(whenAway);
    if (result === 'forbidden') return undefined;
    const isTold = result && !result.errors?.some(({ originalError }) => isConnectionFailure(originalError));
    if (isTold || isOver()) return result;
    await sleep(pause);
  }
}

/** An event that is to be delivered. */
interface Due {
  readonly event: object;
  readonly args: OperationArgs;
  readonly delivery: Delivery;
}
type Tell = (due: Due) => Promise<ExecutionResult | 'forbidden'>;

const tellFirst: Tell = ({ event, args, delivery }) => delivery.tell(event, args);

const tellAgain: Tell = async (due) => ((await due.args.contextValue.mayGoOn()) ? tellFirst(due) : 'forbidden');

function whenAway(error: unknown): undefined {
  if (!isConnectionFailure(error)) throw error;
}
