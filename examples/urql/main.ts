import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { gatehouse, url } from '../gatehouse.js';
import { type SessionsResult, sessionEvents, sessionsQuery, show, type UsersResult, usersQuery } from '../page.js';

const createClient = () =>
  new Client({
    url,
    fetch: gatehouse.fetch,
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({ unsubscribe: gatehouse.subscribe({ query, variables }, sink as never) }),
        }),
      }),
    ],
  });

// What one person has read must not be shown to the next, so each has a client with a cache of their own.
let client = createClient();
let userId: string | undefined;
gatehouse.onChange(() => {
  const { state } = gatehouse;
  const next = state.status === 'signedIn' ? state.userId : undefined;
  if (next !== userId) client = createClient();
  userId = next;
});

async function read<Result extends object>(query: string): Promise<Result> {
  const { data, error } = await client.query<Result>(query, {}, { requestPolicy: 'network-only' });
  if (!data) throw error ?? new Error('There was no answer.');
  return data;
}

show(gatehouse, {
  sessions: async () => (await read<SessionsResult>(sessionsQuery)).viewer?.sessions ?? [],
  onSessionEvent: (listener) => client.subscription(sessionEvents, {}).subscribe(listener).unsubscribe,
  usernames: async () => (await read<UsersResult>(usersQuery)).users.nodes.map(({ username }) => username),
});
