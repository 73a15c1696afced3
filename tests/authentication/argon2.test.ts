import { describe, expect, test } from '@jest/globals';
import * as fast from '@node-rs/argon2';
import argon2 from 'argon2';
import fc from 'fast-check';
import { argon2Binding, argon2Bindings, firstSound } from '../../src/authentication/passwords/argon2-bindings.js';
import { hashWithArgon2, isOutdatedArgon2, parseArgon2 } from '../../src/authentication/passwords/argon2-hashes.js';
import type { Argon2Terms, DeriveArgon2 } from '../../src/authentication/passwords/argon2-terms.js';
import { verifierOf } from '../../src/authentication/passwords/foreign-hashes.js';

const own = { memoryCost: 64, timeCost: 1 };
const variants = { argon2d: argon2.argon2d, argon2i: argon2.argon2i, argon2id: argon2.argon2id } as const;

/** Text of every kind: half of a surrogate pair, NUL, signs of many bytes; short and far longer than a block of BLAKE2b. */
const passwords = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', '\0', '\uD800', 'e\u0301', '😀'.repeat(512), 'x'.repeat(1024)),
);
const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
/** Odd costs too: the memory is no multiple of what the lanes divide it into. */
const terms: fc.Arbitrary<Argon2Terms> = fc
  .record({
    variant: fc.constantFrom('argon2d', 'argon2i', 'argon2id'),
    version: fc.constantFrom(16, 19),
    more: fc.nat(300),
    passes: fc.integer({ min: 1, max: 5 }),
    lanes: fc.integer({ min: 1, max: 9 }),
    salt: bytes(8, 96),
    length: fc.integer({ min: 16, max: 96 }),
  })
  .map(({ more, ...rest }) => ({ ...rest, memory: 8 * rest.lanes + more }));

const base64 = (data: Buffer) => data.toString('base64').replaceAll('=', '');
const phc = ({ variant, version, memory, passes, lanes, salt }: Argon2Terms, hash: Buffer) =>
  `$${variant}$v=${version}$m=${memory},t=${passes},p=${lanes}$${base64(salt)}$${base64(hash)}`;
const loaded = async (name: string): Promise<DeriveArgon2> => {
  const found = argon2Bindings.find(([known]) => known === name);
  if (!found) throw new Error(`There is no binding ${name}`);
  return found[1]();
};
const runs = { numRuns: 300 };

describe('the two bindings', () => {
  test('compute the same bytes, and what one has hashed the other and the service verify', async () => {
    const [one, other] = [await loaded('@node-rs/argon2'), await loaded('argon2')];
    const agree = fc.asyncProperty(passwords, terms, async (password, made) => {
      const [hash, same] = [await one(password, made), await other(password, made)];
      expect(hash.equals(same)).toBe(true);
      const text = phc(made, hash);
      expect(await argon2.verify(text, password)).toBe(true);
      expect(await verifierOf(text, own)?.(password)).toBe(true);
      expect(await verifierOf(text, own)?.(`${password}x`)).toBe(false);
      // The binding's own parser refuses what is longer; the service does not use it.
      if (made.salt.length <= 48 && made.length <= 64) expect(await fast.verify(text, password)).toBe(true);
    });
    await fc.assert(agree, runs);
  });

  test('hashes made by the packages themselves verify, and those of the service verify with them', async () => {
    const both = fc.asyncProperty(passwords, terms, async (password, { memory, passes, lanes }) => {
      const cost = { memoryCost: memory, timeCost: passes, parallelism: lanes };
      const hashes = [
        await argon2.hash(password, { type: argon2.argon2id, ...cost }),
        // Halves of surrogate pairs as UTF-8, as the other does; as strings they would be the same.
        await fast.hash(Buffer.from(password), cost),
        await hashWithArgon2(password, cost),
      ];
      for (const hash of hashes) {
        expect(hash).toMatch(
          new RegExp(String.raw`^\$argon2id\$v=19\$m=${memory},t=${passes},p=${lanes}\$[\w+/]{22}\$[\w+/]{43}$`),
        );
        expect(isOutdatedArgon2(hash, cost)).toBe(false);
        expect(await verifierOf(hash, own)?.(password)).toBe(true);
        expect(await argon2.verify(hash, password)).toBe(true);
        expect(await fast.verify(hash, Buffer.from(password))).toBe(true);
      }
    });
    await fc.assert(both, { numRuns: 100 });
  });

  test('each is as good as the other for hashes that the service has', async () => {
    const cost = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };
    const hash = await argon2.hash('Žluťoučký 😀', { type: argon2.argon2id, ...cost });
    expect(await verifierOf(hash, own)?.('Žluťoučký 😀')).toBe(true);
    expect(await argon2.verify(await hashWithArgon2('Žluťoučký 😀', cost), 'Žluťoučký 😀')).toBe(true);
  });
});

/** A hash with one part replaced, cut, doubled or swapped. */
const mutilated = fc
  .tuple(terms, fc.nat(), fc.nat(), fc.string({ maxLength: 12 }))
  .map(([made, from, length, instead]) => {
    const text = phc(made, Buffer.alloc(made.length, 7));
    const start = from % text.length;
    return text.slice(0, start) + instead + text.slice(start + (length % 20));
  });

test('whatever is made of a hash is refused or answered, never an error, and costs no more than is allowed', async () => {
  const harmless = fc.asyncProperty(mutilated, passwords, async (text, password) => {
    const verify = verifierOf(text, own);
    const parsed = parseArgon2(text);
    if (!verify) return;
    // Cheap enough to be run here. A part may have become longer, so a cost may be anything up to the bound.
    if (parsed && parsed.memory * parsed.passes > 100_000)
      return void expect(parsed.memory).toBeLessThanOrEqual(2 ** 21);
    expect(typeof (await verify(password))).toBe('boolean');
  });
  await fc.assert(harmless, { numRuns: 1000 });
});

test.each([
  ['m=4194305,t=1,p=1', 'more than 2 GiB'],
  ['m=99999999,t=1,p=1', 'what no machine has'],
  ['m=-1,t=1,p=1', 'a sign, which would wrap'],
  ['m=2097152,t=3,p=1', 'more work than allowed'],
  ['m=7,t=1,p=1', 'too little'],
  ['m=64,t=1,p=9', 'too little for its lanes'],
  ['m=64,t=0,p=1', 'no pass'],
  ['m=64,t=1,p=0', 'no lane'],
  ['t=1,p=1,m=64', 'another order'],
])('%s is refused before it is computed: %s', (parameters) => {
  const hash = `$argon2id$v=19$${parameters}$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8`;
  expect(verifierOf(hash, own)).toBeUndefined();
});

describe('which binding is used', () => {
  const right = async () => loaded('argon2');
  const fails = async () => {
    throw new Error('no binary for this machine');
  };
  const wrong = async () => async () => Buffer.alloc(32);

  test('the fastest, where it loads', async () => {
    expect((await argon2Binding()).name).toBe('@node-rs/argon2');
  });

  test('the next one where the first does not load, throws or computes something else', async () => {
    const throws = async () => fails;
    for (const first of [fails, throws, wrong])
      expect(
        await firstSound([
          ['first', first],
          ['second', right],
        ]),
      ).toMatchObject({ name: 'second' });
  });

  test('without any there is no service, and each reason is told', async () => {
    const none = firstSound([
      ['one', fails],
      ['two', wrong],
    ]);
    await expect(none).rejects.toMatchObject({ errors: [expect.any(Error), expect.any(Error)] });
  });
});

test('a hash is outdated by any other parameter, variant or version, and so is what is no hash', async () => {
  const cost = { memoryCost: 64, timeCost: 2, parallelism: 2 };
  const hash = await hashWithArgon2('x', cost);
  expect(isOutdatedArgon2(hash, cost)).toBe(false);
  for (const other of [{ memoryCost: 65 }, { timeCost: 1 }, { parallelism: 1 }])
    expect(isOutdatedArgon2(hash, { ...cost, ...other })).toBe(true);
  const others = [
    hash.replace('argon2id', 'argon2i'),
    hash.replace('v=19', 'v=16'),
    hash.replace('$v=19', ''),
    '!',
    '',
  ];
  for (const other of others) expect(isOutdatedArgon2(other, cost)).toBe(true);
  expect(variants[parseArgon2(hash)?.variant ?? 'argon2d']).toBe(argon2.argon2id);
});
