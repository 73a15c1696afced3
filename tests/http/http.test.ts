import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

const allowed = 'https://console.example.com';
let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ CORS_ORIGINS: `${allowed}, https://other.example.com/` });
});
afterAll(() => harness.close());

const call = (path: string, init: RequestInit = {}) => fetch(`${harness.app.url}${path}`, init);
const graphql = (body: object, headers: Record<string, string> = {}) =>
  call('/graphql', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

test('health tells of the process and of the database', async () => {
  for (const path of ['/health/live', '/health/ready']) {
    const reply = await call(path);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, expect.stringMatching(/json/)]);
  }
});

test('what does not exist is a coded 404 in JSON', async () => {
  for (const path of ['/nonsense', '/graphql/x', '/.well-known/x', '/health', '/..%2f..%2fetc/passwd']) {
    const reply = await call(path);
    const body = (await reply.json()) as { errors: { extensions: { code: string } }[] };
    expect([path, reply.status, body.errors[0]?.extensions.code]).toEqual([path, 404, 'NOT_FOUND']);
  }
});

test('a slash at the end changes nothing, over both transports', async () => {
  for (const path of [
    '/graphql',
    '/graphql/',
    '/graphql/?x=1',
    '/graphql?query={__typename}',
    '/graphql/?query={__typename}',
  ]) {
    const isGet = path.includes('query');
    const headers = { 'content-type': 'application/json' };
    const reply = await call(path, isGet ? { headers } : { method: 'POST', headers, body: '{"query":"{__typename}"}' });
    expect([path, reply.status, await reply.json()]).toEqual([path, 200, { data: { __typename: 'Query' } }]);
    expect(reply.headers.get('cache-control')).toBe('no-store');
  }
  for (const path of ['/graphql', '/graphql/', '/graphql/?x']) {
    const socket = new RawSocket(harness.app.url, {}, path);
    await eventually(() => socket.isOpen);
    socket.socket.close();
  }
  for (const path of ['/graphql//', '/graphql/x', '/graphqlx', '//graphql']) {
    const socket = new RawSocket(harness.app.url, {}, path);
    expect([path, await eventually(() => socket.refused)]).toEqual([path, 404]);
  }
});

test('the published keys have no private member', async () => {
  const { keys } = (await (await call('/.well-known/jwks.json')).json()) as { keys: Record<string, unknown>[] };
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(key).toMatchObject({ alg: 'EdDSA', crv: 'Ed25519', kty: 'OKP', use: 'sig' });
  }
});

test('every answer carries the security headers and does not say what serves it', async () => {
  const replies = [
    await graphql({ query: '{ viewer { id } }' }),
    await graphql({ query: '{' }),
    await call('/health/live'),
    await call('/nonsense'),
    await call('/.well-known/jwks.json'),
    await call('/graphql', {
      method: 'POST',
      body: 'x'.repeat(300_000),
      headers: { 'content-type': 'application/json' },
    }),
  ];
  for (const { headers } of replies) {
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toMatch(/DENY|SAMEORIGIN/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  }
});

test.each([
  ['http://id.example.com', {}, null],
  ['https://id.example.com', {}, /^max-age=\d{7,}$/],
  ['https://id.example.com', { HSTS_INCLUDE_SUBDOMAINS: 'true' }, /^max-age=\d{7,}; includeSubDomains$/],
])('HTTPS is demanded for good where it is served alone: %s %j', async (publicUrl, more, expected) => {
  const app = await harness.another({ PUBLIC_URL: publicUrl, ...more });
  for (const path of ['/health/live', '/graphql', '/nonsense']) {
    const header = (await fetch(app.url + path)).headers.get('strict-transport-security');
    if (expected) expect(header).toMatch(expected);
    else expect(header).toBeNull();
  }
});

test('answers with personal data are not kept by caches', async () => {
  expect((await graphql({ query: '{ viewer { id } }' })).headers.get('cache-control')).toMatch(/no-store/);
});

describe('CORS', () => {
  const preflight = (origin: string) =>
    call('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,authorization',
      },
    });
  const grants = ({ headers }: Response) => headers.get('access-control-allow-origin');

  test('an allowed origin may call, with credentials', async () => {
    for (const origin of [allowed, 'https://other.example.com', harness.app.url]) {
      const before = await preflight(origin);
      expect([before.status, grants(before), before.headers.get('access-control-allow-credentials')]).toEqual([
        204,
        origin,
        'true',
      ]);
      expect(before.headers.get('access-control-allow-headers')).toMatch(/authorization/i);
      const reply = await graphql({ query: '{ viewer { id } }' }, { origin });
      expect([grants(reply), reply.headers.get('access-control-allow-credentials')]).toEqual([origin, 'true']);
      expect(reply.headers.get('vary')).toMatch(/origin/i);
    }
  });
  test.each([
    'https://evil.example.com',
    'null',
    `${allowed}.evil.com`,
    'http://console.example.com',
    `${allowed}:8443`,
  ])('the origin %s is granted nothing', async (origin) => {
    for (const reply of [await preflight(origin), await graphql({ query: '{ viewer { id } }' }, { origin })])
      expect(grants(reply)).toBeNull();
  });
});

describe('the refresh cookie', () => {
  const authentication = 'authentication { refreshToken accessToken } errors { code }';
  const signIn = async (more = '') => {
    const query = `mutation { login(input: { identifier: "${administrator.username}", password: "${password}", cookie: true${more} }) { result { ... on Authentication { refreshToken accessToken } } } }`;
    const reply = await graphql({ query });
    const body = (await reply.json()) as { data: { login: { result: { refreshToken: null; accessToken: string } } } };
    const set = reply.headers.getSetCookie().filter((cookie) => cookie.startsWith('__Host-gatehouse-refresh='));
    return { set, result: body.data.login.result };
  };
  const pair = (cookie: string | undefined) => String(cookie).split(';')[0] ?? '';
  const refresh = async (cookie: string, input = '{}') => {
    const reply = await graphql(
      { query: `mutation { refreshSession(input: ${input}) { ${authentication} } }` },
      { cookie },
    );
    const { data } = (await reply.json()) as {
      data: { refreshSession: { authentication: { refreshToken: null } | null; errors: { code: string }[] } };
    };
    return { set: reply.headers.getSetCookie(), ...data.refreshSession };
  };

  test('is set so that scripts, other sites and plain connections never see it, and is in no answer', async () => {
    const { set, result } = await signIn();
    expect(result.refreshToken).toBeNull();
    expect(set).toHaveLength(1);
    expect(set[0]).toMatch(/^__Host-[\w-]+=[\w-]{40,};/);
    for (const attribute of [/; HttpOnly/i, /; Secure/i, /; SameSite=Strict/i, /; Path=\/(;|$)/i])
      expect(set[0]).toMatch(attribute);
    expect(set[0]).not.toMatch(/domain=|expires=|max-age=/i);
  });
  test('outlives the browser when remembered', async () => {
    expect((await signIn(', rememberMe: true')).set[0]).toMatch(/expires=|max-age=/i);
  });
  test('is exchanged for its successor at each refresh', async () => {
    const { set } = await signIn();
    const first = await refresh(pair(set[0]));
    expect([first.errors, first.authentication?.refreshToken]).toEqual([[], null]);
    expect(pair(first.set[0])).not.toBe(pair(set[0]));
    const second = await refresh(pair(first.set[0]));
    expect(second.errors).toEqual([]);
    // The first token was exchanged two steps ago, so it counts as stolen and ends the session.
    expect((await refresh(pair(set[0]))).errors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    expect((await refresh(pair(second.set[0]))).errors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  });
  test('without it there is nothing to refresh', async () => {
    for (const cookie of [
      '',
      '__Host-gatehouse-refresh=',
      '__Host-gatehouse-refresh=nonsense',
      '__Host-gatehouse-refresh=%00',
      'a=b',
    ])
      expect((await refresh(cookie)).errors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  });
  test('is cleared by signing out', async () => {
    const { set, result } = await signIn();
    const reply = await graphql(
      { query: 'mutation { logout { errors { code } } }' },
      { authorization: `Bearer ${result.accessToken}`, cookie: pair(set[0]) },
    );
    expect(reply.headers.getSetCookie()[0]).toMatch(/^__Host-[\w-]+=;.*(expires=Thu, 01 Jan 1970|max-age=0)/i);
    expect(reply.headers.getSetCookie()[0]).toMatch(/; Secure/i);
    expect((await refresh(pair(set[0]))).errors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  });
  test('a wrong password sets none', async () => {
    const query = `mutation { login(input: { identifier: "${administrator.username}", password: "wrong", cookie: true }) { errors { code } } }`;
    expect((await graphql({ query })).headers.getSetCookie()).toEqual([]);
  });
});
