import { readFileSync } from 'node:fs';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, fetchExchange, makeOperation, mapExchange } from '@urql/core';
import { print } from 'graphql';
import {
  type ConcreteRequest,
  Environment,
  fetchQuery,
  Network,
  type OperationType,
  RecordSource,
  type RequestParameters,
  Store,
} from 'relay-runtime';
import type { Gatehouse } from '../../client/gatehouse.js';
import type { App } from '../../src/app.js';
import { closeApps, programOf, signInTo } from '../support/apps.js';
import { documented } from '../support/documented.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { apolloManifest, hashOf, manifestFile } from '../support/manifests.js';
import { Project } from '../support/project.js';

/** The queries of the examples. */
const exampleQueries = [...readFileSync('examples/page.ts', 'utf8').matchAll(/'(query .*)'/g)].map(
  ([, text = '']) => text,
);
/** What the test sends besides the examples. */
const viewerQuery = 'query Viewer { viewer { id username } }';
const sessionEvents = 'subscription SessionEvents { sessionEvents { type } }';

const cache = new InMemoryCache();
/** As `generate-persisted-query-manifest` does, which takes the transforms of the cache. */
const textOf = (query: string) => print(cache.transformDocument(gql(query)));

const artifact = 'operationsViewerQuery';
const operations = `import { graphql } from 'relay-runtime'; graphql\`query ${artifact} { viewer { id username } }\`;`;

let harness: Harness;
/** Answers everything. */
let open: App;
let enforcing: App;
let project: Project;
let gatehouse: Gatehouse;
beforeAll(async () => {
  project = await Project.make({
    'scripts/operations.js': operations,
    'scripts/package.json': '{}',
    'persisted-documents.json': '{}',
    'relay.config.json': JSON.stringify({
      ...JSON.parse(await documented('relay.persisted.json')),
      schema: 'schema.graphql',
      src: 'scripts',
      language: 'javascript',
      eagerEsModules: false,
    }),
  });
  const { failed, output } = await project.run('relay-compiler/cli.js', 'relay.config.json');
  expect([failed, output]).toEqual([false, expect.stringContaining('Done')]);
  harness = await Harness.start();
  open = harness.app;
  const files = [
    await manifestFile(await project.read('persisted-documents.json')),
    await manifestFile(apolloManifest([...exampleQueries, viewerQuery].map(textOf))),
    await manifestFile({
      [`sha256:${hashOf(viewerQuery)}`]: viewerQuery,
      [hashOf(sessionEvents, 'sha1')]: sessionEvents,
    }),
  ];
  enforcing = await harness.another({ TRUSTED_DOCUMENTS: files.join() });
  gatehouse = programOf(harness, { url: `${enforcing.url}/graphql` }).gatehouse;
  await signInTo(gatehouse, administrator.username);
});
afterAll(async () => {
  await closeApps();
  await project.remove();
});

/** Bodies and URLs that were sent. */
function counting(through: typeof fetch = gatehouse.fetch) {
  const sent: string[] = [];
  const send: typeof fetch = (input, init) => {
    sent.push(init?.method === 'GET' ? String(input) : String(init?.body));
    return through(input, init);
  };
  return { sent, send };
}

function apolloTo(app: App, options: { useGETForHashedQueries?: boolean } = {}, through?: typeof fetch) {
  const { sent, send } = counting(through);
  const link = new PersistedQueryLink({ sha256: (text) => hashOf(text), ...options }).concat(
    new HttpLink({ uri: `${app.url}/graphql`, fetch: send, headers: { 'apollo-require-preflight': 'true' } }),
  );
  return { sent, client: new ApolloClient({ cache: new InMemoryCache(), link }) };
}

test('gatehouse/client signs in and follows events of an enforcing service, which refuses other documents', async () => {
  expect(gatehouse.state).toMatchObject({ status: 'signedIn', username: administrator.username });
  await eventually(() => gatehouse.can('read', 'user') || undefined);
  await expect(gatehouse.request({ toString: () => '{ __typename }' }, {})).rejects.toMatchObject({
    code: 'DOCUMENT_NOT_TRUSTED',
  });
  const heard: string[] = [];
  const stop = gatehouse.subscribe({ query: sessionEvents, variables: {} }, {
    next: (result: { data?: { sessionEvents: { type: string } } }) =>
      heard.push(String(result.data?.sessionEvents.type)),
    error: () => undefined,
    complete: () => undefined,
  } as never);
  await eventually(async () => {
    await harness.client().login(administrator.username, password);
    return heard.includes('OPENED') || undefined;
  });
  stop();
});

test('Apollo Client sends hashes of the examples to an enforcing service, and nothing else', async () => {
  const { client, sent } = apolloTo(enforcing);
  expect(exampleQueries).toHaveLength(2);
  for (const query of exampleQueries) {
    const { data } = await client.query<Record<string, unknown>>({ query: gql(query) });
    expect(Object.keys(data ?? {})).toHaveLength(1);
  }
  expect(sent).toHaveLength(2);
  expect(sent.join()).not.toContain('"query":');
  await expect(client.query({ query: gql('query Other { viewer { bio } }') })).rejects.toMatchObject({
    errors: [{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }],
  });
});

test('urql sends the hash of a document of GraphQL Code Generator to an enforcing service', async () => {
  const { sent, send } = counting();
  const persistedQuery = { version: 1, sha256Hash: hashOf(viewerQuery) } as const;
  const client = new Client({
    url: `${enforcing.url}/graphql`,
    fetch: send,
    preferGetMethod: false,
    exchanges: [
      // What @urql/exchange-persisted does.
      mapExchange({
        onOperation: (operation) => makeOperation(operation.kind, { ...operation, extensions: { persistedQuery } }),
      }),
      fetchExchange,
    ],
  });
  const { data, error } = await client.query<Record<string, unknown>>(viewerQuery, {});
  expect([data?.['viewer'], error]).toEqual([expect.objectContaining({ username: administrator.username }), undefined]);
  expect(sent[0]).not.toContain('"query":');
});

test('Relay sends the ids of its compiler to an enforcing service', async () => {
  const { sent, send } = counting();
  const network = Network.create(async ({ id }: RequestParameters, variables) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ doc_id: id, variables });
    return (await send(`${enforcing.url}/graphql`, { method: 'POST', headers, body })).json();
  });
  const environment = new Environment({ network, store: new Store(new RecordSource()) });
  const query = await project.loadScript<ConcreteRequest>(`scripts/__generated__/${artifact}.graphql.js`);
  expect(query.params.text).toBeNull();
  const answer = await fetchQuery<OperationType>(environment, query, {}).toPromise();
  expect(answer).toMatchObject({ viewer: { username: administrator.username } });
  expect(sent).toHaveLength(1);
});

test.each([
  ['POST', {}],
  ['GET', { useGETForHashedQueries: true }],
])(
  'automatic persisted queries of Apollo Client: the text is sent once, then the hash by %s',
  async (method, options) => {
    const query = gql(`query By${method} { __typename viewer { id } }`);
    const ask = async () => {
      const { client, sent } = apolloTo(open, options, fetch);
      const { data } = await client.query<Record<string, unknown>>({ query });
      expect(data).toEqual({ __typename: 'Query', viewer: null });
      return sent.map((text) => text.includes('__typename'));
    };
    expect(await ask()).toEqual([false, true]);
    for (let n = 0; n < 3; n += 1) expect(await ask()).toEqual([false]);
  },
);
