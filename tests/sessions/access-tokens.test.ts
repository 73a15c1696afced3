import { createHmac, randomUUID, type webcrypto } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { base64url, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { hours, seconds } from '../../src/clock.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
let person: Client;
let jwk: JWK;
beforeAll(async () => {
  harness = await Harness.start();
  person = await harness.person('holder');
  const published = (await (await fetch(`${harness.app.url}/.well-known/jwks.json`)).json()) as { keys: [JWK] };
  jwk = published.keys[0];
});

async function codeFor(authorization: string): Promise<string> {
  const client = harness.client({ authorization });
  const answer = await client.ask('{ viewer { id } }');
  const open = await client.ask('mutation { refreshSession(input: { refreshToken: "x" }) { errors { code } } }');
  // A bad header never blocks what is public.
  expect(open.data['refreshSession']?.['errors']?.[0]?.['code']).toBe('INVALID_TOKEN');
  return answer.codes[0] ?? 'signed in';
}

const parts = () => String(person.token).split('.') as [string, string, string];
const encode = (value: unknown) => base64url.encode(JSON.stringify(value));
const claims = () => ({ ...JSON.parse(new TextDecoder().decode(base64url.decode(parts()[1]))) });
const header = () => ({ ...JSON.parse(new TextDecoder().decode(base64url.decode(parts()[0]))) });
const withHeader = (changed: object) => `Bearer ${encode({ ...header(), ...changed })}.${parts()[1]}.${parts()[2]}`;

test('the token says who, which session and for whom, and nothing else', () => {
  expect(header()).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: jwk.kid });
  expect(Object.keys(claims()).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
  expect(claims()).toMatchObject({ sub: person.userId, sid: person.sessionId, iss: harness.app.url });
});

test('the genuine token is accepted', async () => {
  expect(await codeFor(`Bearer ${person.token}`)).toBe('signed in');
  expect(await codeFor(`bearer  ${person.token}`)).toBe('signed in');
});

test.each(['none', 'None', 'NONE', 'nOnE'])('alg %s is refused', async (alg) => {
  expect(await codeFor(`Bearer ${encode({ ...header(), alg })}.${parts()[1]}.`)).toBe('UNAUTHENTICATED');
  expect(await codeFor(withHeader({ alg }))).toBe('UNAUTHENTICATED');
});

test('HS256 signed with the public key is refused', async () => {
  const pem = await exportSPKI((await importJWK(jwk, 'EdDSA')) as never);
  for (const secret of [pem, String(jwk.x), Buffer.from(String(jwk.x), 'base64url')]) {
    const head = encode({ ...header(), alg: 'HS256' });
    const signature = createHmac('sha256', secret).update(`${head}.${parts()[1]}`).digest('base64url');
    expect(await codeFor(`Bearer ${head}.${parts()[1]}.${signature}`)).toBe('UNAUTHENTICATED');
  }
});

test.each([
  { kid: '../../etc/passwd' },
  { kid: "x' or '1'='1" },
  { kid: 'x'.repeat(1000) },
  { kid: 7 },
  { kid: undefined },
  { kid: '__proto__' },
  { typ: 'JWT' },
  { typ: undefined },
  { crit: ['exp'] },
  { crit: ['unknown'], unknown: true },
  { b64: false, crit: ['b64'] },
])('a header of %j is refused', async (changed) => {
  expect(await codeFor(withHeader(changed))).toBe('UNAUTHENTICATED');
});

test('a key that the token brings or names itself is not used', async () => {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const own = { ...(await crypto.subtle.exportKey('jwk', publicKey as never)) };
  for (const extra of [{ jwk: own }, { jku: 'http://127.0.0.1:9/jwks' }, { x5u: 'http://127.0.0.1:9/x' }]) {
    const token = await new SignJWT(claims()).setProtectedHeader({ ...header(), ...extra }).sign(privateKey);
    expect(await codeFor(`Bearer ${token}`)).toBe('UNAUTHENTICATED');
  }
});

test.each([
  { iss: 'https://elsewhere.example' },
  { iss: undefined },
  { aud: 'another' },
  { aud: undefined },
  { sub: undefined },
  { sub: randomUUID() },
  { sub: { toString: 'x' } },
  { sub: "' or 1=1 --" },
  { sid: undefined },
  { sid: randomUUID() },
  { sid: 'x' },
  { exp: undefined },
  { exp: 'tomorrow' },
  { exp: 1 },
  { nbf: 4_000_000_000 },
  { jti: undefined },
  { iat: undefined },
])('claims of %j are refused although the signature holds', async (changed) => {
  const { key } = (
    Reflect.get(harness.app.services.accessTokens, 'keys') as { current(): { key: webcrypto.CryptoKey } }
  ).current();
  const genuine = await new SignJWT(claims()).setProtectedHeader(header()).sign(key);
  expect(await codeFor(`Bearer ${genuine}`)).toBe('signed in');
  const token = await new SignJWT({ ...claims(), ...changed }).setProtectedHeader(header()).sign(key);
  expect(await codeFor(`Bearer ${token}`)).toBe('UNAUTHENTICATED');
});

test('a flipped bit anywhere is refused', async () => {
  const token = String(person.token);
  for (let i = 0; i < token.length; i += 7) {
    if (token[i] === '.') continue;
    // The last character of a segment has unused bits, so it is changed by more than one.
    const flipped = token.slice(0, i) + (token[i] === 'A' ? 'Q' : 'A') + token.slice(i + 1);
    expect([i, await codeFor(`Bearer ${flipped}`)]).toEqual([i, 'UNAUTHENTICATED']);
  }
});

test.each([
  'Bearer',
  'Bearer ',
  'Basic YTpi',
  'Token x',
  'Bearer a b',
  'Bearer ..',
  'x',
  `Bearer ${'a'.repeat(8000)}`,
  'Bearer null',
  ',',
])('an Authorization header of %j is refused', async (authorization) => {
  expect(await codeFor(authorization)).toBe('UNAUTHENTICATED');
});

test('a token of one purpose is refused for every other', async () => {
  await harness.client().mutate('register', { username: 'cross', email: 'cross@example.com', password }, 'email');
  const mailed = await harness.mailbox.tokenTo('cross@example.com');
  for (const token of [person.refreshToken, mailed]) expect(await codeFor(`Bearer ${token}`)).toBe('UNAUTHENTICATED');
  const anonymous = harness.client();
  for (const token of [person.token, mailed])
    expect(
      (await anonymous.mutate('refreshSession', { refreshToken: token }, 'authentication { tokenType }'))['errors'],
    ).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  for (const token of [person.token, person.refreshToken])
    expect((await anonymous.mutate('verifyEmail', { token }, 'user { id }'))['errors']).toMatchObject([
      { code: 'INVALID_TOKEN' },
    ]);
  expect((await anonymous.mutate('verifyEmail', { token: mailed }, 'user { id }'))['errors']).toEqual([]);
});

test('logout is final at once, in this process and in another', async () => {
  const other = new Client((await harness.another()).url);
  const leaver = await harness.person('leaver');
  other.token = leaver.token;
  expect((await other.ask('{ viewer { username } }')).data['viewer']).toEqual({ username: 'leaver' });
  await leaver.ask('mutation { logout { session { id } errors { code } } }');
  expect((await leaver.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  // Another process hears of the commit; on a busy machine that takes a moment.
  await eventually(async () => (await other.ask('{ viewer { id } }')).codes[0] === 'UNAUTHENTICATED');
  expect((await leaver.ask('mutation { logout { session { id } } }')).codes).toEqual(['UNAUTHENTICATED']);
});

test('keys are encrypted at rest and published without their private part', async () => {
  expect(jwk).toEqual({
    kty: 'OKP',
    crv: 'Ed25519',
    x: expect.any(String),
    kid: expect.any(String),
    use: 'sig',
    alg: 'EdDSA',
  });
  const row = await harness.app.services.database.sql.row<{ sealed: Buffer }>(
    'select sealed_private_jwk as sealed from signing_keys',
  );
  expect(row?.sealed.toString('latin1')).not.toContain('"d"');
});

test('a token is refused from the second it expires', async () => {
  harness.clock.advance(hours(1) - seconds(30));
  expect(await codeFor(`Bearer ${person.token}`)).toBe('signed in');
  harness.clock.advance(seconds(31));
  expect(await codeFor(`Bearer ${person.token}`)).toBe('UNAUTHENTICATED');
});
