import { beforeAll, expect, test } from '@jest/globals';
import { PersistedQueries } from '../../src/api/persisted-queries.js';
import type { Client } from '../support/client.js';
import { bearer } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { hashOf } from '../support/manifests.js';
import { type Outcome, outcomeOf, overSocket, post } from '../support/transports.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});

let made = 0;
/** A text that no test has sent. */
const fresh = (fields = 'viewer { id }') => {
  made += 1;
  return `query Fresh${made} { ${fields} }`;
};
const by = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });
const send = (body: unknown, token = admin.token) =>
  post(harness.app.url, JSON.stringify(body), { 'content-type': 'application/json', ...bearer(token) });
async function get(body: object): Promise<Outcome> {
  const parameters = Object.entries(body).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const reply = await fetch(`${harness.app.url}/graphql?${new URLSearchParams(Object.fromEntries(parameters))}`, {
    headers: { 'apollo-require-preflight': 'true', ...bearer(admin.token) },
  });
  return outcomeOf((await reply.json()) as never);
}
const socket = (body: object) => overSocket(harness.app.url, { query: '', token: admin.token, ...body });
const ways = [
  ['POST', send],
  ['GET', get],
] as const;
const notFound = ['PERSISTED_QUERY_NOT_FOUND'];

test.each(ways)('a hash is unknown until its text was sent, by %s; then every way knows it', async (_way, ask) => {
  const query = fresh();
  const hash = hashOf(query);
  for (const other of [send, get, socket]) expect((await other(by(hash))).codes).toEqual(notFound);
  expect((await ask({ query, ...by(hash) })).data['viewer']?.['id']).toBe(admin.userId);
  for (let n = 0; n < 3; n += 1)
    for (const other of [send, get, socket]) {
      expect((await other(by(hash))).data?.['viewer']?.['id']).toBe(admin.userId);
      expect((await other({ documentId: `sha256:${hash}` })).data?.['viewer']?.['id']).toBe(admin.userId);
    }
});

test('what is not known is answered as Apollo does: status 200, and a message that clients look for', async () => {
  const answer = await send(by(hashOf('nothing')));
  expect([answer.status, answer.codes, answer.data]).toEqual([200, notFound, null]);
  expect(answer.errors[0]?.message).toBe('PersistedQueryNotFound');
});

test('a text that has run before is known by its hash from then on, too', async () => {
  const query = fresh();
  for (let n = 0; n < 3; n += 1) await send({ query });
  expect((await send(by(hashOf(query)))).codes).toEqual(notFound);
  await send({ query, ...by(hashOf(query)) });
  expect((await send(by(hashOf(query)))).codes).toEqual([]);
});

test('a hash that is not that of the text is refused, and known to nobody', async () => {
  const [query, other] = [fresh(), fresh('posts { totalCount }')];
  await send({ query, ...by(hashOf(query)) });
  for (const hash of [hashOf(other), hashOf(query).toUpperCase(), hashOf(query, 'sha1'), 'x', hashOf(`${query} `)]) {
    const answer = await send({ query, ...by(hash) });
    expect([answer.status, answer.codes]).toEqual([400, ['BAD_USER_INPUT']]);
    expect((await send(by(hash))).codes).toEqual(notFound);
  }
  expect((await send({ query: other, ...by(hashOf(query)) })).codes).toEqual(['BAD_USER_INPUT']);
  expect((await send(by(hashOf(query)))).data['viewer']).toEqual({ id: admin.userId });
});

test.each([
  ['does not parse', '{ viewer {'],
  ['does not validate', '{ nothing }'],
  ['is too complex', `{ viewer ${'{ roles { users { nodes '.repeat(5)} { id } ${'} } }'.repeat(5)} }`],
  ['is a subscription', 'subscription { sessionEvents { type } }'],
  ['has two operations', 'query A { viewer { id } } query B { viewer { id } }'],
  ['is very long', `{ viewer { id } } # ${'x'.repeat(20_000)}`],
])('a text that %s is not kept', async (_what, query) => {
  await send({ query, ...by(hashOf(query)) });
  await send({ query, operationName: 'A', ...by(hashOf(query)) });
  const answer = await send(by(hashOf(query)));
  expect(answer.codes).toEqual(notFound);
});

test('a subscription is kept when it was accepted on a websocket', async () => {
  const query = 'subscription Kept { sessionEvents { type cursor } }';
  const refused = 'subscription Refused { nothing }';
  expect((await socket(by(hashOf(query)))).codes).toEqual(notFound);
  const opened = [query, refused].map((text) => socket({ query: text, ...by(hashOf(text)) }));
  await opened[1];
  await harness.admin();
  expect((await opened[0])?.data['sessionEvents']?.['type']).toBe('OPENED');
  const again = socket(by(hashOf(query)));
  const known = again.then(({ data }) => data['sessionEvents']?.['type']);
  const timer = setInterval(() => void harness.admin(), 200);
  expect(await known).toBe('OPENED');
  clearInterval(timer);
  expect((await socket(by(hashOf(refused)))).codes).toEqual(notFound);
});

test('whose budget is spent keeps nothing', async () => {
  const app = await harness.another({ RATE_LIMIT_COST: '1000/1m' });
  const ask = (body: object) => post(app.url, JSON.stringify(body), { 'content-type': 'application/json' });
  for (let n = 0; n < 2; n += 1) await ask({ query: '{' });
  const query = fresh();
  expect((await ask({ query, ...by(hashOf(query)) })).codes).toEqual(['RATE_LIMITED']);
  expect((await ask(by(hashOf(query)))).codes).toEqual(['RATE_LIMITED']);
  const other = await post(app.url, JSON.stringify(by(hashOf(query))), {
    'content-type': 'application/json',
    ...bearer(admin.token),
  });
  expect(other.codes).toEqual(notFound);
  await app.close();
});

test('the last used are kept, up to 4 MiB', () => {
  const known = new PersistedQueries();
  const text = (n: number) => `${n}${' '.repeat(9000)}`;
  for (let n = 0; n < 10_000; n += 1) {
    known.keep(`hash ${n}`, text(n));
    known.find('hash 0');
  }
  const kept = Array.from({ length: 10_000 }, (_, n) => known.find(`hash ${n}`)).filter((found) => found !== undefined);
  expect(kept.length).toBeGreaterThan(200);
  expect(kept.length).toBeLessThan(240);
  expect(known.find('hash 0')).toBe(text(0));
});
