import { createPublicKey, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createVerifier } from 'fast-jwt';
import { createRemoteJWKSet, type JWK, jwtVerify, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import type { App } from '../../src/app.js';
import { Client } from '../support/client.js';
import { takeApart } from '../support/forge.js';
import { administrator, Harness, password } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());

const issuer = () => harness.app.services.publicUrl();
const published = async ({ url }: App) =>
  ((await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: JWK[] }).keys;
const keyOf = async (app: App, token: string) => {
  const { kid } = takeApart(token).header;
  return (await published(app)).find((key) => key.kid === kid) as JWK;
};
const tokenOf = async ({ url }: App): Promise<string> => {
  const client = new Client(url);
  await client.login(administrator.username, password);
  return String(client.token);
};
const codeAt = async ({ url }: App, token: string): Promise<string> => {
  const { codes } = await new Client(url, { authorization: `Bearer ${token}` }).ask('{ viewer { id } }');
  return codes[0] ?? 'signed in';
};

test('another algorithm replaces the key at the start; tokens of the former key go on working', async () => {
  const former = await tokenOf(harness.app);
  expect(takeApart(former).header).toMatchObject({ alg: 'EdDSA' });
  const changed = await harness.another({ SIGNING_ALGORITHM: 'ES256' });
  const token = await tokenOf(changed);
  expect(takeApart(token).header).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  for (const app of [changed, harness.app])
    for (const one of [former, token]) expect(await codeAt(app, one)).toBe('signed in');
  const keys = await published(changed);
  expect(keys.map(({ kty, crv, alg, use }) => [kty, crv, alg, use])).toEqual([
    ['EC', 'P-256', 'ES256', 'sig'],
    ['OKP', 'Ed25519', 'EdDSA', 'sig'],
  ]);
  expect(JSON.stringify(keys)).not.toContain('"d"');
  // A start with the same algorithm changes nothing.
  const same = await harness.another({ SIGNING_ALGORITHM: 'ES256' });
  expect(await published(same)).toEqual(keys);
});

describe.each(['EdDSA', 'ES256'])('with %s', (algorithm) => {
  let app: App;
  let token: string;
  beforeAll(async () => {
    app = await harness.another({ SIGNING_ALGORITHM: algorithm });
    token = await tokenOf(app);
  });

  /** Signs any header and claims with the service's own key. */
  async function signed(header: object, claims: object = takeApart(token).claims): Promise<string> {
    const signer = await app.services.signingKeys.signer();
    if (!signer) throw new Error('a running service has a key');
    const { alg, ...rest } = takeApart(token).header;
    const signing = new SignJWT({ ...claims }).setProtectedHeader({ alg: String(alg), ...rest, ...header } as never);
    return signing.sign(signer.key);
  }

  test('what the service signs it accepts, and nothing that differs from it', async () => {
    const { claims } = takeApart(token);
    expect(await codeAt(app, await signed({}))).toBe('signed in');
    const others = [
      await signed({ typ: 'JWT' }),
      await signed({ jku: 'https://elsewhere.example/jwks.json' }),
      await signed({}, { ...claims, aud: 'https://elsewhere.example' }),
      await signed({}, { ...claims, iss: 'https://elsewhere.example' }),
      await signed({}, { ...claims, exp: 1 }),
      await signed({}, { ...claims, sub: randomUUID() }),
    ];
    for (const other of others) expect(await codeAt(app, other)).toBe('UNAUTHENTICATED');
  });

  test('a key is used with its own algorithm alone', async () => {
    const [, claims, signature] = token.split('.');
    const header = takeApart(token).header;
    for (const alg of ['EdDSA', 'ES256', 'ES384', 'HS256', 'RS256', 'none'].filter((one) => one !== algorithm)) {
      const claimed = Buffer.from(JSON.stringify({ ...header, alg })).toString('base64url');
      expect(await codeAt(app, [claimed, claims, signature].join('.'))).toBe('UNAUTHENTICATED');
    }
    // The kid of a key of the other algorithm.
    const other = (await published(app)).find(({ alg }) => alg !== algorithm);
    expect(await codeAt(app, await signed({ kid: other?.kid }))).toBe('UNAUTHENTICATED');
  });

  test('every flipped byte of the signature is noticed', async () => {
    const [header, claims, signature = ''] = token.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    for (let place = 0; place < bytes.length; place += 7) {
      const flipped = Buffer.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ 1;
      expect(await codeAt(app, [header, claims, flipped.toString('base64url')].join('.'))).toBe('UNAUTHENTICATED');
    }
  });

  test('jose verifies it, with what the metadata name', async () => {
    const metadata = (await (await fetch(`${app.url}/.well-known/oauth-authorization-server`)).json()) as {
      issuer: string;
      jwks_uri: string;
    };
    expect(metadata).toMatchObject({ issuer: issuer(), response_types_supported: [], grant_types_supported: [] });
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(metadata.jwks_uri)), {
      issuer: metadata.issuer,
      audience: metadata.issuer,
      typ: 'at+jwt',
      algorithms: [algorithm],
    });
    expect(payload.sub).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('fast-jwt verifies it', async () => {
    const jwk = await keyOf(app, token);
    const key = createPublicKey({ key: jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const allowed = { key, algorithms: [algorithm as 'EdDSA'], allowedIss: issuer(), allowedAud: issuer() };
    expect(createVerifier(allowed)(token)).toMatchObject({ iss: issuer() });
    expect(() => createVerifier({ ...allowed, allowedAud: 'https://elsewhere.example' })(token)).toThrow();
  });

  test('jsonwebtoken verifies ES256 and does not know EdDSA', async () => {
    const key = createPublicKey({ key: (await keyOf(app, token)) as never, format: 'jwk' });
    const verify = () =>
      jsonwebtoken.verify(token, key, { issuer: issuer(), audience: issuer(), algorithms: [algorithm as 'ES256'] });
    if (algorithm === 'ES256') expect(verify()).toMatchObject({ iss: issuer() });
    else expect(verify).toThrow();
  });
});
