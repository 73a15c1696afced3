import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { type Presented, principalKeyOf } from '../authentication/authenticate.js';
import type { PrincipalKey } from '../authentication/principals.js';
import { isUnanswered } from '../database/connection-failure.js';
import { Repeating } from '../operations/repeating.js';
import type { Services } from '../services.js';

/** In milliseconds between two checks: how long an ended session can go unnoticed if no signal reports it. */
const pause = 250;
/**
 * Before a socket is closed, running answers are awaited for at most `most` times `pause` milliseconds: a logout over
 * this socket may be one of them.
 */
const waits = { most: 25, pause: 20 } as const;
/** Time for a client to complete the closing handshake, in milliseconds. */
const closingTime = 1000;
/** RFC 6455, section 7.4.2 (IANA registry): try again later. */
const tryAgainLater = 1013;

/** An open socket. */
export interface Watched {
  readonly socket: WebSocket;
  /** Whether a query or mutation on this socket still waits for its answer. */
  readonly isAnswering: () => boolean;
}

/**
 * Closes open sockets whose session or API token has ended, within a second in every process, whether or not an
 * operation runs on them. It reacts to signals and also checks periodically, for sessions that expire and for signals
 * that are lost. A check needs no statement for cached principals and two for all others together, however many sockets
 * there are. While the database is unavailable no socket is closed for lack of an answer.
 * @remarks A socket lives as long as the session or API token it was opened with. Its access token may expire earlier:
 * operations then answer UNAUTHENTICATED and streams end, as over HTTP, and the client opens another socket with the
 * next token. Sockets without a valid credential are anonymous and stay open.
 * @remarks The close code is 4401 Unauthorized, on which graphql-ws clients do not retry, since the same credential
 * would be refused again. After 4403 Forbidden they would retry.
 */
export class SocketWatch {
  private readonly open = new Map<PrincipalKey, Set<Watched>>();
  private readonly looking: Repeating;
  private readonly unsubscribe: (() => void)[];

  constructor(private readonly services: Pick<Services, 'accessTokens' | 'principals' | 'signals' | 'log'>) {
    const { signals, log } = services;
    this.looking = new Repeating('watch over open sockets', () => this.look(), pause, log);
    const wake = () => this.looking.wake();
    this.unsubscribe = [
      signals.on('session', (id) => this.open.has(id) && wake()),
      ...(['user', 'token', 'reset'] as const).map((topic) => signals.on(topic, wake)),
    ];
  }

  start(): void {
    this.looking.start();
  }

  async close(): Promise<void> {
    for (const end of this.unsubscribe) end();
    await this.looking.close();
  }

  /**
   * Watches over a socket if its credential is valid.
   * @returns the key to pass to `release`; undefined if the credential is invalid or the socket has closed
   */
  async admit(watched: Watched, presented: Presented): Promise<PrincipalKey | undefined> {
    const { services } = this;
    const key = await principalKeyOf(services, presented).catch((error) => putOff(error, watched));
    // If the database is unavailable, the socket is watched until the answer is known.
    const [ended] = key ? await services.principals.ended([key]).catch(whileAway) : [];
    // The socket may have closed during the query.
    if (!key || ended || watched.socket.readyState !== watched.socket.OPEN) return undefined;
    this.open.set(key, (this.open.get(key) ?? new Set()).add(watched));
    return key;
  }

  /**
   * Stops watching a socket that has closed.
   * @param key the result of `admit`
   */
  release(key: PrincipalKey, watched: Watched): void {
    const sockets = this.open.get(key);
    sockets?.delete(watched);
    if (sockets?.size === 0) this.open.delete(key);
  }

  private async look(): Promise<void> {
    for (const key of await this.services.principals.ended([...this.open.keys()]).catch(whileAway)) {
      const sockets = this.open.get(key) ?? [];
      this.open.delete(key);
      for (const watched of sockets) void dismiss(watched);
    }
  }
}

async function dismiss({ socket, isAnswering }: Watched): Promise<void> {
  for (let waited = 0; isAnswering() && waited < waits.most; waited += 1) await sleep(waits.pause);
  socket.close(CloseCode.Unauthorized, 'Unauthorized');
  setTimeout(() => socket.terminate(), closingTime).unref();
}

function whileAway(error: unknown): PrincipalKey[] {
  if (!isUnanswered(error)) throw error;
  return [];
}

/** The database was needed even to read the key of the token, so this socket could never be assigned to a session. */
function putOff(error: unknown, { socket }: Watched): undefined {
  if (!isUnanswered(error)) throw error;
  socket.close(tryAgainLater, 'Try again later');
}
