import type { Client } from 'graphql-ws';
import { type AccessToken, freshFor } from './access-token.js';
import type { Credentials } from './credentials.js';

/** A ping is sent after so many milliseconds of silence; a socket whose pong does not come in time is dead. */
const keepAlive = { every: 10_000, answer: 5000 };
/** Shortest time between two renewals, in milliseconds. */
const shortestLife = 1000;

export interface Socket {
  readonly client: Client;
  /** The token that the present connection was opened with. */
  readonly token: () => AccessToken | undefined;
}

/**
 * Opens a websocket client that connects with the first subscription, connects again after every break, and takes a new
 * token before the old one expires. Subscriptions are sent again over each new connection.
 */
export async function openSocket(
  url: string,
  credentials: Credentials,
  webSocket: typeof WebSocket | undefined,
): Promise<Socket> {
  const { createClient } = await import('graphql-ws');
  let token: AccessToken | undefined;
  let renewal: ReturnType<typeof setTimeout> | undefined;
  let death: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    ...(webSocket && { webSocketImpl: webSocket }),
    connectionParams: async () => {
      token = await credentials.current();
      return token ? { authorization: `Bearer ${token.value}` } : {};
    },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (tries) => sleep(pauseBefore(tries)),
    keepAlive: keepAlive.every,
    on: {
      connected: () => {
        clearTimeout(renewal);
        renewal = token && renewInTime(credentials, token, () => client.terminate());
      },
      ping: (isReceived) => {
        if (!isReceived) death = setTimeout(() => client.terminate(), keepAlive.answer);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(death);
      },
      closed: () => {
        clearTimeout(renewal);
        clearTimeout(death);
      },
    },
  });
  return { client, token: () => token };
}

/** Renews the token of an open connection shortly before it expires, and calls `replace` when there is another. */
function renewInTime(credentials: Credentials, used: AccessToken, replace: () => void): ReturnType<typeof setTimeout> {
  const renew = async () => {
    const token = await credentials.current().catch(() => used);
    if (token?.value !== used.value) replace();
  };
  return setTimeout(() => void renew(), Math.max(shortestLife, freshFor(used)));
}

/** Longest pause between two tries, in milliseconds. */
const longestPause = 15_000;

/**
 * Doubles from a quarter of a second, with chance, so that not all clients come back at the same moment.
 * @param tries how many have failed in a row
 * @returns milliseconds
 */
export const pauseBefore = (tries: number): number =>
  Math.min(longestPause, 250 * 2 ** Math.min(tries, 10)) * (0.5 + Math.random() / 2);

/** Waits, but not longer than until the signal is aborted. @param time in milliseconds */
export const sleep = (time: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, time);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
  });
