import type { Client, ExecutionResult } from 'graphql-ws';
import { type AnswerError, GatehouseError } from './errors.js';

export interface Payload {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/**
 * Subscribes once.
 * @param next gets each result
 * @returns how it ended: with an error, or without
 */
export async function once(
  client: Client,
  payload: Payload,
  next: (result: never) => void,
  over: AbortSignal,
): Promise<{ readonly error: unknown } | undefined> {
  // It may have been given up while the websocket client was loaded.
  if (over.aborted) return undefined;
  let stop = () => {};
  let abort = () => {};
  const ended = new Promise<{ readonly error: unknown } | undefined>((resolve) => {
    abort = () => resolve(undefined);
    const received = ({ data, errors }: ExecutionResult<never, unknown>) => {
      if (errors && errors.length > 0) resolve({ error: errors });
      else if (!over.aborted) next(data as never);
    };
    const sink = { next: received, error: (error: unknown) => resolve({ error }), complete: abort };
    stop = client.subscribe<never>(payload, sink as never);
  });
  over.addEventListener('abort', abort);
  return ended.finally(() => {
    over.removeEventListener('abort', abort);
    stop();
  });
}

/** Close codes of graphql-transport-ws after which another connection would end alike. */
const final = new Set([4004, 4400, 4406, 4409, 4429]);
const unauthorized = 4401;

/** What a stream ended with, as an error with a code. A connection that was closed can be opened again. */
export function failureOf(error: unknown): GatehouseError {
  if (error instanceof GatehouseError) return error;
  if (Array.isArray(error)) return GatehouseError.of(error as readonly AnswerError[]);
  const { code, reason } = error as { readonly code?: number; readonly reason?: string };
  if (code === unauthorized) return new GatehouseError('UNAUTHENTICATED', 'The session has ended.');
  const name = code !== undefined && final.has(code) ? 'BAD_USER_INPUT' : 'NETWORK_ERROR';
  return new GatehouseError(name, reason || 'The websocket was closed.', undefined, [], { cause: error });
}
