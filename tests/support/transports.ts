import type { Client } from 'graphql-ws';
import type { Answer, Json } from './client.js';
import { bearer, openSocket } from './client.js';

/** An operation and its bearer token. */
export interface Ask {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly extensions?: object;
  readonly token?: string | undefined;
}

export type Outcome = Pick<Answer, 'data' | 'codes' | 'errors'> & {
  /** HTTP only. */
  readonly status?: number;
  readonly text: string;
};

type Errors = Answer['errors'];

/**
 * Reads an HTTP body or a websocket frame; the code of an error without one is the text `undefined`. The text is made when it is
 * asked for, because answers can have megabytes.
 */
export function outcomeOf(body: { data?: unknown; errors?: Errors } | null, more: { status?: number } = {}): Outcome {
  const errors = body?.errors ?? [];
  const codes = errors.map((error) => String(error.extensions?.['code']));
  const outcome = {
    data: (body?.data ?? null) as Json,
    codes,
    errors,
    get text() {
      return JSON.stringify(body);
    },
  };
  return Object.assign(outcome, more);
}

/** Sends any body unchanged. */
export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer> | null,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<Outcome & { status: number; headers: Headers }> {
  const reply = await fetch(`${url}/graphql`, { method: 'POST', body, headers });
  return Object.assign(outcomeOf((await reply.json()) as never), { status: reply.status, headers: reply.headers });
}

export function overHttp(url: string, { token, ...operation }: Ask, headers: Record<string, string> = {}) {
  return post(url, JSON.stringify(operation), { 'content-type': 'application/json', ...bearer(token), ...headers });
}

/**
 * Opens a websocket for one operation and returns the first result; then it ends the operation and closes.
 * @param parameters of `connection_init`
 */
export async function overSocket(
  url: string,
  { token, ...operation }: Ask,
  parameters: Record<string, unknown> | undefined = bearer(token),
): Promise<Outcome> {
  const client = openSocket(url, parameters);
  try {
    return await onSocket(client, operation);
  } finally {
    await client.dispose();
  }
}

/** Runs an operation on an open websocket and returns the first result. */
export const onSocket = (client: Client, operation: Ask): Promise<Outcome> =>
  new Promise<Outcome>((resolve, reject) => {
    client.subscribe(operation as never, {
      next: (result) => resolve(outcomeOf(result as never)),
      error: (reason) =>
        Array.isArray(reason) ? resolve(outcomeOf({ errors: reason as never })) : reject(closure(reason)),
      complete: () => resolve(outcomeOf(null)),
    });
  });

const closure = (reason: unknown): Error => new Error(`The socket closed: ${(reason as { code?: number }).code}`);

export const transports = [
  ['HTTP', overHttp],
  ['websocket', overSocket],
] as const;

/** Makes the document unique, so that it is neither compiled nor cached. */
export const fresh = (query: string): string => `${query} # ${Math.random()}`;
