import { request } from 'node:http';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import * as clientOperations from '../../client/operations.js';
import type { App } from '../../src/app.js';
import type { OperationReport } from '../../src/operations/operation-reports.js';
import * as webOperations from '../../web/operations.js';
import { bearer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { apolloManifest, hashOf, manifestFile } from '../support/manifests.js';
import { RawSocket } from '../support/raw-socket.js';
import { type Outcome, outcomeOf, overHttp, overSocket, post } from '../support/transports.js';

// One service answers everything; two more on its database have manifests, one of each mode.

/** As older versions of client-preset write it: under its SHA-1. */
const viewer = 'query Me { viewer { id username } }';
const viewerId = hashOf(viewer, 'sha1');
const sessions = 'query Mine($no: Boolean = false) {\n  viewer {\n    sessions { id }\n    bio @skip(if: $no)\n  }\n}';
const events = 'subscription Events { sessionEvents { type } }';
/** As client-preset writes it since version 6: in one line, sorted, under its SHA-256 with a prefix. */
const sorted = 'fragment F on User { id } query Sorted { viewer { username ...F } }';
const sortedId = `sha256:${hashOf(sorted)}`;
const relayId = '6a5f2b1c9d3e4f708192a3b4c5d6e7f8';
const stranger = 'query Stranger { __typename }';

let harness: Harness;
let enforcing: App;
let logging: App;
let token: string;
let variables: Record<string, string>;
beforeAll(async () => {
  harness = await Harness.start();
  token = String((await harness.admin()).token);
  const files = [{ [viewerId]: viewer, [sortedId]: sorted }, apolloManifest([sessions]), { [relayId]: events }];
  const paths = await Promise.all(files.map(manifestFile));
  variables = { TRUSTED_DOCUMENTS: paths.join(', ') };
  enforcing = await harness.another(variables);
  logging = await harness.another({ ...variables, TRUSTED_DOCUMENTS_MODE: 'log' });
});

const json = { 'content-type': 'application/json' };
const send = (app: App, body: unknown, headers = {}) =>
  post(app.url, JSON.stringify(body), { ...json, ...bearer(token), ...headers });
async function get(app: App, parameters: string | Record<string, string>): Promise<Outcome & { status: number }> {
  const reply = await fetch(`${app.url}/graphql?${new URLSearchParams(parameters)}`, {
    headers: { 'apollo-require-preflight': 'true', ...bearer(token) },
  });
  return { ...outcomeOf((await reply.json()) as never), status: reply.status };
}
const bySocket = (app: App, payload: object) => overSocket(app.url, { query: '', token, ...payload });
const persisted = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

describe('a document of a manifest is found', () => {
  test.each([
    ['its id', { documentId: viewerId }, 'id'],
    ["Relay's doc_id", { doc_id: viewerId }, 'id'],
    ["Relay's id", { id: viewerId }, 'id'],
    ["Apollo's extension", persisted(hashOf(sessions)), 'sessions'],
    ['an id that is no hash, in the extension', persisted(viewerId), 'id'],
    ['its SHA-256, which is not its id', { documentId: `sha256:${hashOf(viewer)}` }, 'id'],
    ['an id with a prefix', { documentId: sortedId }, 'id'],
    ['the hash of an id with a prefix', persisted(hashOf(sorted)), 'id'],
    ['its text', { query: viewer }, 'id'],
    ['its text with other spaces', { query: `# mine\n${viewer.replaceAll(' ', '\n, ')}` }, 'id'],
    ['its text in one line', { query: sessions.replaceAll(/\s+/g, ' ') }, 'sessions'],
    ['id and text', { documentId: viewerId, query: viewer }, 'id'],
    ['id and text with other spaces', { documentId: viewerId, query: viewer.replaceAll(' ', '  ') }, 'id'],
  ])('by %s, by POST, GET and websocket, again and again', async (_what, body, field) => {
    const parameters = Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    for (let n = 0; n < 3; n += 1)
      for (const answer of [
        await send(enforcing, body),
        await get(enforcing, Object.fromEntries(parameters)),
        await bySocket(enforcing, body),
      ]) {
        expect(answer.codes).toEqual([]);
        expect(answer.data['viewer']?.[field]).toBeDefined();
      }
  });

  test('with variables', async () => {
    const { data } = await send(enforcing, { ...persisted(hashOf(sessions)), variables: { no: true } });
    expect(Object.keys(data['viewer'] ?? {})).toEqual(['sessions']);
  });

  test('for a subscription', async () => {
    const socket = await RawSocket.open(enforcing.url, token);
    socket.send({ id: 'named', type: 'subscribe', payload: { query: '', documentId: relayId } });
    socket.send({ id: 'sent', type: 'subscribe', payload: { query: events.replaceAll(' ', '\n') } });
    await eventually(() => enforcing.services.eventFeed.size === 2);
    await harness.admin();
    expect(JSON.stringify(await socket.frame('next', 'named'))).toContain('OPENED');
    await socket.frame('next', 'sent');
    socket.socket.terminate();
  });

  test('with what else a request has: its name, and the wish to know the cost', async () => {
    const body = { documentId: viewerId, operationName: 'Me', extensions: { cost: true } };
    const { text, codes } = await send(enforcing, body);
    expect([codes, text.includes('"remaining"')]).toEqual([[], true]);
    expect((await send(enforcing, { ...body, operationName: 'Other' })).codes).toEqual(['BAD_USER_INPUT']);
  });
});

const untrusted = [
  ['a text', { query: stranger }],
  ['a text that does not parse', { query: '{ viewer {' }],
  ['a text that does not validate', { query: '{ nothing }' }],
  ['introspection', { query: getIntrospectionQuery() }],
  ['a trusted text and more', { query: `${viewer} ${stranger}` }],
  ['a trusted text with another literal', { query: sessions.replace('false', 'true') }],
  ['another case', { query: viewer.replace('Me', 'me') }],
  ['a text with an unknown id', { query: stranger, documentId: 'unknown' }],
  ['a text with a hash of its own', { query: stranger, ...persisted(hashOf(stranger)) }],
  ['a text with an id of Relay', { query: stranger, id: viewerId, doc_id: viewerId }],
  ['a long text', { query: `{ ${'__typename '.repeat(5000)} }` }],
  ['a text that a printer has broken', { query: viewer.replace('username', 'user name') }],
] as const;

describe('while documents are enforced', () => {
  const reports: OperationReport[] = [];
  beforeAll(() => {
    enforcing.services.operationReports.on((report) => reports.push(report));
  });
  beforeEach(() => {
    reports.length = 0;
  });

  test.each(untrusted)('%s is refused on every path, before it is parsed', async (_what, body) => {
    const parameters = Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const answers = [
      await send(enforcing, body),
      await send(enforcing, body),
      await bySocket(enforcing, body),
      // Node's client takes URLs of up to 16 KiB.
      ...(body.query.length < 10_000 ? [await get(enforcing, Object.fromEntries(parameters))] : []),
    ];
    for (const { codes, data, status } of answers)
      expect([codes, data, status ?? 400]).toEqual([['DOCUMENT_NOT_TRUSTED'], null, 400]);
    expect(reports).toHaveLength(answers.length);
    for (const { kind, outcome, userId } of reports)
      expect([kind, outcome, userId === null]).toEqual(['unknown', 'DOCUMENT_NOT_TRUSTED', false]);
  });

  test('a subscription that is not trusted is refused', async () => {
    const answer = await bySocket(enforcing, { query: 'subscription { sessionEvents { type cursor } }' });
    expect(answer.codes).toEqual(['DOCUMENT_NOT_TRUSTED']);
  });

  test.each([
    ['POST', (body: object) => send(enforcing, body)],
    ['websocket', (body: object) => bySocket(enforcing, body)],
  ])('an unknown id is PERSISTED_QUERY_NOT_FOUND, and no text makes it known: %s', async (_what, ask) => {
    const hash = hashOf(stranger);
    for (const body of [
      { documentId: 'unknown' },
      { id: 'unknown' },
      persisted(hash),
      { documentId: `sha256:${hash}` },
    ])
      expect((await ask(body)).codes).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect((await ask({ query: stranger, ...persisted(hash) })).codes).toEqual(['DOCUMENT_NOT_TRUSTED']);
    expect((await ask(persisted(hash))).codes).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  test.each([
    ['a trusted id with another text', { documentId: viewerId, query: stranger }],
    ['a trusted id with the text of another document', { documentId: viewerId, query: sessions }],
    ['a trusted text with a hash that is not its own', { query: viewer, ...persisted(hashOf(sessions).slice(1)) }],
    ['a persistedQuery of another version', { extensions: { persistedQuery: { version: 2, sha256Hash: viewerId } } }],
    ['a persistedQuery without a hash', { query: viewer, extensions: { persistedQuery: { version: 1 } } }],
    ['a persistedQuery that is text', { query: viewer, extensions: { persistedQuery: viewerId } }],
    ['a batch', [{ query: stranger }, { documentId: viewerId }]],
    ['a list of texts', { query: [stranger] }],
    ['an id that is a list', { documentId: [viewerId] }],
    ['nothing', { variables: {} }],
  ])('%s is BAD_USER_INPUT', async (_what, body) => {
    for (let n = 0; n < 2; n += 1) {
      const { codes, status, data } = await send(enforcing, body);
      expect([codes, status, data]).toEqual([['BAD_USER_INPUT'], 400, null]);
    }
  });

  test.each([
    ['two texts', `query=${encodeURIComponent(viewer)}&query=${encodeURIComponent(stranger)}`],
    ['two ids and a text', `documentId=${viewerId}&documentId=x&query=${encodeURIComponent(stranger)}`],
    ['two ids of Relay and a text', `id=${viewerId}&id=x&doc_id=${viewerId}&query=${encodeURIComponent(stranger)}`],
    ['extensions that are no JSON', `extensions={&query=${encodeURIComponent(stranger)}`],
    ['two extensions', `extensions={}&extensions={}&query=${encodeURIComponent(stranger)}`],
    ['extensions that are null', `extensions=null&query=${encodeURIComponent(stranger)}`],
    ['a text behind a fragment', `query=${encodeURIComponent(viewer)}#&query=${encodeURIComponent(stranger)}`],
    ['a text behind a semicolon', `a=1;query=${encodeURIComponent(stranger)}`],
    ['an encoded name', `%71uery=${encodeURIComponent(stranger)}`],
    ['a name in capitals', `QUERY=${encodeURIComponent(stranger)}`],
    ['a text that is not well encoded', `query=${encodeURIComponent(stranger)}%zz`],
  ])('a GET with %s runs no other document', async (_what, search) => {
    // Without fetch, which would correct some of these.
    const text = await new Promise<string>((resolve, reject) => {
      const path = `/graphql?${search}`;
      const sent = request(enforcing.url, { path, headers: { 'apollo-require-preflight': 'true' } }, (reply) => {
        let body = '';
        reply.on('data', (chunk) => {
          body += String(chunk);
        });
        reply.on('end', () => resolve(body));
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(text).toMatch(/^\{/);
    expect(text).not.toContain('__typename');
  });

  test.each([
    ['plain text', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['GraphQL', 'application/graphql'],
    ['JSON by another name', 'application/graphql+json'],
  ])('a body of %s runs no other document', async (_what, type) => {
    const { status, data } = await send(enforcing, { query: stranger }, { 'content-type': type });
    expect([status >= 400, data]).toEqual([true, null]);
  });

  test('the URL of a POST names no document', async () => {
    const path = `${enforcing.url}/graphql?query=${encodeURIComponent(stranger)}`;
    const reply = await fetch(path, { method: 'POST', headers: json, body: '{"variables":{}}' });
    expect(reply.status).toBe(400);
  });

  test('what the pages and gatehouse/client send is answered, word for word', async () => {
    const texts = Object.entries({ ...clientOperations, ...webOperations })
      .filter(([name]) => name.endsWith('Document'))
      .map(([, document]) => String(document));
    expect(texts.length).toBeGreaterThan(30);
    const leaver = await harness.admin();
    for (const query of texts) {
      const { codes } = await overHttp(enforcing.url, { query, token: leaver.token });
      expect([query, codes.includes('DOCUMENT_NOT_TRUSTED')]).toEqual([query, false]);
      expect(codes.includes('GRAPHQL_VALIDATION_FAILED')).toBe(false);
    }
  });

  test('there is no playground, which would send other documents', async () => {
    expect((await fetch(`${enforcing.url}/playground`)).status).toBe(404);
    expect((await fetch(`${logging.url}/playground`)).status).toBe(200);
  });

  test('a mutation that a manifest names does not run by GET', async () => {
    const logout = 'mutation Out { logout { errors { code } } }';
    const app = await harness.another({ TRUSTED_DOCUMENTS: await manifestFile({ out: logout }) });
    expect(await get(app, { documentId: 'out' })).toMatchObject({ status: 405, codes: ['BAD_USER_INPUT'] });
    expect((await send(app, { documentId: 'out' }, { authorization: '' })).codes).toEqual(['UNAUTHENTICATED']);
    await app.close();
  });
});

describe('while documents are only logged', () => {
  const linesAbout = (query: string) =>
    harness.logged.filter((line) => line.includes(`"name":"${query}"`) && line.includes('trusted'));

  test('each unknown one is answered, counted, and logged once, without its text', async () => {
    const secret = 'hunter2hunter2';
    const query = `query Leaky { passwordStrength(password: "${secret}") { score } }`;
    const before = logging.services.tallies.untrusted;
    for (const ask of [send, send, bySocket]) {
      const { codes, data } = await ask(logging, { query });
      expect([codes, typeof data['passwordStrength']?.['score']]).toEqual([[], 'number']);
    }
    await send(logging, { query: query.replaceAll(' ', '\n') });
    expect(logging.services.tallies.untrusted - before).toBe(4);
    const [line = '', ...more] = linesAbout('Leaky');
    expect(more).toEqual([]);
    expect(JSON.parse(line)).toMatchObject({
      level: 40,
      name: 'Leaky',
      address: '127.0.0.1',
      hash: expect.stringMatching(/^[\da-f]{64}$/),
    });
    expect(harness.logged.join('')).not.toContain(secret);
  });

  test('one of a manifest is neither counted nor logged', async () => {
    const before = logging.services.tallies.untrusted;
    for (const body of [{ query: viewer }, { documentId: viewerId }, persisted(hashOf(sessions))])
      expect((await send(logging, body)).codes).toEqual([]);
    expect(logging.services.tallies.untrusted).toBe(before);
    const line = 'A document is not trusted';
    expect(harness.logged.filter((one) => one.includes(line) && one.includes('"name":"M'))).toEqual([]);
  });

  test('one that is known by its hash alone is counted as well', async () => {
    const query = 'query Hashed { __typename }';
    expect((await send(logging, { query, ...persisted(hashOf(query)) })).codes).toEqual([]);
    const before = logging.services.tallies.untrusted;
    expect((await send(logging, persisted(hashOf(query)))).data).toEqual({ __typename: 'Query' });
    expect(logging.services.tallies.untrusted - before).toBe(1);
    expect(linesAbout('Hashed')).toHaveLength(1);
  });
});

test('without a manifest everything is answered', async () => {
  expect((await send(harness.app, { query: stranger })).data).toEqual({ __typename: 'Query' });
  expect((await send(harness.app, { documentId: viewerId })).codes).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
});
