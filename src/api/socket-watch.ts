import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { type Presented, principalKeyOf } from '../authentication/authenticate.js';
import type { PrincipalKey } from '../authentication/principals.js';
import { isUnanswered } from '../database/connection-failure.js';
import { Repeating } from '../operations/repeating.js';
import type { Services } from '../services.js';

/** Between two looks, in milliseconds: how long an end may go unnoticed that no signal tells of. */
const pause = 250;
/** Answers under way are waited for this often, this many milliseconds each: a logout over the socket is one of them. */
const waits = { most: 25, pause: 20 } as const;
/** How long a client may take over the closing handshake, in milliseconds. */
const closingTime = 1000;
/** RFC 6455, section 7.4.2 (IANA registry): try again later. */
const tryAgainLater = 1013;

/** An open socket. */
export interface Watched {
  readonly socket: WebSocket;
  /** Whether a query or mutation of it still waits for its answer. */
  readonly isAnswering: () => boolean;
}

/**
 * Closes open sockets whose session or API token has ended: within a second in every process, whether or not
 * an operation runs on them. It is told by signals, and looks by itself for what no signal tells of: sessions
 * that run out, and whatever happens while signals cannot be heard. Remembered principals cost a look no
 * statement; the doubtful ones cost it two, however many sockets there are. While the database is away nothing
 * is closed for that.
 *
 * A socket lives as long as the session or API token it was opened with. Its access token may run out before:
 * then operations on it answer UNAUTHENTICATED and its streams end, as over HTTP, and the client opens another
 * socket with the next token. Sockets that presented nothing, or nothing that held, are nobody's and stay open.
 *
 * The close code is 4401 Unauthorized, on which clients of graphql-ws give up: the same credential would be
 * refused again. After 4403 Forbidden they try again.
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

  /** Watches over a socket, if what it presented holds. @returns the key to release it by */
  async admit(watched: Watched, presented: Presented): Promise<PrincipalKey | undefined> {
    const { services } = this;
    const key = await principalKeyOf(services, presented).catch((error) => putOff(error, watched));
    // Nobody can say while the database is away: then it is watched until somebody can.
    const [ended] = key ? await services.principals.ended([key]).catch(whileAway) : [];
    // It may have gone while we asked.
    if (!key || ended || watched.socket.readyState !== watched.socket.OPEN) return undefined;
    this.open.set(key, (this.open.get(key) ?? new Set()).add(watched));
    return key;
  }

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

/** Not even the key of a token could be read, so whose the socket is will not be known later either. */
function putOff(error: unknown, { socket }: Watched): undefined {
  if (!isUnanswered(error)) throw error;
  socket.close(tryAgainLater, 'Try again later');
}
