import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Harness } from '../support/harness.js';
import { outcomeOf, post } from '../support/transports.js';

const marker = 'zXq7marker';
const json = { 'content-type': 'application/json' };
let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => {
  const logged = harness.logged.join('\n');
  expect(logged).not.toContain(marker);
  expect(logged).not.toMatch(/"level":50|insert into|update "/);
  return harness.close();
});

const login = `mutation { login(input: { identifier: "${marker}", password: "${marker}" }) { errors { code } } }`;
const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

/** POST bodies that are no operation. */
// biome-ignore format: a table is read by its columns
const bodies: [string, string | Uint8Array<ArrayBuffer> | null, Record<string, string>?][] = [
  ['nothing', null],
  ['an empty text', ''],
  ['no JSON', `{"query": "${marker}`],
  ['JSON with more behind it', `{"query":"{viewer{id}}"} ${marker}`],
  ['null', 'null'],
  ['a number', '1'],
  ['a string', `"${marker}"`],
  ['an empty object', '{}'],
  ['an array', '[]'],
  ['a batch', JSON.stringify([{ query: '{ viewer { id } }' }, { query: '{ viewer { id } }' }])],
  ['a batch of mutations', JSON.stringify([{ query: login }])],
  ['no query', JSON.stringify({ variables: { password: marker } })],
  ['an empty query', '{"query":""}'],
  ['a blank query', '{"query":" "}'],
  ['a query that is a number', '{"query":1}'],
  ['a query that is an object', '{"query":{"a":1}}'],
  ['a query that is null', '{"query":null}'],
  ['variables that are text', JSON.stringify({ query: '{ viewer { id } }', variables: '{"a":1}' })],
  ['variables that are an array', JSON.stringify({ query: '{ viewer { id } }', variables: [1] })],
  ['variables that are a number', JSON.stringify({ query: '{ viewer { id } }', variables: 1 })],
  ['extensions that are text', JSON.stringify({ query: '{ viewer { id } }', extensions: '{"a":1}' })],
  ['a persisted query of another version', JSON.stringify({ extensions: { persistedQuery: { version: 2, sha256Hash: 'a'.repeat(64) } } })],
  ['a persisted query without a hash', JSON.stringify({ extensions: { persistedQuery: { version: 1 } } })],
  ['an operation name that is a number', JSON.stringify({ query: 'query A { viewer { id } }', operationName: 1 })],
  ['an unknown operation name', JSON.stringify({ query: 'query A { viewer { id } }', operationName: 'B' })],
  ['no name among two operations', JSON.stringify({ query: 'query A { viewer { id } } query B { viewer { id } }' })],
  ['a document without operations', JSON.stringify({ query: 'fragment a on User { id }' })],
  ['a schema definition', JSON.stringify({ query: 'type Query { a: Int }' })],
  ['a subscription', JSON.stringify({ query: 'subscription { sessionEvents { cursor } }' })],
  ['a prototype', '{"query":"{ viewer { id } }","variables":{"__proto__":{"isAdmin":true}}}'],
  ['a constructor', '{"query":"{ viewer { id } }","variables":{"constructor":{"prototype":{"isAdmin":true}}}}'],
  ['deep JSON', `{"query":"{ viewer { id } }","variables":{"x":${deep('[', ']', 50_000)}}}`],
  ['deep objects', `{"query":"{ viewer { id } }","variables":{"x":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}}`],
  ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
  ['plain text', login, { 'content-type': 'text/plain' }],
  ['plain text that is JSON', JSON.stringify({ query: login }), { 'content-type': 'text/plain' }],
  ['a form', `query=${marker}`, { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a multipart form', `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${marker}\r\n--x--`, { 'content-type': 'multipart/form-data; boundary=x' }],
  ['application/graphql', login, { 'content-type': 'application/graphql' }],
  ['a content type that is none', '{}', { 'content-type': marker }],
  ['compressed JSON', marker, { ...json, 'content-encoding': 'gzip' }],
];

const codes = ['BAD_USER_INPUT', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED'];

test.each(bodies)('POST of %s is a coded 4xx', async (_what, body, headers = json) => {
  const answer = await post(harness.app.url, body, headers);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers.get('content-type')).toMatch(/json/);
  expect(answer.codes.length).toBeGreaterThan(0);
  expect(answer.codes.filter((code) => !codes.includes(code))).toEqual([]);
  expect(answer.data).toBeNull();
});

/** Sends a request without fetch, which would refuse or correct some of these. */
function raw(method: string, path: string, headers: Record<string, string> = {}, body?: Buffer) {
  return new Promise<ReturnType<typeof outcomeOf> & { status: number }>((resolve, reject) => {
    const sent = request(new URL(harness.app.url), { method, path, headers, agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ ...outcomeOf(text ? JSON.parse(text) : null), status: reply.statusCode ?? 0 });
      });
    });
    // The server may close the connection before it has read the whole request.
    sent.on('error', (error) => setImmediate(() => reject(error)));
    sent.end(body);
  });
}

describe('GET', () => {
  const get = (parameters: Record<string, string>, headers: Record<string, string> = json) =>
    raw('GET', `/graphql?${new URLSearchParams(parameters)}`, headers);

  test('runs queries, with variables', async () => {
    const variables = JSON.stringify({ no: true });
    const answer = await get({ query: 'query ($no: Boolean!) { viewer @skip(if: $no) { id } __typename }', variables });
    expect([answer.status, answer.codes, answer.data]).toEqual([200, [], { __typename: 'Query' }]);
  });
  test('a mutation is 405, and the answer names the method that takes it', async () => {
    const reply = await fetch(`${harness.app.url}/graphql?${new URLSearchParams({ query: login })}`, { headers: json });
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST']);
  });
  test.each([
    ['a mutation', { query: login }],
    ['a subscription', { query: 'subscription { sessionEvents { cursor } }' }],
    ['variables that are no JSON', { query: '{ viewer { id } }', variables: '{' }],
    ['variables that are no object', { query: '{ viewer { id } }', variables: '1' }],
    ['nothing', {}],
  ])('refuses %s', async (_what, parameters) => {
    const { status, codes: given } = await get(parameters as Record<string, string>);
    expect([status >= 400 && status < 500, given]).toEqual([true, ['BAD_USER_INPUT']]);
  });
  test('refuses what any page of the web could send', async () => {
    expect((await get({ query: '{ viewer { id } }' }, {})).codes).toEqual(['BAD_USER_INPUT']);
  });
  test('never signs anybody in', async () => {
    const text = 'select count(*)::int as n from every_event where type like $1';
    expect(await harness.app.services.database.sql.row(text, ['LOGIN%'])).toEqual({ n: 0 });
  });
});

test.each([1_000_000, 10_000_000])('a body of %i bytes is 413, announced or not', async (size) => {
  const body = Buffer.from(
    JSON.stringify({ query: `{ viewer { id } } # ${marker}`, variables: { x: 'a'.repeat(size) } }),
  );
  const announced = await raw('POST', '/graphql', { ...json, 'content-length': String(body.length) }, body);
  expect([announced.status, announced.codes]).toEqual([413, ['BAD_USER_INPUT']]);
  const chunked = await raw('POST', '/graphql', { ...json, 'transfer-encoding': 'chunked' }, body);
  expect([chunked.status, chunked.codes]).toEqual([413, ['BAD_USER_INPUT']]);
});

test.each([
  ['PUT', '/graphql'],
  ['DELETE', '/graphql'],
  ['PATCH', '/graphql'],
  ['TRACE', '/graphql'],
  ['POST', '/graphql/'],
  ['POST', '/'],
  ['GET', '/%zz'],
  ['GET', '/graphql?query=%'],
  ['GET', `/${'a'.repeat(10_000)}`],
  ['POST', '/health/live'],
])('%s %s is a coded 4xx', async (method, path) => {
  const { status, codes: given } = await raw(method, path);
  expect([status >= 400 && status < 500, given]).toEqual([true, [status === 404 ? 'NOT_FOUND' : 'BAD_USER_INPUT']]);
});

test('headers beyond reason are refused, and the service lives', async () => {
  const answer = await raw('POST', '/graphql', { ...json, authorization: `Bearer ${'a'.repeat(60_000)}` }).catch(
    () => ({ status: 431 }),
  );
  expect(answer.status).toBe(431);
  expect((await raw('GET', '/health/live')).status).toBe(200);
});

test.each([
  'Bearer',
  'Bearer ',
  'Bearer \u00ff',
  'Basic cm9vdDpyb290',
  `Bearer ${'a.'.repeat(3000)}`,
  'Bearer a b',
  ',',
  'Bearer null',
])('the credential %j is refused, not failed upon', async (authorization) => {
  const answer = await post(harness.app.url, JSON.stringify({ query: '{ viewer { id } }' }), {
    ...json,
    authorization,
  });
  expect([answer.status, answer.codes]).toEqual([200, ['UNAUTHENTICATED']]);
});
