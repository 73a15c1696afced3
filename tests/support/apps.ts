import WebSocket from 'ws';
import { createGatehouse, type Gatehouse, type GatehouseOptions } from '../../client/gatehouse.js';
import type { TypedDocument } from '../../client/post.js';
import { type Harness, password } from './harness.js';

/** What left a program: its operations by name, and requests to other places by their URL. */
export type Sent = string[];

const open = new Set<Gatehouse>();

/** A program that uses the client, outside of a browser. `sent` lists its operations; `fetch` can be replaced. */
export function programOf(
  harness: Harness,
  more: Partial<GatehouseOptions> = {},
): { gatehouse: Gatehouse; sent: Sent; setFetch: (fetch: typeof globalThis.fetch) => void } {
  const sent: Sent = [];
  let through: typeof fetch = (input, init) => fetch(input, init);
  const watched: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push(/(?:mutation|query) (\w+)/.exec(await request.clone().text())?.[1] ?? request.url);
    return through(request);
  };
  const gatehouse = createGatehouse({
    url: `${harness.app.url}/graphql`,
    refreshToken: 'memory',
    fetch: watched,
    webSocket: WebSocket as never,
    ...more,
  });
  open.add(gatehouse);
  const setFetch = (replaced: typeof fetch) => {
    through = replaced;
  };
  return { gatehouse, sent, setFetch };
}

export async function closeApps(): Promise<void> {
  for (const gatehouse of open) await gatehouse.close();
  open.clear();
}

/** Signs a person in that `harness.person` has registered. */
export const signInTo = (gatehouse: Gatehouse, identifier: string) => gatehouse.signIn({ identifier, password });

/** An operation of a test, without a generator. */
export const operation = <Result, Variables = Record<string, never>>(
  text: string,
): TypedDocument<Result, Variables> => ({
  toString: () => text,
});

export const whoAmI = operation<{ viewer: { username: string } | null }>('query WhoAmI { viewer { username } }');
