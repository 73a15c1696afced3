import type { GraphiQLProps } from 'graphiql';
import { createClient } from 'graphql-ws';
import { GatehouseError } from '../../client/gatehouse';
import { gatehouse } from '../session';

interface Payload {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

interface Observer {
  readonly next: (value: object) => void;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
}

type Stream = Extract<ReturnType<GraphiQLProps['fetcher']>, { subscribe: unknown }>;

/** How many results are shown of a subscription. */
const longest = 50;

/**
 * A subscription that shows its results as a list, the newest first.
 * @param headers with a credential to be used in place of the session
 */
export const observable = (payload: Payload, headers: Record<string, string> | undefined): Stream => ({
  // GraphiQL passes an observer.
  subscribe: (observer: unknown) => ({ unsubscribe: begin(payload, headers, observer as Observer) }),
});

function begin(payload: Payload, headers: Record<string, string> | undefined, observer: Observer): () => void {
  let results: readonly object[] = [];
  const show = (result: object) => {
    results = [result, ...results].slice(0, longest);
    observer.next({ results });
  };
  const sink = {
    next: show,
    error: (error: unknown) => {
      show({ errors: errorsOf(error) });
      observer.complete();
    },
    complete: () => observer.complete(),
  };
  // A session is followed through breaks and renewals of its token. Without one, the service says what it thinks of that.
  if (!headers && gatehouse.state.status !== 'signedOut') return gatehouse.subscribe(payload, sink);
  return subscribeOnce(payload, headers, sink);
}

/** Subscribes over a connection that has no session. */
function subscribeOnce(payload: Payload, headers: Record<string, string> | undefined, sink: Observer): () => void {
  const client = createClient({
    url: new URL('/graphql', window.location.href.replace(/^http/, 'ws')).href,
    connectionParams: headers ?? {},
    retryAttempts: 0,
  });
  const end = client.subscribe({ ...payload }, sink);
  return () => {
    end();
    void client.dispose();
  };
}

/** In the form of the errors of an answer. */
function errorsOf(error: unknown): readonly object[] {
  if (Array.isArray(error)) return error;
  if (error instanceof GatehouseError && error.errors.length > 0) return error.errors;
  if (error instanceof GatehouseError) return [{ message: error.message, extensions: { code: error.code } }];
  const reason = error instanceof CloseEvent && error.reason;
  return [{ message: reason || 'The websocket was closed.' }];
}
