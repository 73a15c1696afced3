import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { OperationReport } from '../../src/operations/operation-reports.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';
import { overSocket } from '../support/transports.js';
import { writesOf } from '../support/write-statements.js';

let harness: Harness;
let person: Client;
const reports: OperationReport[] = [];
beforeAll(async () => {
  harness = await Harness.start();
  person = await harness.person('reported');
  harness.app.services.operationReports.on((report) => reports.push(report));
});
beforeEach(() => {
  reports.length = 0;
});
afterAll(() => harness.close());

const signedIn = () => ({ userId: person.userId, sessionId: person.sessionId, apiTokenId: null });
/** BEGIN, the time, and COMMIT. */
const frame = 3;
const one = async () => {
  const report = await eventually(() => reports[0]);
  expect(reports).toHaveLength(1);
  return report;
};
/** By HTTP, as it was written. */
const post = (body: unknown, token = person.token) =>
  fetch(`${harness.app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });

test('an operation is reported alike by Apollo, by the short way past it, and by websocket', async () => {
  const query = 'query Me { viewer { id lastLoginAt } }';
  for (let n = 0; n < 2; n += 1) {
    await person.ask(query);
    const report = await one();
    expect(report).toMatchObject({ kind: 'query', name: 'Me', transport: 'http', outcome: 'OK', ...signedIn() });
    expect(report.address).toBe('127.0.0.1');
    expect(report.requestId).toMatch(/^[\da-f-]{36}$/);
    expect(report.statements).toBeGreaterThan(0);
    expect(report.milliseconds).toBeGreaterThan(0);
    reports.length = 0;
  }
  const socket = await RawSocket.open(harness.app.url, person.token);
  socket.send({ id: 'q', type: 'subscribe', payload: { query } });
  await socket.frame('complete', 'q');
  const report = await one();
  expect(report).toMatchObject({ kind: 'query', name: 'Me', transport: 'websocket', outcome: 'OK', ...signedIn() });
  expect(report.statements).toBeGreaterThan(0);
  socket.socket.terminate();
});

const createToken =
  'mutation T { createApiToken(input: { name: "t", scopes: ["profile:read"] }) { apiToken { id } errors { code } } }';

test('the statements of a transaction count, without those that every transaction has', async () => {
  for (const ask of [
    () => person.ask(createToken),
    () => overSocket(harness.app.url, { query: createToken, token: person.token }),
  ]) {
    const sent = await writesOf(ask, /api_tokens/);
    expect(sent).toBeGreaterThan(frame);
    const { statements, inTransactions } = await one();
    expect([inTransactions, statements >= inTransactions]).toEqual([sent - frame, true]);
    reports.length = 0;
  }
});

test('so do those of a transaction that is rolled back, and of several in one operation', async () => {
  const register = 'register(input: { username: "reported", email: "r@example.com", password: "a long passphrase x" })';
  const query = `mutation R { a: ${register} { errors { code } } b: ${register} { errors { code } } }`;
  await post({ query: `mutation R { a: ${register} { errors { code } } }` }, '');
  const { inTransactions } = await one();
  expect(inTransactions).toBeGreaterThan(0);
  reports.length = 0;
  await post({ query }, '');
  expect((await one()).inTransactions).toBe(2 * inTransactions);
});

test('the name is the one that runs, and any text is only a text', async () => {
  const query = 'query One { __typename } query Other { viewer { id } }';
  await post({ query, operationName: 'Other' });
  expect(await one()).toMatchObject({ kind: 'query', name: 'Other', outcome: 'OK' });
  reports.length = 0;
  const operationName = '\u0000"}\n<b>';
  await post({ query, operationName });
  expect(await one()).toMatchObject({ kind: 'unknown', name: operationName, outcome: 'BAD_USER_INPUT' });
});

test.each([
  ['does not parse', '{ viewer {', {}, 'unknown', 'GRAPHQL_PARSE_FAILED'],
  ['does not validate', '{ viewers { id } }', {}, 'unknown', 'GRAPHQL_VALIDATION_FAILED'],
  ['needs a right', 'query Q { users(first: 1) { nodes { id } } }', {}, 'query', 'FORBIDDEN'],
  [
    'has a variable of another type',
    'query Q($n: Int!) { posts(first: $n) { nodes { id } } }',
    { n: 'x' },
    'query',
    'BAD_USER_INPUT',
  ],
])(
  'an operation that %s is reported with its code, by both transports',
  async (_what, query, variables, kind, outcome) => {
    for (let n = 0; n < 2; n += 1) {
      await post({ query, variables });
      expect(await one()).toMatchObject({ kind, transport: 'http', outcome, ...signedIn() });
      reports.length = 0;
    }
    const socket = await RawSocket.open(harness.app.url, person.token);
    socket.send({ id: 'q', type: 'subscribe', payload: { query, variables } });
    expect(await one()).toMatchObject({ transport: 'websocket', outcome, ...signedIn() });
    socket.socket.terminate();
  },
);

test('what a payload refuses is the outcome of a mutation, if the client asked for it', async () => {
  const query = 'mutation SignIn($input: LoginInput!) { login(input: $input) { errors { code } } }';
  const input = { identifier: 'reported', password: 'wrong' };
  await post({ query, variables: { input } }, '');
  const nobody = { userId: null, sessionId: null };
  expect(await one()).toMatchObject({ kind: 'mutation', name: 'SignIn', outcome: 'INVALID_CREDENTIALS', ...nobody });
});

test('an alias puts no text of its own into the outcome', async () => {
  for (const query of [
    'mutation A { login(input: { identifier: "reported", password: "wrong" }) { errors { code: message } } }',
    'query B { viewer { errors: roles { code: name } } }',
    'mutation C { login(input: { identifier: "reported", password: "wrong" }) { errors { message } } }',
  ]) {
    await post({ query });
    expect(await one()).toMatchObject({ outcome: 'REFUSED' });
    reports.length = 0;
  }
});

test('who used an API token is told by the token', async () => {
  const { token, apiToken } = await person.mutate(
    'createApiToken',
    { name: 't', scopes: ['profile:read'] },
    'token apiToken { id }',
  );
  reports.length = 0;
  await post({ query: '{ viewer { id } }' }, String(token));
  expect(await one()).toMatchObject({ userId: person.userId, sessionId: null, apiTokenId: apiToken?.['id'] });
});

test('a subscription is reported once, when it ends, with the number of its events', async () => {
  const socket = await RawSocket.open(harness.app.url, person.token);
  socket.subscribe('s', 'subscription Mine { sessionEvents { type } }');
  await eventually(() => harness.app.services.eventFeed.size === 1);
  await eventually(async () => {
    await harness.client().login('reported', 'a long enough passphrase');
    return socket.frames.filter(({ type }) => type === 'next').length >= 2;
  });
  expect(reports.filter(({ kind }) => kind === 'subscription')).toEqual([]);
  socket.send({ id: 's', type: 'complete' });
  const report = await eventually(() => reports.find(({ kind }) => kind === 'subscription'));
  const events = socket.frames.filter(({ type }) => type === 'next').length;
  expect(report).toMatchObject({ name: 'Mine', transport: 'websocket', outcome: 'OK', events, ...signedIn() });
  expect(reports.filter(({ kind }) => kind === 'subscription')).toHaveLength(1);
  socket.socket.terminate();
});

test('a subscription that is refused is reported with its code', async () => {
  const socket = await RawSocket.open(harness.app.url, person.token);
  socket.subscribe('s', 'subscription All { securityEvents { type } }');
  await socket.frame('complete', 's');
  expect(await one()).toMatchObject({
    kind: 'subscription',
    name: 'All',
    outcome: 'FORBIDDEN',
    events: 0,
    ...signedIn(),
  });
  socket.socket.terminate();
});
