import { type ExecutionResult, GraphQLError, getOperationAST } from 'graphql';
import { rateLimited } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { SecurityEventRow } from '../security-events/event-rows.js';
import { type DirectStream, DirectTelling } from './direct-telling.js';
import { type EventExtensions, EventFrames, lagOf, startOf } from './event-frames.js';
import { FeedPulse } from './feed-pulse.js';
import { noteRateLimited } from './note-refusal.js';
import type { PacedSocket } from './paced-socket.js';
import { reportOperation } from './report-operation.js';
import { SharedResults } from './shared-results.js';
import { formatted, type Prepared } from './socket-operations.js';
import { executeFor, subscribe } from './subscribe.js';
import type { WebsocketOptions } from './websocket-options.js';

/** Live streams of one caller on all sockets of this process. */
const mostStreams = 30;

/** A subscription that is ready to start, and where its events go. */
export interface StreamArgs extends Prepared {
  /** Id of the operation, chosen by the client. */
  readonly id: string;
  readonly socket: PacedSocket;
}

type Results = AsyncIterableIterator<ExecutionResult>;

const nothing = { fixed: 0, rows: 0 };
const unshared = { key: '', isForEveryone: false };

const nameOf = ({ document, operationName }: StreamArgs): string | null =>
  getOperationAST(document, operationName)?.name?.value ?? null;

const failure = (error: unknown) => ({ errors: [new GraphQLError('failed', { originalError: error as Error })] });

/** Starts subscriptions. Limits the live streams of each caller, so that one account cannot occupy the service. */
export class Streams {
  private readonly live = new Map<string, number>();
  private readonly shared = new SharedResults();
  private readonly frames: EventFrames;
  private readonly pulse: FeedPulse;
  private readonly direct: DirectTelling;

  constructor(private readonly options: WebsocketOptions) {
    this.frames = new EventFrames(({ errors, ...rest }) => ({
      ...rest,
      ...(errors && { errors: errors.map((error) => formatted(options, error)) }),
    }));
    this.pulse = new FeedPulse(options.eventFeed);
    const { shared, frames } = this;
    this.direct = new DirectTelling({ shared, frames, budget: options.budget });
  }

  /**
   * Starts a subscription. Its events go to the socket directly; the iterator that is returned only ends with it.
   * @returns the stream, or a result with errors, such as RATE_LIMITED if the caller has too many streams
   */
  async start(args: StreamArgs): Promise<Results | ExecutionResult> {
    const owner = args.contextValue.caller?.userId ?? args.contextValue.client.address;
    const before = this.live.get(owner) ?? 0;
    if (before >= mostStreams) {
      const { contextValue: context } = args;
      noteRateLimited(context, { limit: 'streams', of: context.caller ? 'caller' : 'address' });
      return this.refused(args, failure(rateLimited(1)));
    }
    this.live.set(owner, before + 1);
    const leave = this.pulse.join(args.socket);
    const end = () => {
      leave();
      this.end(owner);
    };
    return this.begin(args, end);
  }

  private async begin(args: StreamArgs, end: () => void): Promise<Results | ExecutionResult> {
    const { contextValue, id, socket, cost = nothing, sharing = unshared } = args;
    const isAsked = args.payload.extensions?.['cost'] === true;
    const stream: DirectStream = { context: contextValue, socket, cost, sharing, isAsked, id, told: 0 };
    const onEnd = () => {
      end();
      if (stream.isLive) this.report(args, stream.failure ?? {}, stream.told);
    };
    const { budget } = this.options;
    let event: unknown;
    const begun = await subscribe(args, failure, onEnd, {
      hasNext: () => budget.hasForEvents(contextValue),
      take: (result, told) => {
        event = told;
        stream.told += 1;
        budget.takeForEvent(contextValue, cost, result);
      },
      tell: (told, { contextValue: context }) =>
        this.shared.tell({
          event: told,
          sharing,
          renewed: () => context.renewed(),
          mayGoOn: () => context.mayGoOn(),
          execute: (renewed: Context) => executeFor(told, args, renewed),
        }),
      send: (result) => {
        const extensions = this.extensionsOf(args, event);
        if (!event) stream.failure = result;
        event = undefined;
        // graphql-ws would write each message from its parts, for each socket anew.
        return args.socket.send(`${startOf(args.id)}${this.frames.restOf(result, extensions)}`);
      },
      tellNow: (told, at) => this.direct.tell(stream, told as SecurityEventRow, at),
    });
    if (!(Symbol.asyncIterator in begun)) return this.refused(args, begun);
    stream.isLive = true;
    // Its span is that of its start: one that lasts for days would not be sent for days.
    contextValue.work.end({ kind: 'subscription', name: nameOf(args), outcome: 'OK' });
    return begun;
  }

  private refused(args: StreamArgs, result: ExecutionResult): ExecutionResult {
    this.report(args, result, 0);
    return result;
  }

  private report(args: StreamArgs, result: ExecutionResult, events: number): void {
    reportOperation(args.contextValue, { kind: 'subscription', name: nameOf(args), result, events });
  }

  /** The caller's consumption is told when it is asked for, or high. */
  private extensionsOf({ contextValue, payload }: StreamArgs, event: unknown): EventExtensions {
    const cost = this.options.budget.tell(contextValue, payload.extensions?.['cost'] === true);
    return { ...(event instanceof Object && lagOf(contextValue, event as SecurityEventRow)), cost };
  }

  private end(owner: string): void {
    const left = (this.live.get(owner) ?? 1) - 1;
    if (left > 0) this.live.set(owner, left);
    else this.live.delete(owner);
  }
}
