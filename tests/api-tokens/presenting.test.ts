import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { basic, makeToken, ways } from '../support/api-tokens.js';
import type { Client } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { inParameters, presenting } from '../support/presenting.js';

const origin = 'https://console.example.com';
let harness: Harness;
let ada: Client;
let token: string;
beforeAll(async () => {
  harness = await Harness.start({ CORS_ORIGINS: origin });
  ada = await harness.person('ada');
  ({ token } = await makeToken(ada, ['profile:read']));
});
afterAll(() => harness.close());

const query = '{ viewer { username email } viewerSession { id } }';

describe.each(presenting)('over %s', (_transport, present) => {
  test.each(Object.entries(ways))('%s says who calls', async (_way, headersOf) => {
    const answer = await present(harness.app.url, query, headersOf(token));
    expect(answer.codes).toEqual([]);
    expect(answer.data).toEqual({ viewer: { username: 'ada', email: 'ada@example.com' }, viewerSession: null });
  });

  const wrong: [what: string, credentials: () => Record<string, string>][] = [
    ['Basic with the token as the name', () => ({ authorization: basic(`${token}:`) })],
    ['Basic with the token and no colon', () => ({ authorization: basic(token) })],
    ['Basic with a colon behind the token', () => ({ authorization: basic(`ada:${token}:`) })],
    ['Basic with a blank before the token', () => ({ authorization: basic(`ada: ${token}`) })],
    ['Basic with a real password', () => ({ authorization: basic('ada:a long enough passphrase') })],
    ['Basic with an access token', () => ({ authorization: basic(`ada:${ada.token}`) })],
    ['Basic with a refresh token', () => ({ authorization: basic(`ada:${ada.refreshToken}`) })],
    ['Basic of nothing', () => ({ authorization: 'Basic' })],
    ['Basic of no base64', () => ({ authorization: 'Basic %%%' })],
    ['Basic that is not encoded', () => ({ authorization: `Basic ada:${token}` })],
    ['Basic twice encoded', () => ({ authorization: `Basic ${basic(`ada:${token}`)}` })],
    ['Bearer with Basic inside', () => ({ authorization: basic(`ada:${token}`).replace('Basic', 'Bearer') })],
    ['Bearer with a tail', () => ({ authorization: `Bearer ${token}, x` })],
    ['another scheme', () => ({ authorization: `Token ${token}` })],
    ['no scheme', () => ({ authorization: token })],
    ['X-API-Key with Bearer', () => ({ 'x-api-key': `Bearer ${token}` })],
    ['X-API-Key with an access token', () => ({ 'x-api-key': String(ada.token) })],
    ['X-API-Key twice', () => ({ 'x-api-key': `${token}, ${token}` })],
    ['X-API-Key of nonsense', () => ({ 'x-api-key': 'x' })],
    ['both headers with one token', () => ({ authorization: `Bearer ${token}`, 'x-api-key': token })],
    ['a key beside a session', () => ({ authorization: `Bearer ${ada.token}`, 'x-api-key': token })],
    ['a stale key beside a session', () => ({ authorization: `Bearer ${ada.token}`, 'x-api-key': 'x' })],
    ['a token with much behind it', () => ({ 'x-api-key': `${token}${'x'.repeat(8000)}` })],
  ];
  test.each(wrong)('%s is refused, and public fields go on', async (_what, credentials) => {
    const answer = await present(harness.app.url, '{ viewer { id } }', credentials());
    expect([answer.codes, answer.data]).toEqual([['UNAUTHENTICATED'], { viewer: null }]);
    const login = 'mutation { login(input: { identifier: "-", password: "-" }) { errors { code } } }';
    expect((await present(harness.app.url, login, credentials())).codes).toEqual([]);
  });
});

describe('in connection_init', () => {
  const shapes: [what: string, parameters: () => Record<string, unknown>, codes: string[]][] = [
    ['in another case', () => ({ 'X-Api-KEY': token }), []],
    ['as null beside another', () => ({ authorization: null, 'x-api-key': token }), []],
    ['twice in different cases', () => ({ 'x-api-key': token, 'X-API-Key': token }), ['UNAUTHENTICATED']],
    ['as a number', () => ({ 'x-api-key': 5 }), ['UNAUTHENTICATED']],
    ['as a list', () => ({ 'x-api-key': [token] }), ['UNAUTHENTICATED']],
    ['as an object', () => ({ authorization: { token } }), ['UNAUTHENTICATED']],
  ];
  test.each(shapes)('a key %s', async (_what, parameters, codes) => {
    expect((await inParameters(harness.app.url, '{ viewer { id } }', parameters())).codes).toEqual(codes);
  });
});

describe('from a browser', () => {
  const preflight = (from: string) =>
    fetch(`${harness.app.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: from,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-api-key',
      },
    });

  test('an allowed origin may send X-API-Key', async () => {
    const { headers } = await preflight(origin);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('x-api-key');
  });

  test('another may not', async () => {
    const { headers } = await preflight('https://evil.example.com');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('access-control-allow-headers')).toBeNull();
  });
});
