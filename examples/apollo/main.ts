import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import type { Client } from 'graphql-ws';
import { gatehouse, url } from '../gatehouse.js';
import { type SessionsResult, sessionEvents, sessionsQuery, show, type UsersResult, usersQuery } from '../page.js';

const createClient = () =>
  new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      // Of a graphql-ws client the link uses `subscribe` alone.
      new GraphQLWsLink(gatehouse as unknown as Client),
      new HttpLink({ uri: url, fetch: gatehouse.fetch }),
    ),
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

show(gatehouse, {
  async sessions() {
    const { data } = await client.query<SessionsResult>({ query: gql(sessionsQuery), fetchPolicy: 'network-only' });
    return data?.viewer?.sessions ?? [];
  },
  onSessionEvent(listener) {
    const subscription = client.subscribe({ query: gql(sessionEvents) }).subscribe({ next: listener });
    return () => subscription.unsubscribe();
  },
  async usernames() {
    const { data } = await client.query<UsersResult>({ query: gql(usersQuery), fetchPolicy: 'network-only' });
    return data?.users.nodes.map(({ username }) => username) ?? [];
  },
});
