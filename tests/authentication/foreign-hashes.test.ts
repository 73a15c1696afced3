import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifierOf } from '../../src/authentication/passwords/foreign-hashes.js';
import { Harness, password } from '../support/harness.js';

const own = { memoryCost: 64, timeCost: 1 };
const flask = {
  pbkdf2: 'pbkdf2:sha256:260000$xQ7bPd3TzLw9Ks2M$afb3a6ff543ba79f42786d5815d8c07f566b02dd8966651f2806f446857d1911',
  scrypt:
    'scrypt:32768:8:1$xQ7bPd3TzLw9Ks2M$f24760ec806ce5e2e23e37f122dd1ccaeb54828108b55e519660250797179bf29829db3773b8161ee8146ceeb68666d3be5c785e1a3ed4dabe0d43b82e76577e',
};
const salt = 'CCCCCCCCCCCCCCCCCCCCC';

/** Computed with Python's hashlib, unless another source is named. */
// biome-ignore format: a table is read by its columns
const vectors: [kind: string, password: string, hash: string][] = [
  ['werkzeug pbkdf2, sha256', password, flask.pbkdf2],
  ['werkzeug pbkdf2, beyond ASCII', 'Žluťoučký 😀', 'pbkdf2:sha256:1000$Salt$75e250d4e9f7c31b32cf38a105e4963834fc74730fd2d244c0395b6c06ef73b4'],
  ['werkzeug pbkdf2, as typed and not in NFC', 'e\u0301le\u0300ve decomposed', 'pbkdf2:sha256:1000$Salt$bf8546ecf68546a01129915d9a519316dba8a2bc4a9b0e312666386f73daf2e5'],
  ['werkzeug pbkdf2, sha1', password, 'pbkdf2:sha1:1000$Salt$24ac3dfe1ba77f1e4f3ccad5dec2915e74a0259f'],
  ['werkzeug pbkdf2, sha512, salt beyond ASCII', password, 'pbkdf2:sha512:1000$Sält$aa8458a614dd4381dceff330382570a6b4b7444a4dcbf05f5dc81120d819d83080cee6936dda1e4cec9a56cfbb65e75affb31624d1b3dae932f4b4b7afe808c9'],
  ['werkzeug scrypt', password, flask.scrypt],
  // Openwall's crypt_blowfish.
  ['bcrypt', 'U*U', `$2a$05$${salt}.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`],
  ['bcrypt', 'U*U*', `$2a$05$${salt}.VGOzA784oUp/Z0DY336zx7pLYAy0lwK`],
  ['bcrypt', 'U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
  ['bcrypt 2b', 'U*U', `$2b$05$${salt}.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`],
  ['bcrypt 2y', 'U*U', `$2y$05$${salt}.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`],
  ['bcrypt, empty', '', `$2a$05$${salt}.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy`],
  // RFC 7914, section 12.
  ['PHC scrypt', 'password', '$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA'],
  ['PHC scrypt', 'pleaseletmein', '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw'],
  // The documentation of passlib.
  ['PHC scrypt', 'password', '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E'],
  // The documentation of passlib, whose Base64 has a full stop in place of the plus sign.
  ['passlib pbkdf2, sha256', 'toomanysecrets', '$pbkdf2-sha256$29000$N2YMIWQsBWBMae09x1jrPQ$1t8iyB2A.WF/Z5JZv.lfCIhXXN33N23OSgQYThBYRfk'],
  // The example of firebase/scrypt, in the form of Ory Kratos.
  ['Firebase scrypt', 'user1password', '$firescrypt$ln=14,r=8,p=1$42xEC+ixf3L2lw$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ$Bw$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA'],
  // Computed with Python's hashlib, with a block of the digest and with several.
  ['PHC pbkdf2, sha512', 'Žluťoučký 😀', '$pbkdf2-sha512$i=1000$+//+IHNhbHRzYWx0$WDMBLAIDtdHoZI/yi+pcuwljJNPlG53zFMQzZNlHs5nyeB3DSXEaQep3qYgjueHbV2mhFdvncFfqjNOHuoeNSA'],
  ['PHC pbkdf2, sha1', 'password', '$pbkdf2-sha1$i=1000,l=64$+//+IHNhbHRzYWx0$LH2/iURzjTItf88Jk9JNV4K+11Dd8LSdbFDQTqgNp+lTJkj66Yf+Knd02D1IEZcXJJzZfDzxyDse0uhhCBPrDA'],
  // From the tests of the reference implementation, phc-winner-argon2; argon2d from its library.
  ['argon2i', 'password', '$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8'],
  ['argon2i, first version', 'password', '$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ'],
  ['argon2id', 'password', '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'],
  ['argon2d', 'password', '$argon2d$v=19$m=256,t=2,p=1$c29tZXNhbHQ$JcTui6RIBUtJ78gE5Hi52CO+H5vS6Z9R1uxAB6OhUB8'],
];

test.each(vectors)('%s: %j verifies, its neighbours do not', async (_kind, typed, hash) => {
  const verify = verifierOf(hash, own);
  expect(await verify?.(typed)).toBe(true);
  for (const wrong of [
    `${typed} `,
    `${typed.slice(0, -1)}_`,
    typed.toUpperCase() + typed.toLowerCase() + 1,
    'unlike it',
  ])
    expect([wrong, await verify?.(wrong)]).toEqual([wrong, false]);
});

test.each(vectors)('%s of %j: an altered hash does not verify', async (_kind, typed, hash) => {
  const place = hash.length - 9;
  const altered = `${hash.slice(0, place)}${hash[place] === '0' ? '1' : '0'}${hash.slice(place + 1)}`;
  expect((await verifierOf(altered, own)?.(typed)) ?? false).toBe(false);
});

const tail = 'c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8';
const hex = 'ab'.repeat(32);

test.each([
  '',
  '!',
  'plain text',
  '$',
  'pbkdf2:sha256:1000$Salt$',
  `pbkdf2:sha256$Salt$${hex}`,
  `pbkdf2:sha256:0$Salt$${hex}`,
  `pbkdf2:sha256:-1$Salt$${hex}`,
  `pbkdf2:sha256:1e9$Salt$${hex}`,
  `pbkdf2:sha256:9999999$Salt$${hex}`,
  `pbkdf2:sha256:99999999999999999999$Salt$${hex}`,
  `pbkdf2:md5:1000$Salt$${'ab'.repeat(16)}`,
  `pbkdf2:sha256:1000$Salt$${hex.slice(2)}`,
  `pbkdf2:sha256:1000$Salt$${'zz'.repeat(32)}`,
  `pbkdf2:sha256:1000$${'x'.repeat(100_000)}$${hex}`,
  `sha256$Salt$${hex}`,
  `$pbkdf2-sha256$i=0$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8`,
  `$pbkdf2-md5$i=1000$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8`,
  // Each block of the digest costs all rounds.
  `$pbkdf2-sha256$i=4000000$c29tZXNhbHQ$${'iekCn0Y3'.repeat(8)}`,
  `scrypt:16777216:8:1$Salt$${hex}${hex}`,
  `scrypt:32768:8:999$Salt$${hex}${hex}`,
  `scrypt:32767:8:1$Salt$${hex}${hex}`,
  `scrypt:1:8:1$Salt$${hex}${hex}`,
  `scrypt:0:0:0$Salt$${hex}${hex}`,
  `scrypt:32768:8:0$Salt$${hex}${hex}`,
  `$2a$16$${salt}.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`,
  `$2a$31$${salt}.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`,
  `$2a$99$${salt}.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`,
  `$2x$05$${salt}.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`,
  `$2a$05$${salt}`,
  `$2a$03$${salt}.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`,
  '$argon2id$v=19$m=256,t=2,p=1$c2E$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
  `scrypt:4:999:127$Salt$${hex}${hex}`,
  `scrypt:65536:1:1$Salt$${hex}${hex}`,
  `$scrypt$ln=16,r=1,p=1$${tail}`,
  `$scrypt$ln=31,r=8,p=1$${tail}`,
  `$scrypt$ln=99,r=999,p=999$${tail}`,
  `$scrypt$ln=0,r=8,p=1$${tail}`,
  `$scrypt$r=8,p=1$${tail}`,
  `$argon2i$v=19$m=4294967295,t=2,p=1$${tail}`,
  `$argon2i$v=19$m=65536,t=9999,p=1$${tail}`,
  `$argon2i$v=19$m=65536,t=0,p=1$${tail}`,
  `$argon2i$v=19$m=64,t=1,p=255$${tail}`,
  `$argon2i$v=18$m=256,t=2,p=1$${tail}`,
  `$argon2x$v=19$m=256,t=2,p=1$${tail}`,
  '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$AAAA',
  '$argon2id$',
])('a malformed or absurd hash is nobody’s: %s', (hash) => {
  expect(verifierOf(hash, own)).toBeUndefined();
});

const shapes = [22, 23, 24, 43, 86, 127, 128].flatMap((length) => [
  `$argon2id$v=19$m=64,t=1,p=1$${'A'.repeat(length)}$${'A'.repeat(22)}`,
  `$argon2id$v=19$m=64,t=1,p=8$c29tZXNhbHQ$${'A'.repeat(length)}`,
  `$argon2d$m=64,t=1,p=1$${'/'.repeat(length - 12)}$${'+'.repeat(length)}`,
  `$scrypt$ln=1,r=1,p=1$${'A'.repeat(length)}$${'A'.repeat(22)}`,
  `$scrypt$ln=15,r=1,p=1$c2E$${'/'.repeat(length)}`,
  `scrypt:2:1:1$${'😀'.repeat(Math.floor(length / 2))}$${hex}${hex}`,
  `scrypt:4:8:${length}$S$${hex}${hex}`,
  `scrypt:2:${length}:7$S$${hex}${hex}`,
  `pbkdf2:sha512:1$${' '.repeat(length)}$${hex}${hex}`,
  `$2y$04$${'/9zZ'.repeat(13)}${String(length).at(-1)}`,
]);

test('no shape of a hash makes an error of a sign-in', async () => {
  for (const hash of shapes)
    for (const typed of ['', 'x'.repeat(1024), '😀'])
      expect([hash, (await verifierOf(hash, own)?.(typed)) ?? false]).toEqual([hash, false]);
});

test('however much the service spends on its own hashes, they verify', () => {
  const costly = `$argon2id$v=19$m=3145728,t=4,p=1$${tail}`;
  expect(verifierOf(costly, own)).toBeUndefined();
  expect(verifierOf(costly, { memoryCost: 3_145_728, timeCost: 4 })).toBeDefined();
});

describe('people who come from elsewhere', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());

  const sql = () => harness.app.services.database.sql;
  const setHash = (username: string, hash: string) =>
    sql().rows('update users set password_hash = $2 where username = $1', [username, hash]);
  const hashOf = async (username: string) =>
    (await sql().row<{ hash: string }>('select password_hash as hash from users where username = $1', [username]))
      ?.hash;
  const signIn = (username: string, typed: string) => harness.client().login(username, typed);
  const codes = (payload: { errors?: unknown }) => (payload.errors as { code: string }[]).map(({ code }) => code);

  test.each(vectors.map(([kind, typed, hash], place) => [kind, `newcomer${place}`, typed, hash] as const))(
    '%s: %s signs in, is upgraded and signs in again; a wrong password upgrades nothing',
    async (_kind, username, typed, hash) => {
      await harness.person(username);
      await setHash(username, hash);
      expect(codes(await signIn(username, `${typed}!`))).toEqual(['INVALID_CREDENTIALS']);
      expect(await hashOf(username)).toBe(hash);
      expect(codes(await signIn(username, typed))).toEqual([]);
      const upgraded = await hashOf(username);
      expect(upgraded).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
      expect(codes(await signIn(username, `${typed}!`))).toEqual(['INVALID_CREDENTIALS']);
      expect(codes(await signIn(username, typed))).toEqual([]);
      expect(await hashOf(username)).toBe(upgraded);
    },
  );

  test('ten sign-ins at once with a hash from elsewhere all succeed', async () => {
    await harness.person('hasty');
    await setHash('hasty', flask.pbkdf2);
    const payloads = await Promise.all(Array.from({ length: 10 }, () => signIn('hasty', password)));
    expect(payloads.flatMap(codes)).toEqual([]);
    expect(await hashOf('hasty')).toMatch(/^\$argon2id\$/);
  });

  test.each([
    '',
    '!',
    'plain',
    password,
    `pbkdf2:sha256:9999999$Salt$${hex}`,
    `$2a$31$${salt}.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW`,
  ])('an account whose hash is %j opens for nobody, and the work done tells nothing of it', async (hash) => {
    const username = `stuck${Buffer.from(hash).toString('hex').slice(0, 12)}${hash.length}`;
    await harness.person(username);
    await setHash(username, hash);
    for (const typed of [password, hash]) {
      const tried = async () => expect(codes(await signIn(username, typed))).toEqual(['INVALID_CREDENTIALS']);
      expect(await harness.hashing.during(tried)).toBe(1);
    }
    expect(await hashOf(username)).toBe(hash);
  });
});
