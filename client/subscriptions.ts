import { type Credentials, sessionIn } from './credentials.js';
import { isTemporary } from './errors.js';
import { LiveQueue } from './live-queue.js';
import type { TypedDocument } from './post.js';
import { openSocket, pauseBefore, type Socket, sleep } from './socket.js';
import { failureOf, once, type Payload } from './stream.js';

export interface FollowOptions<Result> {
  /**
   * Reads the place of a result, from which to go on after a break: the variable `after`. By default it is `cursor` of
   * the subscription's field.
   */
  readonly cursorOf?: (result: Result) => string | undefined;
  /** Ends the subscription. */
  readonly signal?: AbortSignal;
  /** Told when the connection breaks, or cannot be opened, and when it is there again; also at the first time. */
  readonly onConnection?: (isOpen: boolean) => void;
}

/** The subscriptions of a tab, over one websocket. */
export class Subscriptions {
  private socket: Promise<Socket> | undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly url: string,
    private readonly credentials: Credentials,
    private readonly webSocket: typeof WebSocket | undefined,
  ) {
    credentials.onChange(() => void this.leaveFormerSession());
  }

  /**
   * Follows a subscription through breaks: after each, it goes on behind the last cursor. Ends when `signal` is aborted,
   * the reader stops reading, or the session ends; what another session may see is another stream.
   * @throws GatehouseError when the service refuses the subscription
   */
  follow<Result extends object, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    { cursorOf = defaultCursor, signal, onConnection }: FollowOptions<Result> = {},
  ): AsyncIterableIterator<Result, undefined> {
    const stop = new AbortController();
    const over = AbortSignal.any([stop.signal, this.closing.signal, ...(signal ? [signal] : [])]);
    if (onConnection) void this.watch(onConnection, over).catch(() => undefined);
    const queue = new LiveQueue<Result>(() => stop.abort());
    over.addEventListener('abort', () => queue.end());
    const place: { after?: string } = {};
    const payload = {
      query: document.toString(),
      // Read anew for each connection.
      get variables() {
        return { ...variables, ...place };
      },
    };
    const next = (result: Result) => {
      // Noted on arrival: what waits to be read must not be sent again after a break.
      const cursor = cursorOf(result);
      if (cursor !== undefined) place.after = cursor;
      queue.push(result);
    };
    let session: string | undefined;
    const unsubscribe = this.credentials.onChange(() => this.hasLeft(session) && stop.abort());
    const run = async () => {
      session = await this.currentSession(over);
      if (session !== undefined) await this.run(payload, next as (result: never) => void, session, over);
    };
    run()
      .then(
        () => queue.end(),
        (error: unknown) => queue.fail(error),
      )
      .finally(unsubscribe);
    return queue;
  }

  async close(): Promise<void> {
    this.closing.abort();
    const socket = await this.socket?.catch(() => undefined);
    // It may be waiting to connect again, which then fails.
    await Promise.resolve(socket?.client.dispose()).catch(() => undefined);
  }

  private async run(
    payload: Payload,
    next: (result: never) => void,
    session: string,
    over: AbortSignal,
  ): Promise<void> {
    let tries = 0;
    const noted = (result: never) => {
      tries = 0;
      next(result);
    };
    for (; !over.aborted; tries += 1) {
      const ended = await this.opened()
        .then(({ client }) => once(client, payload, noted, over))
        .catch((error: unknown) => ({ error }));
      if (over.aborted) return;
      const wait = await this.waitAfter(ended, session);
      if (wait === undefined) return;
      await sleep(Math.max(wait, pauseBefore(tries)), over);
    }
  }

  /** The session of whoever is signed in, as soon as the service has answered. */
  private async currentSession(over: AbortSignal): Promise<string | undefined> {
    for (let tries = 0; !over.aborted; tries += 1) {
      try {
        return (await this.credentials.current())?.sessionId;
      } catch (error) {
        await sleep(Math.max(timeFor(error), pauseBefore(tries)), over);
      }
    }
    return undefined;
  }

  private async watch(onConnection: (isOpen: boolean) => void, over: AbortSignal): Promise<void> {
    const { client } = await this.opened();
    const ends = [client.on('connected', () => onConnection(true)), client.on('closed', () => onConnection(false))];
    const end = () => {
      for (const off of ends) off();
    };
    if (over.aborted) end();
    else over.addEventListener('abort', end);
  }

  private opened(): Promise<Socket> {
    this.socket ??= openSocket(this.url, this.credentials, this.webSocket).catch((error: unknown) => {
      this.socket = undefined;
      throw error;
    });
    return this.socket;
  }

  /**
   * Decides how to go on after a stream has ended. Streams have no end of their own: the token has expired, or the right
   * to it is gone, and the next try tells.
   * @returns milliseconds to wait at least; undefined when the session has ended
   * @throws GatehouseError for a refusal that stays
   */
  private async waitAfter(
    ended: { readonly error: unknown } | undefined,
    session: string,
  ): Promise<number | undefined> {
    if (!ended) return 0;
    const failure = failureOf(ended.error);
    if (failure.code !== 'UNAUTHENTICATED') return timeFor(failure);
    const socket = await this.opened();
    try {
      const token = await this.credentials.current(socket.token()?.value);
      if (token?.sessionId !== session) return undefined;
      if (socket.token()?.value !== token.value) socket.client.terminate();
      return 0;
    } catch (error) {
      return timeFor(error);
    }
  }

  private hasLeft(session: string | undefined): boolean {
    return session !== undefined && sessionIn(this.credentials.state) !== session;
  }

  /** A connection belongs to the session that it was opened with. */
  private async leaveFormerSession(): Promise<void> {
    const socket = await this.socket?.catch(() => undefined);
    if (socket && this.hasLeft(socket.token()?.sessionId)) socket.client.terminate();
  }
}

/** @returns milliseconds to wait after a failure that passes @throws any other */
function timeFor(error: unknown): number {
  if (!isTemporary(error)) throw error;
  return (error.retryAfter ?? 0) * 1000;
}

function defaultCursor(result: object): string | undefined {
  const [field] = Object.values(result) as ({ readonly cursor?: unknown } | null)[];
  return typeof field?.cursor === 'string' ? field.cursor : undefined;
}
