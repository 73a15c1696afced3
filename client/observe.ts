import type { FollowOptions } from './subscriptions.js';

/** What a graphql-ws client is told to subscribe to. */
export interface SubscribePayload {
  readonly query: string;
  readonly variables?: object | null | undefined;
}

export interface Sink {
  next(result: { data: never }): void;
  error(error: unknown): void;
  complete(): void;
}

type Follow = (document: string, variables: object, options: FollowOptions<object>) => AsyncIterable<object>;

/**
 * Turns a stream into calls, in the form of a graphql-ws client, which other GraphQL clients expect.
 * @returns a function that ends the subscription
 */
export function observe(follow: Follow, { query, variables }: SubscribePayload, sink: Sink): () => void {
  const stop = new AbortController();
  const read = async () => {
    for await (const data of follow(query, variables ?? {}, { signal: stop.signal }))
      sink.next({ data: data as never });
    if (!stop.signal.aborted) sink.complete();
  };
  read().catch((error: unknown) => sink.error(error));
  return () => stop.abort();
}
