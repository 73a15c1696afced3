import type { Client } from 'graphql-ws';
import type { AccessToken } from './access-token.js';
import { type Credentials, timeLeft } from './credentials.js';

/** A ping is sent after so many milliseconds of silence; a socket whose pong does not come in time is dead. */
const keepAlive = { every: 10_000, answer: 5000 };
/** Longest pause between two tries to connect, in milliseconds. */
const longestPause = 15_000;
/** Shortest time between two renewals, in milliseconds. */
const shortestLife = 1000;

/**
 * Opens a websocket client that connects with the first subscription, connects again after every break, and takes a new
 * token before the old one expires. Subscriptions are sent again over each new socket.
 */
export async function openSocket(
  url: string,
  credentials: Credentials,
  webSocket: typeof WebSocket | undefined,
): Promise<Client> {
  const { createClient } = await import('graphql-ws');
  let renewal: ReturnType<typeof setTimeout> | undefined;
  let death: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    ...(webSocket && { webSocketImpl: webSocket }),
    connectionParams: async () => {
      const token = await credentials.current();
      return token ? { authorization: `Bearer ${token.value}` } : {};
    },
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (tries) => pauseBefore(tries),
    keepAlive: keepAlive.every,
    on: {
      connected: () => {
        clearTimeout(renewal);
        renewal = renewInTime(credentials, () => client.terminate());
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
  return client;
}

/** Renews the token of an open socket shortly before it expires, and calls `replace` when there is another. */
function renewInTime(credentials: Credentials, replace: () => void): ReturnType<typeof setTimeout> {
  const used: AccessToken | undefined = credentials.known;
  const renew = async () => {
    const token = await credentials.current().catch(() => used);
    if (token?.value !== used?.value) replace();
  };
  return setTimeout(() => void renew(), Math.max(shortestLife, timeLeft(used)));
}

/** Doubles from half a second, with chance, so that not all clients come back at the same moment. */
function pauseBefore(tries: number): Promise<void> {
  const pause = Math.min(longestPause, 500 * 2 ** tries);
  return new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random() / 2)));
}
