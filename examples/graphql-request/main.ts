import { GraphQLClient } from 'graphql-request';
import { gatehouse, url } from '../gatehouse.js';
import { type SessionsResult, sessionEvents, sessionsQuery, show, type UsersResult, usersQuery } from '../page.js';

const client = new GraphQLClient(url, { fetch: gatehouse.fetch });

show(gatehouse, {
  sessions: async () => (await client.request<SessionsResult>(sessionsQuery)).viewer?.sessions ?? [],
  onSessionEvent: (listener) =>
    gatehouse.subscribe({ query: sessionEvents }, { next: listener, error: console.error, complete: () => undefined }),
  usernames: async () => (await client.request<UsersResult>(usersQuery)).users.nodes.map(({ username }) => username),
});
