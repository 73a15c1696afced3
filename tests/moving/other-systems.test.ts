import { pbkdf2Sync } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import argon2 from 'argon2';
import { base32 } from '../../src/moving/sources/encodings.js';
import { Harness, password } from '../support/harness.js';
import { codesOf, take } from '../support/moving.js';
import { nextCode, signIn } from '../support/second-factor.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);

const signsIn = async (name: string) => {
  const client = harness.client();
  await client.login(name, password);
  return (await client.ask('{ viewer { username roles { name } } }')).data['viewer'];
};

describe('Keycloak', () => {
  const salt = Buffer.from('sixteen bytes it');
  const passwordOf = (algorithm: string, value: Buffer, hashIterations: number, additionalParameters = {}) => ({
    type: 'password',
    createdDate: 1_700_000_000_000,
    secretData: JSON.stringify({ value: value.toString('base64'), salt: salt.toString('base64') }),
    credentialData: JSON.stringify({ hashIterations, algorithm, additionalParameters }),
  });
  const pbkdf2 = (digest: string, length: number) => pbkdf2Sync(password, salt, 1000, length, digest);
  const seed = 'twentycharactersofit';
  const otp = (more: object = {}) => ({
    type: 'otp',
    secretData: JSON.stringify({ value: seed }),
    credentialData: JSON.stringify({
      subType: 'totp',
      digits: 6,
      counter: 0,
      period: 30,
      algorithm: 'HmacSHA1',
      ...more,
    }),
  });
  const user = (username: string, ...credentials: object[]) => ({
    id: crypto.randomUUID(),
    createdTimestamp: 1_600_000_000_000,
    username,
    email: `${username.split('@')[0]}@example.com`,
    enabled: true,
    emailVerified: true,
    firstName: 'Kay',
    lastName: '',
    attributes: { locale: ['de'] },
    credentials,
    realmRoles: ['default-roles-house', 'offline_access', 'reader'],
    clientRoles: { account: ['view-profile'] },
  });

  test('a realm gives its users with passwords, authenticators and roles', async () => {
    const memory = { memory: ['256'], type: ['id'], version: ['1.3'], parallelism: ['1'], hashLength: ['32'] };
    const raw = await argon2.hash(password, { raw: true, salt, memoryCost: 256, timeCost: 2, parallelism: 1 });
    const realm = {
      realm: 'house',
      roles: {
        realm: [{ name: 'reader', description: 'Reads' }, { name: 'default-roles-house' }],
        client: { account: [{ name: 'view-profile' }] },
      },
      users: [
        user('kc.sha256', passwordOf('pbkdf2-sha256', pbkdf2('sha256', 64), 1000)),
        user('kc.sha512', passwordOf('pbkdf2-sha512', pbkdf2('sha512', 64), 1000)),
        user('kc.sha1', passwordOf('pbkdf2', pbkdf2('sha1', 64), 1000)),
        user('kc.argon2', passwordOf('argon2', raw, 2, memory)),
        user('kc.otp', passwordOf('pbkdf2-sha256', pbkdf2('sha256', 32), 1000), otp()),
        user('kc.mail@example.com'),
        { ...user('kc.mail@elsewhere.example'), email: 'kc.mail@elsewhere.example' },
        user('kc.eight.digits', otp({ digits: 8 })),
        user('kc.unknown', passwordOf('md5crypt', pbkdf2('sha1', 20), 1)),
        { ...user('kc.broken'), credentials: [{ type: 'password', secretData: 'nothing', credentialData: '{}' }] },
        { ...user('kc.no.mail'), email: undefined },
        { ...user('service-account-x'), serviceAccountClientId: 'x' },
        { ...user('kc.admin'), realmRoles: ['admin'] },
        { ...user('kc.off'), enabled: false, emailVerified: false },
      ],
      clients: [{ users: ['not one of them'] }],
    };
    const taken = await take(harness, JSON.stringify(realm), { format: 'keycloak' });
    expect(codesOf(taken)).toEqual([
      [10, 'UNUSABLE_SECOND_FACTOR'],
      [11, 'UNUSABLE_HASH'],
      [12, 'UNUSABLE_HASH'],
      [13, 'MALFORMED'],
      [15, 'ADMINISTRATOR'],
    ]);
    expect(taken.imported).toBe(8);
    for (const name of ['kc.sha256', 'kc.sha512', 'kc.sha1', 'kc.argon2'])
      expect(await signsIn(name)).toEqual({ username: name, roles: [{ name: 'reader' }, { name: 'user' }] });
    const secret = base32(Buffer.from(seed));
    const equipped = { name: 'kc.otp', secret, recoveryCodes: [], client: harness.client() };
    expect(await signIn(harness.client(), equipped, nextCode(harness, secret))).toMatchObject({ errors: [] });
    const names = await rows<{ username: string }>(
      `select username from users where username like 'kc.mail%' order by 1`,
    );
    expect(names.map(({ username }) => username)).toEqual(['kc.mail', expect.stringMatching(/^kc\.mail-[0-9a-f]{6}$/)]);
    expect(
      await rows(`select is_active as active, is_verified as verified, language from users where username = 'kc.off'`),
    ).toEqual([{ active: false, verified: false, language: 'de' }]);
  });

  test('a document that ends too early gives whom it has, and says so', async () => {
    const whole = JSON.stringify({ users: [user('kc.first'), user('kc.second')] });
    const taken = await take(harness, whole.slice(0, -30), { format: 'keycloak' });
    expect(codesOf(taken)).toEqual([[2, 'MALFORMED']]);
    expect(taken.imported).toBe(1);
    expect(codesOf(await take(harness, '{"users":[}', { format: 'keycloak' }))).toEqual([[1, 'MALFORMED']]);
  });
});
