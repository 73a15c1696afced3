import { pbkdf2Sync } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import argon2 from 'argon2';
import bcrypt from 'bcryptjs';
import { base32 } from '../../src/moving/sources/encodings.js';
import { Harness, password } from '../support/harness.js';
import { codesOf, jsonLinesOf, take } from '../support/moving.js';
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

describe('Flask', () => {
  const scrypt =
    'scrypt:32768:8:1$xQ7bPd3TzLw9Ks2M$f24760ec806ce5e2e23e37f122dd1ccaeb54828108b55e519660250797179bf29829db3773b8161ee8146ceeb68666d3be5c785e1a3ed4dabe0d43b82e76577e';
  const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  /** As pg_dump writes it: people before their roles, in the order of the names of tables. */
  const dump = String.raw`--
-- PostgreSQL database dump
--
SET statement_timeout = 0;
COPY public.alembic_version (version_num) FROM stdin;
1a2b3c
\.

COPY public.users (id, username, email, password_hash, is_active, email_verified, is_admin, bio, created_at, last_login, totp_secret, two_factor_enabled, preferences) FROM stdin;
1	flask.root	flask.root@example.com	${scrypt}	t	t	t	\N	2020-01-01 10:00:00	\N	\N	f	\N
2	flask.ada	flask.ada@example.com	${scrypt}	t	t	f	First\nline two \\ end	2020-02-03 04:05:06.123456+00	2021-01-01 00:00:00+02	${seed}	t	{"language": "pt_BR", "timezone": "Europe/Lisbon", "email_notifications": false}
3	flask.gone	flask.gone@example.com	\N	f	f	f	\N	2020-01-01 10:00:00	\N	\N	f	\N
4	flask.lost	flask.lost@example.com	\N	t	t	f	\N	2020-01-01 10:00:00	\N	\N	t	\N
5	too few columns
6	flask.old	flask.old@example.com	sha256$salt$abcdef	t	t	f	\N	2020-01-01 10:00:00	\N	\N	f	\N
7	Flask Name@example.com	flask.name@example.com	\N	t	t	f	\N	2020-01-01 10:00:00	\N	\N	f	\N
8	flask.odd	flask.odd@example.com	\N	t	t	f	\N	2020-01-01 10:00:00	\N	\N	f	\N
\.

COPY public.permissions (id, name, description) FROM stdin;
10	ticket:close	\N
11	ticket:read	\N
\.

COPY public.role_permissions (role_id, permission_id) FROM stdin;
20	10
20	11
\.

COPY public.roles (id, name, description, created_at) FROM stdin;
20	flask agent	Answers tickets	2020-01-01 09:00:00
21	User	\N	2020-01-01 09:00:00
\.

COPY public.user_roles (user_id, role_id, granted_by, granted_at, expires_at) FROM stdin;
2	20	1	2020-03-01 00:00:00	\N
2	21	\N	2020-02-03 04:05:06	\N
3	20	1	2020-03-01 00:00:00	2021-03-01 00:00:00
8	99	1	2020-03-01 00:00:00	\N
\.
`;

  test('a dump gives people, their roles with granter and end, and their second factor', async () => {
    const taken = await take(harness, dump, { format: 'flask', allowAdministrators: true });
    expect(taken.report.map(({ code }) => code)).toEqual([
      'UNUSABLE_SECOND_FACTOR',
      'MALFORMED',
      'UNUSABLE_HASH',
      'UNKNOWN_ROLE',
    ]);
    expect(taken.imported).toBe(4);
    const [ada] = await rows(
      `select u.bio, u.language, u.timezone, u.email_notifications as notified, u.created_at as "createdAt",
         u.last_login_at as "lastLoginAt", g.granted_at as "grantedAt", r.name as role, by.username as by
       from users u join role_grants g on g.user_id = u.id join roles r on r.id = g.role_id and not r.is_system
       join users by on by.id = g.granted_by_id where u.username = 'flask.ada'`,
    );
    expect(ada).toEqual({
      bio: 'First\nline two \\ end',
      language: 'pt-BR',
      timezone: 'Europe/Lisbon',
      notified: false,
      createdAt: new Date('2020-02-03T04:05:06.123Z'),
      lastLoginAt: new Date('2020-12-31T22:00:00Z'),
      grantedAt: new Date('2020-03-01T00:00:00Z'),
      role: 'flask agent',
      by: 'flask.root',
    });
    expect(
      await rows(
        `select p.name from permissions p join roles r on r.id = p.role_id where r.name = 'flask agent' order by 1`,
      ),
    ).toEqual([{ name: 'ticket:close' }, { name: 'ticket:read' }]);
    const equipped = { name: 'flask.ada', secret: seed, recoveryCodes: [], client: harness.client() };
    expect(await signIn(harness.client(), equipped, nextCode(harness, seed))).toMatchObject({ errors: [] });
    expect(await signsIn('flask.root')).toMatchObject({ roles: [{ name: 'admin' }, { name: 'user' }] });
    expect(await rows(`select username from users where email = 'flask.name@example.com'`)).toEqual([
      { username: 'flask.name' },
    ]);
  });
});

describe('Auth0', () => {
  test('both exports give people; a hash is bcrypt', async () => {
    const hash = await bcrypt.hash(password, 4);
    const text = jsonLinesOf(
      {
        _id: { $oid: '5f7c8ec7c33c6c004bbafe82' },
        email_verified: true,
        email: 'oh.one@example.com',
        passwordHash: hash,
        password_set_date: { $date: '2020-01-01T00:00:00.000Z' },
        tenant: 'house',
        connection: 'Username-Password-Authentication',
        _tmp_is_unique: true,
      },
      {
        user_id: 'auth0|5f7c8ec7c33c6c004bbafe83',
        email: 'oh.two@example.com',
        email_verified: false,
        nickname: 'two',
        given_name: 'Oh',
        blocked: true,
        created_at: '2020-01-01T00:00:00.000Z',
        identities: [{ provider: 'auth0' }],
      },
      { user_id: 'auth0|3', email: 'oh.three@example.com', multifactor: ['guardian'] },
      { user_id: 'sms|4', phone_number: '+49' },
    );
    const taken = await take(harness, text, { format: 'auth0' });
    expect(codesOf(taken)).toEqual([
      [3, 'UNUSABLE_SECOND_FACTOR'],
      [4, 'MALFORMED'],
    ]);
    expect(await signsIn('oh.one')).toEqual({ username: 'oh.one', roles: [{ name: 'user' }] });
    const two = `select is_active as active, is_verified as verified, first_name as name from users where username = 'oh.two'`;
    expect(await rows(two)).toEqual([{ active: false, verified: false, name: 'Oh' }]);
  });
});

describe('Firebase', () => {
  /** The example of firebase/scrypt. */
  const hashParameters = {
    base64_signer_key: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
    base64_salt_separator: 'Bw==',
    rounds: 8,
    mem_cost: 14,
  };
  const passwordHash = 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==';
  const user = (name: string, more = {}) => ({
    localId: `${name}localId0123456789`,
    email: `${name}@example.com`,
    emailVerified: true,
    displayName: 'Fay <b>Base</b>',
    passwordHash,
    salt: '42xEC+ixf3L2lw==',
    lastSignedInAt: '1600000000001',
    createdAt: '1600000000000',
    providerUserInfo: [],
    ...more,
  });

  test('people sign in with the modified scrypt of their project', async () => {
    const users = [
      user('fire.one'),
      user('fire.two', { passwordHash: undefined, salt: undefined, disabled: true }),
      user('fire.three', { mfaInfo: [{ phoneInfo: '+49' }] }),
      user('fire.four', { email: undefined }),
    ];
    const text = JSON.stringify({ users });
    expect(codesOf(await take(harness, text, { format: 'firebase', isDry: true }))).toContainEqual([
      1,
      'UNUSABLE_HASH',
    ]);
    const taken = await take(harness, text, { format: 'firebase', hashParameters });
    expect(codesOf(taken)).toEqual([
      [3, 'UNUSABLE_SECOND_FACTOR'],
      [4, 'MALFORMED'],
    ]);
    const client = harness.client();
    await client.login('fire.one', 'user1password');
    expect((await client.ask('{ viewer { username firstName } }')).data['viewer']).toEqual({
      username: 'fire.one',
      firstName: 'Fay <b>Base</b>',
    });
  });
});
