import { beforeAll, expect, test } from '@jest/globals';
import type { JWK } from 'jose';
import { hours, seconds } from '../../src/clock.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { takeApart } from '../support/forge.js';
import { Harness } from '../support/harness.js';

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
  return answer.codes[0] ?? 'signed in';
}

const pieces = () => takeApart(String(person.token));

test('the token says who, which session and for whom, and nothing else', () => {
  expect(pieces().header).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: jwk.kid });
  expect(Object.keys(pieces().claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
  expect(pieces().claims).toMatchObject({ sub: person.userId, sid: person.sessionId, iss: harness.app.url });
});

test('logout is final at once, in this process and in another', async () => {
  const other = new Client((await harness.another()).url);
  const leaver = await harness.person('leaver');
  other.token = leaver.token;
  expect((await other.ask('{ viewer { username } }')).data['viewer']).toEqual({ username: 'leaver' });
  await leaver.ask('mutation { logout { session { id } errors { code } } }');
  expect((await leaver.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  // The other process is notified of the commit, which takes a moment on a busy machine.
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
