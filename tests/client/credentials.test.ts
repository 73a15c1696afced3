import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { GatehouseError } from '../../client/errors.js';
import { hours, minutes, seconds } from '../../src/clock.js';
import { closeApps, operation, programOf, signInTo, whoAmI } from '../support/apps.js';
import { Harness, password } from '../support/harness.js';
import { codeOf, equip, nextCode } from '../support/second-factor.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  await harness.person('ada');
});
afterAll(() => harness.close());
afterEach(async () => {
  jest.restoreAllMocks();
  await closeApps();
});

const signedIn = async () => {
  const program = programOf(harness);
  expect(await signInTo(program.gatehouse, 'ada')).toEqual({ status: 'signedIn' });
  program.sent.length = 0;
  return program;
};
const codeOfError = (work: Promise<unknown>) => work.then(String, (error: GatehouseError) => error.code);
const unanswered = () => Promise.reject(new TypeError('fetch failed'));
const busy = (retryAfter: number) => async () =>
  Response.json(
    { errors: [{ message: 'Try again later.', extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter } }] },
    { status: 503, headers: { 'retry-after': String(retryAfter) } },
  );

test('nobody is signed in at first, with one look; then somebody is, until they sign out', async () => {
  const { gatehouse, sent } = programOf(harness);
  const states: string[] = [];
  gatehouse.onChange(() => states.push(gatehouse.state.status));
  expect(gatehouse.state).toEqual({ status: 'unknown' });
  expect(await gatehouse.start()).toEqual({ status: 'signedOut' });
  expect(await gatehouse.request(whoAmI, {})).toEqual({ viewer: null });
  await signInTo(gatehouse, 'ada');
  expect(gatehouse.state).toMatchObject({ status: 'signedIn', username: 'ada' });
  expect(await gatehouse.request(whoAmI, {})).toEqual({ viewer: { username: 'ada' } });
  await gatehouse.signOut();
  expect(await gatehouse.request(whoAmI, {})).toEqual({ viewer: null });
  expect(states).toEqual(['signedOut', 'signedIn', 'signedOut']);
  expect(sent).toEqual(['WhoAmI', 'SignIn', 'WhoAmI', 'SignOut', 'WhoAmI']);
});

test('a refusal names the field or the code; nothing changes', async () => {
  const { gatehouse } = programOf(harness);
  expect(await gatehouse.signIn({ identifier: 'ada', password: 'wrong' })).toMatchObject({
    status: 'refused',
    errors: [{ code: 'INVALID_CREDENTIALS' }],
  });
  expect(gatehouse.state.status).not.toBe('signedIn');
});

test('a second factor is asked for and answered', async () => {
  const eve = await equip(harness, 'eve');
  const { gatehouse } = programOf(harness);
  const result = await gatehouse.signIn({ identifier: 'eve', password });
  if (result.status !== 'secondFactor') throw new Error(result.status);
  expect(result.challenge.methods).toEqual(['TOTP', 'RECOVERY_CODE']);
  const refused = await gatehouse.completeSignIn(result.challenge, '12345');
  expect(refused).toMatchObject({ status: 'refused', errors: [{ code: 'INVALID_CODE', field: ['input', 'code'] }] });
  nextCode(harness, eve.secret);
  expect(await gatehouse.completeSignIn(result.challenge, codeOf(harness, eve.secret))).toEqual({ status: 'signedIn' });
  expect(gatehouse.state).toMatchObject({ username: 'eve' });
});

test('a token that the service refuses is renewed once for fifty requests, and all of them succeed', async () => {
  const { gatehouse, sent } = await signedIn();
  // Only the clock of the service moves: to the client the token looks fresh.
  harness.clock.advance(hours(1) + minutes(1));
  const answers = await Promise.all(Array.from({ length: 50 }, () => gatehouse.request(whoAmI, {})));
  expect(answers).toEqual(Array(50).fill({ viewer: { username: 'ada' } }));
  expect(sent.filter((name) => name === 'RefreshSession')).toHaveLength(1);
});

test.each([
  ['set forward by an hour', hours(1)],
  ['set back by a day', -hours(24)],
])('a token is renewed before it is used when the clock of the device was %s', async (_, by) => {
  const { gatehouse, sent } = await signedIn();
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + by);
  for (let n = 0; n < 3; n += 1) await gatehouse.request(whoAmI, {});
  expect(sent).toEqual(['RefreshSession', 'WhoAmI', 'WhoAmI', 'WhoAmI']);
});

test('an answer to a renewal that was lost loses no session', async () => {
  const { gatehouse, setFetch } = await signedIn();
  harness.clock.advance(hours(2));
  let lost = 0;
  setFetch(async (input) => {
    const request = input as Request;
    const isRenewal = (await request.clone().text()).includes('RefreshSession');
    const response = await fetch(request);
    if (!isRenewal || lost > 0) return response;
    lost += 1;
    throw new TypeError('fetch failed');
  });
  expect(await gatehouse.request(whoAmI, {})).toEqual({ viewer: { username: 'ada' } });
  expect(lost).toBe(1);
});

test('an answer to a renewal that stalls is not waited for, and loses no session', async () => {
  const { gatehouse, sent, setFetch } = await signedIn();
  harness.clock.advance(hours(2));
  let stalled = 0;
  setFetch(async (input) => {
    const request = input as Request;
    const isFirst = (await request.clone().text()).includes('RefreshSession') && stalled === 0;
    if (isFirst) stalled += 1;
    const response = await fetch(request);
    return isFirst ? new Promise(() => undefined) : response;
  });
  expect(await gatehouse.request(whoAmI, {})).toEqual({ viewer: { username: 'ada' } });
  expect(sent.filter((name) => name === 'RefreshSession')).toHaveLength(2);
}, 30_000);

test('a renewal that fails after another was answered is not sent once more', async () => {
  const { gatehouse, sent, setFetch } = await signedIn();
  harness.clock.advance(hours(2));
  let isFirst = true;
  setFetch(async (input) => {
    const request = input as Request;
    if (!(await request.clone().text()).includes('RefreshSession') || !isFirst) return fetch(request);
    isFirst = false;
    await new Promise((resolve) => setTimeout(resolve, seconds(4)));
    throw new TypeError('fetch failed');
  });
  await gatehouse.request(whoAmI, {});
  await new Promise((resolve) => setTimeout(resolve, seconds(2)));
  expect(sent.filter((name) => name === 'RefreshSession')).toHaveLength(2);
  expect(await gatehouse.request(whoAmI, {})).toEqual({ viewer: { username: 'ada' } });
}, 30_000);

test('a refused GET is sent again', async () => {
  const { gatehouse } = await signedIn();
  harness.clock.advance(hours(2));
  const url = `${harness.app.url}/graphql?query={viewer{username}}`;
  const reply = await gatehouse.fetch(url, { headers: { 'apollo-require-preflight': 'true' } });
  expect(await reply.json()).toMatchObject({ data: { viewer: { username: 'ada' } } });
});

test('what was asked as one person is not asked again as the next', async () => {
  await harness.person('bea');
  const { gatehouse, sent, setFetch } = await signedIn();
  harness.clock.advance(hours(2));
  setFetch(async (input) => {
    const response = await fetch(input);
    setFetch((again) => fetch(again));
    await signInTo(gatehouse, 'bea');
    return response;
  });
  expect(await codeOfError(gatehouse.request(whoAmI, {}))).toBe('UNAUTHENTICATED');
  expect(sent).toEqual(['WhoAmI', 'SignIn']);
  expect(gatehouse.state).toMatchObject({ username: 'bea' });
});

test('signing out does not end the session of somebody who signs in meanwhile', async () => {
  await harness.person('cyd');
  const { gatehouse } = await signedIn();
  await Promise.all([signInTo(gatehouse, 'cyd'), gatehouse.signOut()]);
  expect(await gatehouse.request(whoAmI, {})).toEqual({ viewer: { username: 'cyd' } });
});

test('a listener that throws keeps nobody else from learning', async () => {
  const told = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const { gatehouse } = await signedIn();
  const states: string[] = [];
  gatehouse.onChange(() => {
    throw new Error('rendering failed');
  });
  gatehouse.onChange(() => states.push(gatehouse.state.status));
  await gatehouse.signOut();
  expect([states, told.mock.calls.length]).toEqual([['signedOut'], 1]);
});

test('while the service does not answer, whoever is signed in stays so', async () => {
  const { gatehouse, setFetch } = await signedIn();
  setFetch(busy(30));
  expect(await codeOfError(gatehouse.request(whoAmI, {}))).toBe('SERVICE_UNAVAILABLE');
  await expect(gatehouse.request(whoAmI, {})).rejects.toMatchObject({ retryAfter: 30 });
  const now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now + hours(1));
  // The renewal, too; it asks for more patience than a request has, so it is not repeated here.
  expect(await codeOfError(gatehouse.request(whoAmI, {}))).toBe('SERVICE_UNAVAILABLE');
  setFetch(unanswered);
  expect(await codeOfError(gatehouse.signOut())).toBe('NETWORK_ERROR');
  expect(gatehouse.state).toMatchObject({ status: 'signedIn', username: 'ada' });
  setFetch((input) => fetch(input));
  expect(await gatehouse.request(whoAmI, {})).toEqual({ viewer: { username: 'ada' } });
}, 60_000);

test('a service that accepts a request and never answers has failed, and what changes something is sent once', async () => {
  const received: string[] = [];
  let isSilent = true;
  const server = createServer(async (request, response) => {
    received.push(/(?:mutation|query) (\w+)/.exec(await text(request))?.[1] ?? '');
    if (!isSilent) response.setHeader('content-type', 'application/json').end('{"data":{"viewer":null}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const { gatehouse } = programOf(harness, { url, timeout: 300 });
  const save = operation<object>('mutation Save { updateProfile(input: { bio: "x" }) { errors { code } } }');
  const failures = [gatehouse.request(save, {}), gatehouse.request(whoAmI, {}), signInTo(gatehouse, 'ada')];
  expect(await Promise.all(failures.map(codeOfError))).toEqual(Array(3).fill('NETWORK_ERROR'));
  isSilent = false;
  expect(await gatehouse.request(whoAmI, {})).toEqual({ viewer: null });
  expect(received.sort()).toEqual(['Save', 'SignIn', 'WhoAmI', 'WhoAmI']);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('signing out ends the session also when the token has expired', async () => {
  const { gatehouse } = await signedIn();
  if (gatehouse.state.status !== 'signedIn') throw new Error('signed out');
  const { sessionId } = gatehouse.state;
  harness.clock.advance(hours(2));
  await gatehouse.signOut();
  const ended = 'select 1 from sessions where id = $1 and ended_at is not null';
  expect(await harness.app.services.database.sql.rows(ended, [sessionId])).toHaveLength(1);
});

test('a page instead of an answer is an error with a code', async () => {
  const { gatehouse, setFetch } = await signedIn();
  setFetch(async () => new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'content-type': 'text/html' } }));
  expect(await codeOfError(gatehouse.request(whoAmI, {}))).toBe('NETWORK_ERROR');
});

test('a session that has ended elsewhere ends here, and the next sign-in works', async () => {
  const { gatehouse, sent } = await signedIn();
  if (gatehouse.state.status !== 'signedIn') throw new Error('signed out');
  await harness.app.services.database.sql.rows('update sessions set ended_at = now() where id = $1', [
    gatehouse.state.sessionId,
  ]);
  harness.app.services.principals.forget(gatehouse.state.sessionId);
  const answer = await codeOfError(gatehouse.request(whoAmI, {}));
  expect([answer, gatehouse.state]).toEqual(['UNAUTHENTICATED', { status: 'signedOut' }]);
  expect(sent).toEqual(['WhoAmI', 'RefreshSession']);
  expect(await signInTo(gatehouse, 'ada')).toEqual({ status: 'signedIn' });
});

test('a mutation is sent again only if nothing of it was done', async () => {
  const { gatehouse, sent } = await signedIn();
  const reset = 'requestPasswordReset(input: { email: "ada@example.com" }) { email }';
  const update = 'updateProfile(input: { bio: "x" }) { errors { code } }';
  const ask = (fields: string) => codeOfError(gatehouse.request(operation<object>(`\nmutation Both {${fields} }`), {}));
  for (const [fields, times] of [
    [`${reset} ${update}`, 1],
    [`...on Mutation { ${update} }`, 1],
    [`${update} ${reset}`, 2],
    [`\n# ${update}\n${reset} ${update}`, 1],
    [`\t\r\n${update}`, 2],
  ] as const) {
    harness.clock.advance(hours(2));
    sent.length = 0;
    expect(await ask(fields)).toBe(times === 1 ? 'UNAUTHENTICATED' : '[object Object]');
    expect(sent.filter((name) => name === 'Both')).toHaveLength(times);
    // The next request renews the token.
    await gatehouse.request(whoAmI, {});
  }
});

test('the token goes to the service and to no other place', async () => {
  const { gatehouse, setFetch } = await signedIn();
  const told: [url: string, authorization: string | null][] = [];
  setFetch(async (input) => {
    const request = input as Request;
    told.push([request.url, request.headers.get('authorization')]);
    return Response.json({ data: {} });
  });
  const { origin } = new URL(harness.app.url);
  const others = ['https://elsewhere.example/graphql', `${origin}/health/live`, `${origin}/graphql/x`];
  for (const url of others) await gatehouse.fetch(url, { method: 'POST', body: '{}' });
  expect(told).toEqual(others.map((url) => [url, null]));
  await gatehouse.fetch(`${origin}/graphql?x=1`, { method: 'POST', body: '{}' });
  expect(told.at(-1)?.[1]).toMatch(/^Bearer /);
});

test('a token that lives shorter than the margin is used in the first half of its life', async () => {
  const short = await harness.another({ ACCESS_TOKEN_LIFETIME: '20s' });
  const { gatehouse, sent } = programOf(harness, { url: `${short.url}/graphql` });
  await signInTo(gatehouse, 'ada');
  const now = Date.now();
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + seconds(9));
  await gatehouse.request(whoAmI, {});
  clock.mockImplementation(() => now + seconds(11));
  await gatehouse.request(whoAmI, {});
  expect(sent).toEqual(['SignIn', 'WhoAmI', 'RefreshSession', 'WhoAmI']);
});
