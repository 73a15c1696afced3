import type { Client, ExecutionResult } from 'graphql-ws';
import type { Credentials } from './credentials.js';
import { type AnswerError, GatehouseError } from './errors.js';
import { LiveQueue } from './live-queue.js';
import type { TypedDocument } from './post.js';
import { openSocket } from './socket.js';

export interface FollowOptions<Result> {
  /**
   * Reads the place of a result, from which to go on after a break: the variable `after`. By default it is `cursor` of
   * the subscription's field.
   */
  readonly cursorOf?: (result: Result) => string | undefined;
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
}

/** Close codes of a socket, by graphql-transport-ws. */
const unauthorized = 4401;
/** Connecting failed here, because there was no token: the service did not answer. */
const clientFailed = 4005;
/** Before the next try, in milliseconds. */
const pause = { afterEnd: 250, afterFailure: 2000 } as const;
const sleep = (time: number) => new Promise<void>((resolve) => setTimeout(resolve, time));

/** The subscriptions of a tab, over one websocket. */
export class Subscriptions {
  private client: Promise<Client> | undefined;

  constructor(
    private readonly url: string,
    private readonly credentials: Credentials,
    private readonly webSocket: typeof WebSocket | undefined,
  ) {}

  /**
   * Follows a subscription through breaks: after each, it goes on behind the last cursor. Ends when `signal` is aborted
   * or the session ends.
   * @throws GatehouseError when the service refuses the subscription
   */
  async *follow<Result extends object, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    { cursorOf = defaultCursor, signal }: FollowOptions<Result> = {},
  ): AsyncGenerator<Result, void, void> {
    const place: { after?: string } = {};
    const note = (result: Result) => {
      const cursor = cursorOf(result);
      if (cursor !== undefined) place.after = cursor;
    };
    const payload = {
      query: document.toString(),
      // Read anew for each connection.
      get variables() {
        return { ...variables, ...place };
      },
    };
    while (!signal?.aborted) {
      try {
        yield* this.results(payload, note, signal);
        // Streams have no end of their own: the token has expired, or the right to it is gone. The next try tells.
        if (!signal?.aborted) await sleep(pause.afterEnd);
      } catch (error) {
        if (signal?.aborted || !(await this.goesOn(error))) return;
      }
    }
  }

  async close(): Promise<void> {
    await (await this.client)?.dispose();
  }

  private async *results<Result>(
    payload: { query: string; variables: Record<string, unknown> },
    note: (result: Result) => void,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Result, void, void> {
    this.client ??= openSocket(this.url, this.credentials, this.webSocket);
    const queue = new LiveQueue<Result>();
    const next = ({ data, errors }: ExecutionResult<Result, unknown>) => {
      if (errors && errors.length > 0) return queue.fail(errors);
      // Noted on arrival: what waits to be read must not be sent again after a break.
      note(data as Result);
      queue.push(data as Result);
    };
    const sink = { next, error: (error: unknown) => queue.fail(error), complete: () => queue.end() };
    const stop = (await this.client).subscribe<Result>(payload, sink as never);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      yield* queue;
    } finally {
      signal?.removeEventListener('abort', stop);
      stop();
    }
  }

  /** @returns whether to subscribe again; false when the session has ended @throws GatehouseError for a refusal */
  private async goesOn(error: unknown): Promise<boolean> {
    const failure = failureOf(error);
    if (failure === 'retry') {
      await sleep(pause.afterFailure);
      return true;
    }
    if (failure.code !== 'UNAUTHENTICATED') throw failure;
    const token = await this.credentials.current(this.credentials.known?.value).catch(() => this.credentials.known);
    // The socket belongs to the former token.
    if (token) (await this.client)?.terminate();
    return token !== undefined;
  }
}

function failureOf(error: unknown): GatehouseError | 'retry' {
  if (error instanceof GatehouseError) return error;
  if (Array.isArray(error)) return GatehouseError.of(error as readonly AnswerError[]);
  const { code, reason } = error as { readonly code?: number; readonly reason?: string };
  if (code === clientFailed) return 'retry';
  if (code === unauthorized) return new GatehouseError('UNAUTHENTICATED', 'The session has ended.');
  return new GatehouseError('NETWORK_ERROR', reason || 'The websocket was closed.', undefined, [], { cause: error });
}

function defaultCursor(result: object): string | undefined {
  const [field] = Object.values(result) as ({ readonly cursor?: unknown } | null)[];
  return typeof field?.cursor === 'string' ? field.cursor : undefined;
}
