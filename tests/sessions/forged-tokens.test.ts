import { createPublicKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { JWK } from 'jose';
import type { Client } from '../support/client.js';
import {
  asOurselves,
  byHmac,
  byKey,
  byNobody,
  encoded,
  forge,
  type Pieces,
  reusing,
  takeApart,
} from '../support/forge.js';
import { Harness } from '../support/harness.js';
import { inConnection, inHeader, verdict } from '../support/presenting.js';

let harness: Harness;
let person: Client;
let genuine: Pieces;
let jwk: JWK;
/** The server at which a forged token claims its key can be found. */
let lair: Server;
let visits = 0;
beforeAll(async () => {
  harness = await Harness.start();
  person = await harness.person('holder');
  genuine = takeApart(String(person.token));
  const published = (await (await fetch(`${harness.app.url}/.well-known/jwks.json`)).json()) as { keys: [JWK] };
  jwk = published.keys[0];
  lair = createServer((_request, response) => {
    visits += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [foreignJwk()] }));
  }).listen(0, '127.0.0.1');
  await once(lair, 'listening');
});

afterAll(async () => {
  await harness.close();
  lair.close();
});

const foreign = {
  ed25519: generateKeyPairSync('ed25519'),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  p256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
const foreignJwk = () => ({
  ...foreign.ed25519.publicKey.export({ format: 'jwk' }),
  kid: jwk.kid,
  use: 'sig',
  alg: 'EdDSA',
});
const ours = () => asOurselves(harness.app);
const stolen = () => reusing(genuine.signature);
const byForeign = () => byKey(foreign.ed25519.privateKey, null);
const lairUrl = () => `http://127.0.0.1:${(lair.address() as AddressInfo).port}/jwks.json`;

/** Presents the token over both transports. */
async function verdictsOn(token: string): Promise<string[]> {
  const authorization = `Bearer ${token}`;
  const { url } = harness.app;
  const outcomes = await Promise.all([inHeader(url, authorization), inConnection(url, authorization)]);
  expect(outcomes[0].status).toBeLessThan(500);
  return outcomes.map(verdict);
}
const refused = ['UNAUTHENTICATED', 'UNAUTHENTICATED'];
const accepted = ['signed in', 'signed in'];

test('what the forger puts together as the service does is accepted: the refusals below have a reason', async () => {
  expect(await verdictsOn(await forge(genuine.header, genuine.claims, ours()))).toEqual(accepted);
  expect(await verdictsOn(await forge(genuine.header, genuine.claims, stolen()))).toEqual(accepted);
});

describe('no signature', () => {
  test.each(['none', 'None', 'NONE', 'nOnE', 'none ', '', 'null', 'EdDSA'])('alg %j is refused', async (alg) => {
    for (const signing of [byNobody, stolen()])
      if (alg !== 'EdDSA' || signing === byNobody)
        expect(await verdictsOn(await forge({ ...genuine.header, alg }, genuine.claims, signing))).toEqual(refused);
  });
  test.each([[null], [7], [true], [['EdDSA']], [{ name: 'EdDSA' }], [undefined]])('alg %j is refused', async (alg) => {
    for (const signing of [byNobody, stolen(), ours()])
      expect(await verdictsOn(await forge({ ...genuine.header, alg }, genuine.claims, signing))).toEqual(refused);
  });
});

describe('the public key taken for a shared secret', () => {
  const key = () => createPublicKey({ key: jwk as never, format: 'jwk' });
  const encodings: [string, () => string | Buffer][] = [
    ['PEM', () => key().export({ type: 'spki', format: 'pem' })],
    ['PEM without its last line break', () => String(key().export({ type: 'spki', format: 'pem' })).trimEnd()],
    ['DER', () => key().export({ type: 'spki', format: 'der' })],
    ['base64 of DER', () => key().export({ type: 'spki', format: 'der' }).toString('base64')],
    ['x, as published', () => String(jwk.x)],
    ['x, decoded', () => Buffer.from(String(jwk.x), 'base64url')],
    ['JWK', () => JSON.stringify(jwk)],
    ['JWK without metadata', () => JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x })],
    ['kid', () => String(jwk.kid)],
    ['nothing', () => ''],
  ];
  const algorithms = [
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ] as const;
  test.each(encodings)('%s', async (_title, secret) => {
    for (const [alg, digest] of algorithms)
      for (const claimed of [alg, 'EdDSA'])
        expect(
          await verdictsOn(await forge({ ...genuine.header, alg: claimed }, genuine.claims, byHmac(digest, secret()))),
        ).toEqual(refused);
  });
});

describe('a key of the forger’s own', () => {
  test.each([
    ['RS256', () => byKey(foreign.rsa.privateKey, 'sha256')],
    ['RS512', () => byKey(foreign.rsa.privateKey, 'sha512')],
    ['ES256', () => byKey(foreign.p256.privateKey, 'sha256')],
    ['EdDSA', byForeign],
    ['Ed25519', byForeign],
  ] as const)('%s', async (alg, signing) => {
    for (const claimed of [alg, 'EdDSA'])
      expect(await verdictsOn(await forge({ ...genuine.header, alg: claimed }, genuine.claims, signing()))).toEqual(
        refused,
      );
  });

  const pointers: [string, () => Record<string, unknown>][] = [
    ['jwk', () => ({ jwk: foreignJwk() })],
    ['jwk without kid', () => ({ jwk: foreignJwk(), kid: undefined })],
    ['jku', () => ({ jku: lairUrl() })],
    ['jku without kid', () => ({ jku: lairUrl(), kid: undefined })],
    ['jku and a kid of its own', () => ({ jku: lairUrl(), kid: randomBytes(32).toString('base64url') })],
    ['x5u', () => ({ x5u: lairUrl() })],
    ['x5c', () => ({ x5c: [foreign.ed25519.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')] })],
    ['x5t', () => ({ x5t: 'x', 'x5t#S256': 'x' })],
    ['a kid that is a URL', () => ({ kid: lairUrl() })],
    ['an issuer that has keys', () => ({ iss: lairUrl() })],
    ['jku, declared critical', () => ({ jku: lairUrl(), crit: ['jku'] })],
    ['p2c', () => ({ p2c: 2_000_000_000, p2s: 'x' })],
    ['zip', () => ({ zip: 'DEF' })],
    ['cty', () => ({ cty: 'JWT' })],
  ];
  test.each(pointers)('brought or named by %s, and nobody is asked for it', async (_title, members) => {
    for (const signing of [byForeign(), stolen(), ours()])
      expect(await verdictsOn(await forge({ ...genuine.header, ...members() }, genuine.claims, signing))).toEqual(
        refused,
      );
    const claims = { ...genuine.claims, iss: lairUrl() };
    expect(await verdictsOn(await forge({ ...genuine.header, ...members() }, claims, byForeign()))).toEqual(refused);
    expect(visits).toBe(0);
  });
});

describe('the header', () => {
  const changes: [string, Record<string, unknown>][] = [
    ...['exp', 'b64', 'kid', 'unknown', 'alg'].map((name) => [`crit ${name}`, { crit: [name], unknown: 1 }] as never),
    ...[[], null, 'exp', {}, [1], [null], true].map((crit) => [`crit ${JSON.stringify(crit)}`, { crit }] as never),
    ['b64 false', { b64: false }],
    ['b64 false, declared', { b64: false, crit: ['b64'] }],
    ['b64 true, declared', { b64: true, crit: ['b64'] }],
    ...['JWT', 'rt+jwt', 'at+jwt2', '', 'application/jwt', null, 7, true, [], ['at+jwt'], {}, undefined].map(
      (typ) => [`typ ${JSON.stringify(typ)}`, { typ }] as never,
    ),
    ...[
      ...['', 'x', '../../../../../../dev/null', '..\\..\\windows\\win.ini', '/etc/passwd', 'file:///etc/passwd'],
      ...["' or '1'='1", "x' union select 'x' --", '"; drop table signing_keys; --', '$(id)', '{{7*7}}', '%00', 'a\0b'],
      ...[
        '\0',
        '\n',
        '__proto__',
        'constructor',
        'x'.repeat(43),
        'x'.repeat(1000),
        '😀'.repeat(43),
        `${'A'.repeat(42)}=`,
      ],
      ...[null, 7, 0, true, [], {}, [['x']], { kid: 'x' }, undefined],
    ].map((kid) => [`kid ${String(JSON.stringify(kid)).slice(0, 50)}`, { kid }] as never),
  ];
  test.each(changes)('%s is refused whoever has signed it', async (_title, changed) => {
    const header = { ...genuine.header, ...changed };
    for (const signing of [ours(), byForeign(), stolen(), byHmac('sha256', ''), byNobody])
      expect(await verdictsOn(await forge(header, genuine.claims, signing))).toEqual(refused);
  });

  test.each([
    ['padded with itself', (kid: string) => `${kid}${kid}`],
    ['in capitals', (kid: string) => kid.toUpperCase()],
    ['with a blank', (kid: string) => `${kid} `],
    ['with a NUL', (kid: string) => `${kid}\0`],
    ['in a list', (kid: string) => [kid]],
  ])('the right kid %s is refused', async (_title, change) => {
    const header = { ...genuine.header, kid: change(String(jwk.kid)) };
    expect(await verdictsOn(await forge(header, genuine.claims, ours()))).toEqual(refused);
  });

  test.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['a list of a header', '[{"alg":"EdDSA"}]'],
    ['a text', '"EdDSA"'],
    ['a number', '7'],
    ['nothing', ''],
    ['cut short', '{"alg":"EdDSA","typ":"at+jwt"'],
    ['no JSON', 'alg=EdDSA'],
    ['a byte order mark', '\ufeff{"alg":"EdDSA"}'],
    ['deeply nested', `${'['.repeat(400)}${']'.repeat(400)}`],
  ])('that is %s is refused', async (_title, header) => {
    for (const signing of [ours(), stolen()])
      expect(await verdictsOn(await forge(header, genuine.claims, signing))).toEqual(refused);
  });

  const text = (): string => JSON.stringify(genuine.header);
  test.each([
    ['a second alg', () => text().replace('{', '{"alg":"none",')],
    ['a second alg behind', () => text().replace('}', ',"alg":"none"}')],
    ['a second kid behind', () => text().replace('}', ',"kid":"x"}')],
    ['its members twice', () => text().replace('}', `,${text().slice(1)}`)],
    ['a blank', () => text().replace('{', '{ ')],
    ['a line break behind', () => `${text()}\n`],
  ])('with %s does not fit the signature', async (_title, header) => {
    for (const signing of [stolen(), byForeign(), byNobody])
      expect(await verdictsOn(await forge(header(), genuine.claims, signing))).toEqual(refused);
  });

  test('with a megabyte of kid is refused before anything is read of it', async () => {
    const header = { ...genuine.header, kid: 'x'.repeat(1_000_000) };
    const token = await forge(header, genuine.claims, ours());
    expect(await harness.app.services.accessTokens.verify(token)).toBeUndefined();
    const reply = await fetch(`${harness.app.url}/graphql`, { headers: { authorization: `Bearer ${token}` } });
    expect([reply.status, await harness.app.services.accessTokens.verify(String(person.token))]).toMatchObject([
      431,
      { userId: person.userId },
    ]);
  });
});

describe('claims that the service would not make, under its own signature', () => {
  const texts: readonly unknown[] = ['', 'x', '\0', null, 7, 0, true, false, [], {}, ['x'], { toString: 'x' }];
  const numbers: readonly unknown[] = ['', 'tomorrow', '4000000000', null, true, false, [], {}, [4_000_000_000]];
  const wrong: Record<string, readonly unknown[]> = {
    iss: [...texts, undefined, 'https://elsewhere.example', 'HTTP://LOCALHOST'],
    aud: [...texts, undefined, 'https://elsewhere.example'],
    sub: [...texts, undefined, randomUUID(), "' or 1=1 --", '00000000-0000-0000-0000-000000000000'],
    sid: [...texts, undefined, randomUUID(), "' or 1=1 --", '00000000-0000-0000-0000-000000000000'],
    jti: [...texts, undefined],
    exp: [...numbers, undefined, 0, -1, 1, 1e300, -1e300],
    nbf: [...numbers, 4_000_000_000, 1e300],
    iat: [...numbers, undefined],
  };
  const table = Object.entries(wrong).flatMap(([name, values]) => values.map((value) => [name, value] as const));
  test.each(table)('%s: %j', async (name, value) => {
    const token = await forge(genuine.header, { ...genuine.claims, [name]: value }, ours());
    expect(await verdictsOn(token)).toEqual(refused);
  });

  test.each(['iss', 'aud', 'sub', 'sid', 'jti'])('%s in a list, in capitals or with a blank', async (name) => {
    const value = String(genuine.claims[name]);
    for (const changed of [[value], [value, 'x'], `${value} `, ` ${value}`, `${value}\0`, { value }]) {
      const token = await forge(genuine.header, { ...genuine.claims, [name]: changed }, ours());
      expect([changed, await verdictsOn(token)]).toEqual([changed, refused]);
    }
  });

  test.each(['null', '[]', '"x"', '7', 'true', '', ' ', 'no JSON', '{"sub":', '[{}]', '{}', '\ufeff{}'])(
    'a payload of %j',
    async (payload) => {
      expect(await verdictsOn(await forge(genuine.header, payload, ours()))).toEqual(refused);
    },
  );

  test('another user’s session under one’s own name, and the other way round', async () => {
    const other = takeApart(String((await harness.person('other')).token));
    for (const name of ['sub', 'sid']) {
      const claims = { ...genuine.claims, [name]: other.claims[name] };
      expect(await verdictsOn(await forge(genuine.header, claims, ours()))).toEqual(refused);
    }
  });

  test('someone else’s claims under a signature of one’s own', async () => {
    const other = String((await harness.person('victim')).token).split('.');
    const own = String(person.token).split('.');
    expect(await verdictsOn([own[0], other[1], own[2]].join('.'))).toEqual(refused);
    expect(await verdictsOn([other[0], own[1], other[2]].join('.'))).toEqual(refused);
  });
});

describe('the spelling', () => {
  /** Presents the tokens in batches, because each needs its own request. */
  async function expectRefused(tokens: readonly string[]): Promise<void> {
    const verdicts: string[] = [];
    for (let from = 0; from < tokens.length; from += 50) {
      const batch = tokens.slice(from, from + 50).map((token) => inHeader(harness.app.url, `Bearer ${token}`));
      verdicts.push(...(await Promise.all(batch)).map(verdict));
    }
    expect(tokens.filter((_token, n) => verdicts[n] !== 'UNAUTHENTICATED')).toEqual([]);
  }

  test('another letter at any position is refused', async () => {
    const token = String(person.token);
    const letters = [...token].map((letter, n) => {
      const other = letter === 'A' ? 'B' : 'A';
      return token.slice(0, n) + other + token.slice(n + 1);
    });
    await expectRefused(letters);
  });

  test('every bit of every letter counts, those to spare included', async () => {
    const token = String(person.token);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const { accessTokens } = harness.app.services;
    const changed = [...token].flatMap((letter, n) => {
      if (letter === '.') return [];
      const isLast = n === token.length - 1 || token[n + 1] === '.';
      const bits = isLast ? Array.from({ length: 63 }, (_, bit) => bit + 1) : [1, 2, 4, 8, 16, 32];
      return bits.map((bit) => token.slice(0, n) + alphabet[alphabet.indexOf(letter) ^ bit] + token.slice(n + 1));
    });
    const claims = await Promise.all(changed.map((forged) => accessTokens.verify(forged)));
    const believed = changed.filter((_forged, n) => claims[n]);
    expect(believed).toEqual([]);
  });

  test('a letter too many or too few at any position is refused', async () => {
    const token = String(person.token);
    const positions = Array.from(token, (_letter, n) => n);
    await expectRefused(positions.map((n) => token.slice(0, n) + token.slice(n + 1)));
    await expectRefused(positions.map((n) => `${token.slice(0, n)}A${token.slice(n)}`));
    await expectRefused(positions.map((n) => `${token.slice(0, n)}.${token.slice(n)}`));
  });

  test.each([
    ['a dot before', (t: string) => `.${t}`],
    ['a dot behind', (t: string) => `${t}.`],
    ['two dots', (t: string) => t.replace('.', '..')],
    ['no dots', (t: string) => t.replaceAll('.', '')],
    ['one dot', (t: string) => t.slice(0, t.lastIndexOf('.'))],
    ['itself twice', (t: string) => `${t}.${t}`],
    ['five parts', (t: string) => `${t}.a.b`],
    ['padding', (t: string) => `${t}=`],
    ['more padding', (t: string) => `${t}==`],
    ['padding within', (t: string) => t.replace('.', '=.')],
    ['a tail', (t: string) => `${t}AAAA`],
    ['the alphabet of base64', (t: string) => `${t.slice(0, -2)}+/`],
    ['JSON serialization', (t: string) => encoded({ protected: t.split('.')[0], payload: t.split('.')[1] })],
    ['no payload', (t: string) => t.replace(/\..*\./, '..')],
    ['no header', (t: string) => t.replace(/^[^.]*/, '')],
    ['no signature', (t: string) => t.replace(/[^.]*$/, '')],
  ])('%s', async (_title, change) => {
    expect(await verdictsOn(change(String(person.token)))).toEqual(refused);
  });
});

test('nobody was asked for a key, nothing failed, and the genuine token still holds', async () => {
  expect(await verdictsOn(String(person.token))).toEqual(accepted);
  expect(visits).toBe(0);
  expect(harness.logged.filter((line) => /"level":[56]0/.test(line))).toEqual([]);
});
