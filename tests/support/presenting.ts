import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { type Outcome, onSocket, overHttp } from './transports.js';

const viewer = '{ viewer { id } }';

/** Sends an Authorization header as it stands. */
export const inHeader = (url: string, authorization: string): Promise<Outcome> =>
  overHttp(url, { query: viewer }, { authorization });

/** Sends it, or anything that is no text, in `connection_init`. */
export async function inConnection(url: string, authorization: unknown): Promise<Outcome> {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization },
  });
  try {
    return await onSocket(client, { query: viewer });
  } finally {
    await client.dispose();
  }
}

/** `signed in`, `anonymous`, or the code of the refusal. */
export const verdict = ({ codes, data }: Outcome): string =>
  codes.join() || (data?.['viewer'] ? 'signed in' : 'anonymous');
