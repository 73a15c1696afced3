import { beforeAll, describe, expect, test } from '@jest/globals';
import { minutes } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import { placeholder } from '../support/arbitrary-conditions.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { type Given, give, makeRole, outcomeOf, permitTo } from '../support/roles.js';

// Users must not be able to give themselves more rights than they hold, or the same rights for longer.

const all = ['role:*'];
let harness: Harness;
let admin: Client;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start({ ACCESS_TOKEN_LIFETIME: '24h' });
  admin = await harness.admin();
});

const sql = () => harness.app.services.database.sql;
const newRole = (level: number, permits: Given['permits'] = []) =>
  makeRole(admin, { name: `role ${++count}`, level, permits });
/** The instant this many minutes from now, in ISO 8601. */
const inMinutes = (from: number) => new Date(harness.clock.now().getTime() + minutes(from)).toISOString();
const later = (instant: string, milliseconds = 1) => new Date(Date.parse(instant) + milliseconds).toISOString();

/** Creates a person who holds these roles, each without an expiry or until an instant. */
async function holderOf(...held: (readonly [roleId: string, until?: string])[]): Promise<Client> {
  const person = await harness.person(`holder.${++count}`);
  for (const [roleId, until] of held) await give(admin, person, roleId, until ?? null);
  return person;
}
const grantOwn = (client: Client, roleId: string, expiresAt: string | null = null) =>
  outcomeOf(client, 'grantRole', { userId: client.userId, roleId, expiresAt });
const add = (client: Client, roleId: string, permission = 'order:read') => {
  const [resource, action] = permission.split(':');
  return outcomeOf(client, 'addPermission', { roleId, resource, action });
};
const ends = 'ABOVE_OWN_LEVEL expiresAt';
const held = async (client: Client) => {
  const { data } = await client.ask('{ viewer { permissions { name } } }');
  const permissions = data['viewer']?.['permissions'] as unknown as Json[];
  return permissions.map(({ name }) => String(name));
};
/** The expiry of a user's active grant of a role. Null: it does not expire; undefined: there is no grant. */
const endOf = async ({ userId }: Client, roleId: string) =>
  (
    await sql().row<{ end: Date | null }>(
      'select expires_at as end from role_grants where user_id = $1 and role_id = $2 and revoked_at is null',
      [String(userId), roleId],
    )
  )?.end;

test('a role made while one may make roles is not kept by its maker beyond that', async () => {
  const end = inMinutes(30);
  const visitor = await holderOf([await newRole(50, all), end]);
  const copy = await makeRole(visitor, { name: `copy ${++count}`, level: 49, permits: all });
  for (const [until, outcome] of [
    [null, ends],
    [later(end), ends],
    [inMinutes(60 * 24 * 365), ends],
    [end, 'ok'],
  ] as const)
    expect(await grantOwn(visitor, copy, until)).toBe(outcome);
  expect(await endOf(visitor, copy)).toEqual(new Date(end));
  // The copied role does not allow a later expiry either.
  const another = await makeRole(visitor, { name: `copy ${++count}`, level: 48, permits: all });
  expect(await grantOwn(visitor, another, later(end))).toBe(ends);
  expect(await grantOwn(visitor, copy, later(end))).toBe(ends);
  harness.clock.advance(minutes(31));
  expect(await held(visitor)).not.toContain('role:*');
  expect(await grantOwn(visitor, another, inMinutes(1))).toBe('FORBIDDEN');
});

describe('what a role takes to be given lasts as long as the first part of it', () => {
  const parts: [what: string, given: () => Promise<Client>, level: number, permits: string[]][] = [
    [
      'the right to give',
      async () => holderOf([await newRole(50, ['order:read'])], [await newRole(20, ['role:grant']), inMinutes(30)]),
      10,
      ['order:read'],
    ],
    [
      'what the role permits',
      async () => holderOf([await newRole(50, all)], [await newRole(1, ['order:read']), inMinutes(30)]),
      10,
      ['order:read'],
    ],
    [
      'one of many that it permits',
      async () => holderOf([await newRole(50, [...all, 'a:b', 'c:d'])], [await newRole(1, ['order:*']), inMinutes(30)]),
      10,
      ['a:b', 'order:read', 'c:d'],
    ],
    [
      'the level',
      async () => holderOf([await newRole(20, [...all, 'order:read'])], [await newRole(50), inMinutes(30)]),
      30,
      ['order:read'],
    ],
  ];

  test.each(parts)('%s', async (_what, given, level, permits) => {
    const role = await newRole(level, permits);
    const somebody = await given();
    const end = inMinutes(31);
    expect(await grantOwn(somebody, role)).toBe(ends);
    expect(await grantOwn(somebody, role, end)).toBe(ends);
    expect(await endOf(somebody, role)).toBeUndefined();
    expect(await grantOwn(somebody, role, inMinutes(20))).toBe('ok');
  });

  test('the name of a role that a condition asks for', async () => {
    const guest = await newRole(1);
    const giving = await newRole(50, [['role:grant', { name: { $in: placeholder('user.roles') } }]]);
    const end = inMinutes(30);
    const somebody = await holderOf([giving], [guest, end]);
    expect(await grantOwn(somebody, guest, later(end))).toBe(ends);
    expect(await grantOwn(somebody, guest, inMinutes(20))).toBe('ok');
  });
});

test('the longest of several grants counts', async () => {
  const [short, long] = [inMinutes(10), inMinutes(30)];
  const role = await newRole(10);
  const somebody = await holderOf([await newRole(50, all), short], [await newRole(50, all), long]);
  expect(await grantOwn(somebody, role, later(long))).toBe(ends);
  expect(await grantOwn(somebody, role, long)).toBe('ok');
});

test('what one holds anyway may be made shorter, by whomever, and stays what it is', async () => {
  const end = inMinutes(30);
  const role = await newRole(10);
  const somebody = await holderOf([await newRole(50, all), end], [role]);
  expect(await grantOwn(somebody, role)).toBe('ok');
  expect(await grantOwn(somebody, role, inMinutes(60))).toBe('ok');
  expect(await grantOwn(somebody, role, inMinutes(61))).toBe(ends);
  expect(await grantOwn(somebody, role)).toBe(ends);
});

test('who holds the right for good gives themself what they hold for good', async () => {
  const role = await newRole(10, ['order:read']);
  const somebody = await holderOf([await newRole(50, [...all, 'order:*'])]);
  expect(await grantOwn(somebody, role)).toBe('ok');
  expect(await grantOwn(admin, role)).toBe('ok');
  const administrator = await holderOf([await newRole(50, all), inMinutes(30)]);
  const flag = { userId: administrator.userId, isAdmin: true };
  expect(await outcomeOf(admin, 'setAdministrator', flag)).toBe('ok');
  expect(await grantOwn(administrator, role)).toBe('ok');
});

test('others are given it for as long as one likes, by every way', async () => {
  const end = inMinutes(30);
  const visitor = await holderOf([await newRole(50, [...all, 'user:create', 'user:read']), end]);
  const role = await newRole(10);
  const other = await harness.person(`other.${++count}`);
  expect(await outcomeOf(visitor, 'grantRole', { userId: other.userId, roleId: role })).toBe('ok');
  const username = `created.${++count}`;
  const account = { username, email: `${username}@example.com`, password: 'a long enough passphrase' };
  expect(await outcomeOf(visitor, 'createUser', { ...account, roleIds: [role] })).toBe('ok');
});

test('an API token gives its owner no more time than they have', async () => {
  const end = inMinutes(30);
  const visitor = await holderOf([await newRole(50, all), end]);
  const role = await newRole(10);
  const token = harness.client();
  token.token = (await makeToken(visitor, ['role:*'])).token;
  token.userId = visitor.userId;
  expect(await grantOwn(token, role)).toBe(ends);
  expect(await grantOwn(token, role, end)).toBe('ok');
});

describe('a role that one holds beyond the right to change it', () => {
  let visitor: Client;
  let kept: string;
  let short: string;
  let strange: string;
  let user: string;
  beforeAll(async () => {
    [kept, short, strange] = [await newRole(10), await newRole(10), await newRole(10)];
    const end = inMinutes(30);
    visitor = await holderOf([await newRole(50, [...all, 'order:read']), end], [kept], [short, end]);
    user = String((await sql().row<{ id: string }>("select id from roles where is_system and name = 'user'"))?.id);
  });

  test('is given nothing by its holder; others, and those held for as long, are', async () => {
    for (const roleId of [kept, kept.toUpperCase(), user])
      expect(await add(visitor, roleId)).toBe('ABOVE_OWN_LEVEL roleId');
    for (const roleId of [short, strange]) expect(await add(visitor, roleId)).toBe('ok');
    expect(await held(visitor)).toContain('order:read');
  });

  test('is neither raised nor renamed', async () => {
    const edit = (roleId: string, change: object) => outcomeOf(visitor, 'updateRole', { roleId, ...change });
    expect(await edit(kept, { level: 11 })).toBe('ABOVE_OWN_LEVEL level');
    expect(await edit(kept, { name: `renamed ${++count}` })).toBe('ABOVE_OWN_LEVEL name');
    for (const change of [{ description: 'x' }, { level: 9 }]) expect(await edit(kept, change)).toBe('ok');
    for (const roleId of [short, strange])
      for (const change of [{ level: 11 }, { name: `renamed ${++count}` }])
        expect(await edit(roleId, change)).toBe('ok');
  });

  test('loses what it is made to lose', async () => {
    const permissionId = await permitTo(admin, kept, 'invoice:read');
    expect(await outcomeOf(visitor, 'removePermission', { permissionId })).toBe('ok');
  });

  test('nor is a permission added that is held for a while, by whoever may change roles for good', async () => {
    const role = await newRole(10);
    const somebody = await holderOf(
      [await newRole(50, all)],
      [await newRole(1, ['order:read']), inMinutes(30)],
      [role],
    );
    expect(await add(somebody, role)).toBe('ABOVE_OWN_LEVEL roleId');
    expect(await add(somebody, role, 'role:read')).toBe('ok');
  });

  test('a change to it is foretold as it is refused', async () => {
    const preview = async (input: Record<string, unknown>) => {
      const { data } = await visitor.ask(
        'query ($input: RoleChangeInput!) { previewRoleChange(input: $input) { errors { code field } } }',
        { input },
      );
      const errors = data['previewRoleChange']?.['errors'] as unknown as { code: string; field: string[] }[];
      return errors.map(({ code, field }) => [code, ...field.slice(1)].join(' '));
    };
    await give(admin, visitor, await newRole(1, ['user:read']), inMinutes(20));
    const addPermissions = [{ resource: 'role', action: 'delete' }];
    expect(await preview({ roleId: kept, addPermissions })).toEqual(['ABOVE_OWN_LEVEL roleId']);
    expect(await preview({ roleId: strange, addPermissions: [{ resource: 'role', action: 'read' }] })).toEqual([]);
    const grantTo = [visitor.userId];
    expect(await preview({ roleId: strange, grantTo })).toEqual(['ABOVE_OWN_LEVEL grantExpiresAt']);
    expect(await preview({ roleId: strange, grantTo, grantExpiresAt: inMinutes(10) })).toEqual([]);
    expect(await preview({ roleId: kept, grantTo })).toEqual([]);
  });
});

test('a role that is given for good while its holder-to-be adds to it is added to before, never after', async () => {
  const second = (await harness.another()).url;
  const visitor = await holderOf([await newRole(50, [...all, 'order:*']), inMinutes(30)]);
  const elsewhere = new Client(second);
  Object.assign(elsewhere, { token: visitor.token, userId: visitor.userId });
  for (let round = 0; round < 4; round += 1) {
    const role = await newRole(10);
    const tries = Array.from({ length: 16 }, (_, i) => add(i % 2 ? visitor : elsewhere, role, `order:act-${i}`));
    await Promise.all([give(admin, visitor, role), ...tries]);
    const outcomes = new Set(await Promise.all(tries));
    expect([...outcomes].filter((outcome) => !['ok', 'ABOVE_OWN_LEVEL roleId'].includes(outcome))).toEqual([]);
    const late = () =>
      sql().rows(
        `select 1 from every_event e where e.type = 'ROLE_UPDATED' and e.actor_id = $1 and e.details->>'roleId' = $2
           and e.position > (select min(position) from every_event where type = 'ROLE_GRANTED'
             and subject_id = $1 and details->>'roleId' = $2)`,
        [String(visitor.userId), role],
      );
    await eventually(async () => (await endOf(visitor, role)) === null);
    expect(await late()).toEqual([]);
  }
});
