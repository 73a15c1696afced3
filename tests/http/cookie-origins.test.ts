import { afterAll, beforeAll, expect, test } from '@jest/globals';
import WebSocket from 'ws';
import { administrator, Harness, password } from '../support/harness.js';
import { post } from '../support/transports.js';

const allowed = 'https://console.example.com';
let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ CORS_ORIGINS: allowed });
});
afterAll(() => harness.close());

const credentials = `identifier: "${administrator.username}", password: "${password}"`;
const login = (more = '') =>
  `mutation { login(input: { ${credentials}${more} }) { result { ... on Authentication { accessToken deviceToken } } errors { code } } }`;
const refresh = 'mutation { refreshSession(input: {}) { authentication { accessToken } errors { code } } }';

const ask = (query: string, headers: Record<string, string> = {}) =>
  post(harness.app.url, JSON.stringify({ query }), { 'content-type': 'application/json', ...headers });
const pairs = ({ headers }: { headers: Headers }) =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
const sessions = async () => (await harness.app.services.database.sql.rows('select 1 from sessions')).length;

/** Headers that a browser sends for a page that may not call. */
const foreign: [what: string, headers: Record<string, string>][] = [
  ['another origin', { origin: 'https://evil.example.com' }],
  ['an opaque origin', { origin: 'null' }],
  ['no origin at all, as text', { origin: '' }],
  ['an origin beside an allowed one', { origin: `${allowed}, https://evil.example.com` }],
  ['an allowed host by another scheme', { origin: 'http://console.example.com' }],
  ['another origin that says it is the same', { origin: 'https://evil.example.com', 'sec-fetch-site': 'same-origin' }],
  ['another site without an origin', { 'sec-fetch-site': 'cross-site' }],
  ['a sibling host without an origin', { 'sec-fetch-site': 'same-site' }],
];

// Each request is sent twice, because a repeated operation takes the fast path.
test.each(foreign)('the cookie refreshes nothing for %s, and is set by nothing', async (_what, headers) => {
  const cookie = pairs(await ask(login(', cookie: true')));
  for (let n = 0; n < 2; n += 1) {
    const refused = await ask(refresh, { ...headers, cookie });
    expect([refused.codes, refused.headers.getSetCookie()]).toEqual([['FORBIDDEN'], []]);
    const before = await sessions();
    const refusedLogin = await ask(login(', cookie: true'), headers);
    expect([refusedLogin.codes, refusedLogin.headers.getSetCookie()]).toEqual([['FORBIDDEN'], []]);
    expect(await sessions()).toBe(before);
  }
  // The refused requests did not use the token up.
  const own = await ask(refresh, { cookie });
  expect(own.data['refreshSession']?.['errors']).toEqual([]);
});

test.each(foreign)('signing out by token works for %s, and leaves the cookie alone', async (_what, headers) => {
  const entered = await ask(login(), headers);
  expect([entered.codes, entered.headers.getSetCookie()]).toEqual([[], []]);
  const token = String(entered.data['login']?.['result']?.['accessToken']);
  const left = await ask('mutation { logout { errors { code } } }', { ...headers, authorization: `Bearer ${token}` });
  expect([left.data, left.headers.getSetCookie()]).toEqual([{ logout: { errors: [] } }, []]);
});

test.each<[string, () => Record<string, string>]>([
  ['no browser', () => ({})],
  ['an allowed origin', () => ({ origin: allowed, 'sec-fetch-site': 'cross-site' })],
  ['the own origin', () => ({ origin: harness.app.url, 'sec-fetch-site': 'same-origin' })],
  ['the own pages, without an origin', () => ({ 'sec-fetch-site': 'same-origin' })],
  ['whoever typed the address', () => ({ 'sec-fetch-site': 'none' })],
])('the cookie works for %s', async (_what, headersOf) => {
  const headers = headersOf();
  const cookie = pairs(await ask(login(', cookie: true'), headers));
  const refreshed = await ask(refresh, { ...headers, cookie });
  expect(refreshed.data['refreshSession']?.['errors']).toEqual([]);
  expect(pairs(refreshed)).toContain('__Host-gatehouse-refresh=');
});

test('the cookie of a device gives its attempts to pages that may call alone', async () => {
  const client = await harness.person('ada');
  const named = login().replace(administrator.username, 'ada');
  const cookie = pairs(await ask(named));
  expect(cookie).toContain('-device=');
  for (let n = 0; n < 5; n += 1) await harness.client().login('ada', 'not the password');
  const outcome = async (headers: Record<string, string>) => {
    const { data } = await ask(named, { ...headers, cookie });
    return data['login']?.['result'] ? 'in' : 'locked';
  };
  for (const [, headers] of foreign) expect(await outcome(headers)).toBe('locked');
  expect([await outcome({}), await outcome({ origin: allowed })]).toEqual(['in', 'in']);
  expect(client.userId).toBeDefined();
});

test.each(foreign.filter(([, headers]) => headers['origin']))('no websocket opens for %s', async (_what, headers) => {
  const url = `${harness.app.url.replace(/^http/, 'ws')}/graphql`;
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers });
  const status = await new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
    socket.on('open', () => resolve('open'));
    socket.on('error', () => undefined);
  });
  socket.terminate();
  expect(status).toBe(403);
});
