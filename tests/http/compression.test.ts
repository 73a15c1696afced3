import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { AnswerCompression } from '../../src/http/answer-compression.js';
import { Held } from '../../src/operations/held.js';
import type { Client } from '../support/client.js';
import { bearer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  const body = 'A sentence that is repeated. '.repeat(600);
  for (let n = 0; n < 80; n += 1)
    await admin.mutate('createPost', { title: `Post ${n}`, body, published: true }, 'post { id }');
});
afterAll(() => harness.close());

interface Answer {
  readonly encoding: string | undefined;
  readonly vary: string;
  readonly size: number;
  readonly text: string;
  readonly status: number | undefined;
}

/** Without fetch, which has an Accept-Encoding of its own and says nothing of sizes. */
function send(headers: Record<string, string>, body?: object, path = '/graphql', method = 'POST'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { 'content-type': 'application/json', 'apollo-require-preflight': 'true', ...headers };
    const sent = request(`${harness.app.url}${path}`, { method, headers: all }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const { vary = '', 'content-encoding': encoding, 'content-length': length } = reply.headers;
        expect(length).toBe(String(bytes.length));
        const text = encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes;
        resolve({ encoding, vary, size: bytes.length, text: text.toString(), status: reply.statusCode });
      });
    });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}
const signedIn = () => ({ ...bearer(admin.token) });
/** About 100 kB, and about 1.4 MB. */
const list = 'query List { posts(first: 6) { nodes { id body } } }';
const hugeList = 'query Huge { posts(first: 80) { nodes { id body } } }';
const ask = (accept: string, more: Record<string, string> = signedIn(), query = list) =>
  send({ ...(accept && { 'accept-encoding': accept }), ...more }, { query });

test.each([
  ['br', 'br'],
  ['gzip', 'gzip'],
  ['gzip, deflate, br', 'br'],
  ['GZIP', 'gzip'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', 'br'],
  ['br;q=0, *', 'gzip'],
  ['*', 'br'],
  ['*;q=0.5, br;q=0', 'gzip'],
  ['gzip;q=0.001', 'gzip'],
  ['', undefined],
  ['identity', undefined],
  ['deflate, zstd', undefined],
  ['x-gzip, brotli', undefined],
  ['gzip;q=0, br;q=0', undefined],
  ['*;q=0', undefined],
  ['identity;q=1, gzip;q=0.5, br;q=0.5', undefined],
  ['br;q=nonsense, gzip;;q=', 'br'],
  [`${'a, '.repeat(3000)}gzip`, 'gzip'],
])('of %.40j an answer is sent as %s, with Apollo and on the short way', async (accept, encoding) => {
  const plain = await ask('');
  for (const query of [`${list} # ${accept.slice(0, 40)}`, list]) {
    const answer = await ask(accept, signedIn(), query);
    expect([answer.encoding, answer.status, answer.text === plain.text]).toEqual([encoding, 200, true]);
    expect(answer.vary).toMatch(/\bAccept-Encoding\b/);
    if (encoding) expect(answer.size).toBeLessThan(plain.size / 10);
  }
});

test('a GET is compressed, too', async () => {
  const path = `/graphql?${new URLSearchParams({ query: list })}`;
  expect((await send({ 'accept-encoding': 'br', ...signedIn() }, undefined, path, 'GET')).encoding).toBe('br');
});

test('an answer to a cookie is not compressed; one to a header is, whatever cookie is beside it', async () => {
  for (const cookie of ['gatehouse_refresh=x', 'a=b']) {
    expect(await ask('br', { cookie })).toMatchObject({ encoding: undefined, status: 200 });
    expect(await ask('br', { cookie, ...signedIn() })).toMatchObject({ encoding: 'br' });
    expect(await ask('br', { cookie, 'x-api-key': 'nonsense' })).toMatchObject({ encoding: 'br' });
  }
  expect(await ask('br', {})).toMatchObject({ encoding: 'br' });
});

test.each([
  ['a mutation', 'mutation M($input: CreatePostInput!) { createPost(input: $input) { post { id body } } }'],
  [
    'a mutation beside a query',
    `query Q { viewer { id } } mutation M($input: CreatePostInput!) { createPost(input: $input) { post { body } } }`,
  ],
])('the answer of %s is not compressed, however long', async (_what, query) => {
  const variables = { input: { title: 'Long', body: 'long '.repeat(3900) } };
  for (let n = 0; n < 3; n += 1) {
    const answer = await send(
      { 'accept-encoding': 'br, gzip', ...signedIn() },
      { query, variables, operationName: 'M' },
    );
    expect(answer.text).toContain('long long');
    expect([answer.encoding, answer.size > 10_000]).toEqual([undefined, true]);
  }
});

test('what is small, huge, refused, or no answer of the API is not compressed', async () => {
  const accept = { 'accept-encoding': 'br, gzip', ...signedIn() };
  expect(await ask('br', signedIn(), '{ viewer { id } }')).toMatchObject({ encoding: undefined });
  const huge = await ask('br', signedIn(), hugeList);
  expect([huge.encoding, huge.size > 1024 ** 2]).toEqual([undefined, true]);
  expect(await ask('br', signedIn(), `{ ${'nothing '.repeat(900)} }`)).toMatchObject({
    encoding: undefined,
    status: 400,
  });
  for (const path of ['/', '/login', '/.well-known/jwks.json', '/health/ready', '/nothing', '/dev/mailbox'])
    expect([path, (await send(accept, undefined, path, 'GET')).encoding]).toEqual([path, undefined]);
});

test('files of the pages are sent as they were compressed by the build', async () => {
  const { text } = await send({}, undefined, '/', 'GET');
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(text) ?? [];
  const plain = await send({}, undefined, script, 'GET');
  for (const encoding of ['br', 'gzip']) {
    const answer = await send({ 'accept-encoding': encoding }, undefined, script, 'GET');
    expect([answer.encoding, answer.text === plain.text, answer.size < plain.size / 2]).toEqual([encoding, true, true]);
    expect(answer.vary.toLowerCase()).toContain('accept-encoding');
  }
});

test('messages on a websocket are not compressed', async () => {
  const socket = new WebSocket(`${harness.app.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: true,
  });
  await eventually(() => socket.readyState === WebSocket.OPEN);
  expect(socket.extensions).toBe('');
  socket.terminate();
});

test('of many at a time all are right, and some are sent as they are', async () => {
  const plain = await ask('');
  const answers = await Promise.all(Array.from({ length: 40 }, () => ask('br')));
  for (const { text } of answers) expect(text === plain.text).toBe(true);
  expect(answers.some(({ encoding }) => encoding === 'br')).toBe(true);
});

test('two are compressed at a time, and count as held for as long', async () => {
  const held = new Held(1024 ** 2);
  const compression = new AnswerCompression(held);
  const text = 'x'.repeat(500_000);
  const headers: Record<string, unknown>[] = [];
  const compress = (isQuery = true) => {
    const set: Record<string, unknown> = {};
    headers.push(set);
    const reply = {
      getHeader: (name: string) => set[name],
      header: (name: string, value: unknown) => Object.assign(set, { [name]: value }),
    };
    return compression.compress({ headers: { 'accept-encoding': 'br' } } as never, reply as never, text, isQuery);
  };
  const answers = [compress(), compress(), compress(), compress(false)];
  expect(held.bytes).toBe(2 * text.length);
  const [one, two, three, four] = await Promise.all(answers);
  expect([Buffer.isBuffer(one), Buffer.isBuffer(two), three === text, four === text]).toEqual([true, true, true, true]);
  expect(headers.map((set) => set['content-encoding'])).toEqual(['br', 'br', undefined, undefined]);
  expect(held.bytes).toBe(0);
  expect(Buffer.isBuffer(await compress())).toBe(true);
});
