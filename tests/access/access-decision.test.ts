import { beforeAll, describe, expect, test } from '@jest/globals';
import { days, minutes } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import { placeholder } from '../support/arbitrary-conditions.js';
import type { Client, Json } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { statementsOf } from '../support/statements.js';
import { fresh, transports } from '../support/transports.js';

let harness: Harness;
let admin: Client;
let ada: Client;
let eve: Client;
beforeAll(async () => {
  harness = await Harness.start();
  harness.clock.stop();
  [admin, ada, eve] = [await harness.admin(), await harness.person('ada'), await harness.person('eve')];
});

const sql = (text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<{ id: string }>(text, values as never);
/** Advances the clock by exactly one second. */
const tick = (): Date => {
  harness.clock.advance(1000);
  return harness.clock.now();
};
const before = (at: Date) => new Date(at.getTime() - 1);

async function newRole(name: string, level = 10): Promise<string> {
  return String((await admin.mutate('createRole', { name, level }, 'role { id }'))['role']?.['id']);
}
async function permit(roleId: string, resource: string, action: string, conditions: object | null = null) {
  const [row] = await sql(
    `insert into permissions (id, role_id, name, resource, action, conditions, created_at)
     values (gen_random_uuid(), $1, $2, $3, $4, $5, $6) returning id`,
    [roleId, `${resource}:${action}`, resource, action, conditions && JSON.stringify(conditions), harness.clock.now()],
  );
  harness.app.services.signals.announce('roles');
  return String(row?.id);
}
const grant = async (who: Client, roleId: string, expiresAt: Date | null = null) =>
  String((await admin.mutate('grantRole', { userId: who.userId, roleId, expiresAt }, 'grant { id }'))['grant']?.['id']);
const revoke = (who: Client, roleId: string) =>
  admin.mutate('revokeRole', { userId: who.userId, roleId }, 'grant { id }');

const query = `query ($userId: ID!, $check: AccessCheck!, $at: DateTime, $apiTokenId: ID) {
  accessDecision(userId: $userId, check: $check, at: $at, apiTokenId: $apiTokenId) {
    allowed reason action resource at
    paths { satisfied isActive
      grant { id grantedAt expiresAt revokedAt user { username } grantedBy { username } role { name } }
      role { id name level } permission { id name resource action conditions }
      clauses { path attribute operator expected actual satisfied } } } }`;

interface Question {
  readonly attributes?: object;
  readonly at?: Date | string | number | null;
  readonly apiTokenId?: string;
  readonly by?: Client;
}
const send = (who: Client, name: string, { attributes, at, apiTokenId, by = admin }: Question = {}) => {
  const [resource, action] = name.split(':');
  return by.ask(query, { userId: who.userId, check: { resource, action, attributes }, at, apiTokenId });
};
const decision = async (who: Client, name: string, question: Question = {}): Promise<Json> => {
  const { data, errors } = await send(who, name, question);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data['accessDecision'] as Json;
};
const reason = async (who: Client, name: string, question: Question = {}) =>
  (await decision(who, name, question))['reason'];
const codes = async (who: Client, name: string, question: Question = {}) => (await send(who, name, question)).codes;

test('from the grant to each clause, with who, when and until when', async () => {
  const roleId = await newRole('editor');
  const conditions = { ownerId: placeholder('user.id'), size: { $lt: 10 } };
  const permissionId = await permit(roleId, 'document', 'edit', conditions);
  const given = tick();
  const until = new Date(given.getTime() + days(1));
  const grantId = await grant(ada, roleId, until);
  const attributes = { ownerId: eve.userId, size: 3 };
  const refused = await decision(ada, ' Document:EDIT', { attributes });
  expect(refused).toEqual({
    ...{ allowed: false, reason: 'CONDITION_NOT_MET', action: 'edit', resource: 'document', at: given.toISOString() },
    paths: [
      {
        ...{ satisfied: false, isActive: true },
        grant: {
          ...{ id: grantId, grantedAt: given.toISOString(), expiresAt: until.toISOString(), revokedAt: null },
          ...{ user: { username: 'ada' }, grantedBy: { username: 'root.admin' }, role: { name: 'editor' } },
        },
        role: { id: roleId, name: 'editor', level: 10 },
        permission: { id: permissionId, name: 'document:edit', resource: 'document', action: 'edit', conditions },
        clauses: [
          { path: 'size', attribute: 'size', operator: '$lt', expected: 10, actual: 3, satisfied: true },
          {
            ...{ path: 'ownerId', attribute: 'ownerId', operator: '$eq' },
            ...{ expected: ada.userId, actual: eve.userId, satisfied: false },
          },
        ],
      },
    ],
  });
  const allowed = await decision(ada, 'document:edit', { attributes: { ...attributes, ownerId: ada.userId } });
  expect([allowed['allowed'], allowed['reason'], allowed['paths']?.[0]?.['satisfied']]).toEqual([
    true,
    'GRANTED',
    true,
  ]);
  expect(await reason(eve, 'document:edit', { attributes })).toBe('NO_PERMISSION');
  expect((await decision(ada, 'no name:{}', { attributes }))['paths']).toEqual([]);
});

test('intervals hold their beginning and not their end, to the millisecond', async () => {
  const roleId = await newRole('timed');
  await permit(roleId, 'timed', 'read');
  const from = tick();
  const until = new Date(from.getTime() + 5000);
  await grant(ada, roleId, until);
  const asked = (at: Date) => reason(ada, 'timed:read', { at });
  expect(await asked(before(from))).toBe('NO_PERMISSION');
  expect(await asked(from)).toBe('GRANTED');
  // In the first round the instants lie in the future, and are predicted as if nothing changes.
  for (const round of ['to come', 'past']) {
    expect([round, await asked(before(until)), await asked(until)]).toEqual([round, 'GRANTED', 'GRANT_INACTIVE']);
    harness.clock.advance(5000);
  }
  const again = tick();
  await grant(ada, roleId);
  const over = tick();
  await revoke(ada, roleId);
  expect(await asked(before(again))).toBe('GRANT_INACTIVE');
  expect(await asked(again)).toBe('GRANTED');
  expect(await asked(before(over))).toBe('GRANTED');
  expect(await asked(over)).toBe('GRANT_INACTIVE');
  const { paths } = (await decision(ada, 'timed:read', { at: over })) as never as { paths: Json[] };
  expect(paths.map((path) => path['grant']?.['grantedAt'])).toEqual([again.toISOString(), from.toISOString()]);
});

test('roles and permissions are as they were', async () => {
  const roleId = await newRole('first name');
  const old = await permit(roleId, 'past', 'read', { a: 1 });
  await grant(ada, roleId);
  const named = { $in: placeholder('user.roles') };
  await permit(roleId, 'past', 'name', { role: named });
  const renamed = tick();
  await sql(
    `with renamed as (update roles set name = 'second name' where id = $1)
    insert into role_names (role_id, name, since) values ($1, 'second name', $2)`,
    [roleId, renamed],
  );
  const changed = tick();
  await sql('update permissions set removed_at = $2 where id = $1', [old, changed]);
  await permit(roleId, 'past', 'read', { a: 2 });
  const deleted = tick();
  await sql('update roles set deleted_at = $2 where id = $1', [roleId, deleted]);
  const later = tick();

  const allowed = async (name: string, attributes: object, at: Date) =>
    (await decision(ada, name, { attributes, at }))['allowed'];
  expect(await allowed('past:read', { a: 1 }, before(changed))).toBe(true);
  expect(await allowed('past:read', { a: 2 }, before(changed))).toBe(false);
  expect(await allowed('past:read', { a: 1 }, changed)).toBe(false);
  expect(await allowed('past:read', { a: 2 }, changed)).toBe(true);
  for (const [role, at] of [
    ['first name', before(renamed)],
    ['second name', renamed],
  ] as const) {
    const one = await decision(ada, 'past:name', { at, attributes: { role } });
    expect([one['allowed'], one['paths']?.[0]?.['role']?.['name']]).toEqual([true, role]);
  }
  expect(await allowed('past:name', { role: 'first name' }, renamed)).toBe(false);
  expect(await allowed('past:read', { a: 2 }, before(deleted))).toBe(true);
  for (const at of [deleted, later, null]) {
    const gone = await decision(ada, 'past:read', { attributes: { a: 2 }, at });
    expect(gone).toMatchObject({ allowed: false, reason: 'GRANT_INACTIVE' });
    expect(gone['paths']).toMatchObject([
      { satisfied: false, isActive: false, role: { name: 'second name' }, permission: { conditions: { a: 2 } } },
    ]);
  }
});

test('accounts are as they stood', async () => {
  const made = tick();
  const pia = await harness.person('pia');
  const asked = (at: Date | null) => reason(pia, 'anything:read', { at });
  const administers = tick();
  await admin.mutate('setAdministrator', { userId: pia.userId, isAdmin: true }, 'user { id }');
  const deactivated = tick();
  await admin.mutate('deactivateUser', { userId: pia.userId }, 'user { id }');
  const reactivated = tick();
  await admin.mutate('reactivateUser', { userId: pia.userId }, 'user { id }');
  const laidDown = tick();
  await admin.mutate('setAdministrator', { userId: pia.userId, isAdmin: false }, 'user { id }');
  tick();
  expect(await asked(before(made))).toBe('ACCOUNT_INACTIVE');
  expect(await asked(made)).toBe('NO_PERMISSION');
  expect(await asked(before(administers))).toBe('NO_PERMISSION');
  expect(await asked(administers)).toBe('ADMINISTRATOR');
  expect(await asked(before(deactivated))).toBe('ADMINISTRATOR');
  expect(await asked(deactivated)).toBe('ACCOUNT_INACTIVE');
  expect(await asked(before(reactivated))).toBe('ACCOUNT_INACTIVE');
  expect(await asked(reactivated)).toBe('ADMINISTRATOR');
  expect(await asked(laidDown)).toBe('NO_PERMISSION');
  expect(await asked(null)).toBe('NO_PERMISSION');
});

test('an API token narrows by its scopes while it lives', async () => {
  const roleId = await newRole('scoped');
  await permit(roleId, 'scoped', '*');
  await grant(ada, roleId);
  const made = tick();
  const expiresAt = new Date(made.getTime() + minutes(1));
  const { id } = await makeToken(ada, ['scoped:read'], { expiresAt: expiresAt.toISOString() });
  const { id: revoked } = await makeToken(ada, ['scoped:*']);
  const over = tick();
  await ada.mutate('revokeApiToken', { apiTokenId: revoked }, 'apiToken { id }');
  const asked = (name: string, apiTokenId: string, at: Date | null = null) =>
    reason(ada, name, { apiTokenId, at, by: ada });
  expect(await asked('scoped:read', id)).toBe('GRANTED');
  expect(await asked('scoped:write', id)).toBe('SCOPE_MISSING');
  expect(await asked('profile:read', id)).toBe('SCOPE_MISSING');
  expect(await asked('scoped:read', id, before(made))).toBe('SCOPE_MISSING');
  expect(await asked('scoped:read', id, before(expiresAt))).toBe('GRANTED');
  expect(await asked('scoped:read', id, expiresAt)).toBe('SCOPE_MISSING');
  expect(await asked('scoped:write', revoked, before(over))).toBe('GRANTED');
  expect(await asked('scoped:write', revoked, over)).toBe('SCOPE_MISSING');
  expect(await asked('scoped:write', revoked)).toBe('SCOPE_MISSING');
  const others = await makeToken(eve, []);
  for (const apiTokenId of [others.id, crypto.randomUUID(), 'nonsense', ''])
    expect(await codes(ada, 'scoped:read', { apiTokenId })).toEqual(['BAD_USER_INPUT']);
});

test('the present is what is enforced, whatever is not on record', async () => {
  const roleId = await newRole('present');
  await permit(roleId, 'present', 'read');
  await grant(ada, roleId);
  // As rows written by a process whose clock is ahead.
  await sql(`update permissions set created_at = created_at + interval '1 hour' where role_id = $1`, [roleId]);
  const both = async () => {
    const { data } = await ada.ask('{ viewer { can(checks: [{ action: "read", resource: "present" }]) } }');
    return [data['viewer']?.['can']?.[0], (await decision(ada, 'present:read'))['allowed']];
  };
  expect(await both()).toEqual([true, true]);
  await sql(`update role_grants set revoked_at = $2::timestamptz + interval '1 hour' where role_id = $1`, [
    roleId,
    harness.clock.now(),
  ]);
  harness.app.services.principals.forgetUser(String(ada.userId));
  expect(await both()).toEqual([false, false]);
});

test('a grant of a faster clock begins at once where it is given again', async () => {
  const roleId = await newRole('ahead');
  await permit(roleId, 'ahead', 'read');
  const early = await grant(ada, roleId);
  await sql(`update role_grants set granted_at = granted_at + interval '1 minute' where id = $1`, [early]);
  harness.app.services.principals.forgetUser(String(ada.userId));
  expect(await reason(ada, 'ahead:read')).toBe('NO_PERMISSION');
  const again = await grant(ada, roleId);
  expect(again).not.toBe(early);
  expect(await reason(ada, 'ahead:read')).toBe('GRANTED');
  expect(await grant(ada, roleId)).toBe(again);
});

describe('who may ask', () => {
  test('the user themself, and whoever may read them', async () => {
    expect(await codes(ada, 'a:b', { by: ada })).toEqual([]);
    expect(await codes(ada, 'a:b', { by: eve })).toEqual(['FORBIDDEN']);
    expect(await codes(ada, 'a:b', { by: harness.client() })).toEqual(['UNAUTHENTICATED']);
    // The answer must not reveal whether the user exists.
    const nobody = harness.client();
    nobody.userId = crypto.randomUUID();
    expect(await codes(nobody, 'a:b', { by: eve })).toEqual(['FORBIDDEN']);
    for (const id of [nobody.userId, 'nonsense', '', `${ada.userId}'--`]) {
      nobody.userId = id;
      expect(await codes(nobody, 'a:b')).toEqual(['BAD_USER_INPUT']);
    }
    nobody.userId = ada.userId?.toUpperCase();
    expect(await codes(nobody, 'a:b', { by: ada })).toEqual([]);
  });

  test('a support role asks about those it may read', async () => {
    const sam = await harness.person('sam');
    const roleId = await newRole('support');
    await permit(roleId, 'user', 'read', { username: { $in: ['ada', 'sam'] } });
    await grant(sam, roleId);
    expect(await codes(ada, 'a:b', { by: sam })).toEqual([]);
    expect(await codes(eve, 'a:b', { by: sam })).toEqual(['FORBIDDEN']);
    const { id } = await makeToken(ada, ['profile:read']);
    expect(await codes(ada, 'a:b', { by: sam, apiTokenId: id })).toEqual([]);
    await revoke(sam, roleId);
    expect(await codes(ada, 'a:b', { by: sam })).toEqual(['FORBIDDEN']);
  });

  test('an API token about its user by scope, and about no other token', async () => {
    const withToken = (token: string) => Object.assign(harness.client(), { token });
    const own = await makeToken(ada, ['profile:read']);
    const other = await makeToken(ada, []);
    const by = withToken(own.token);
    expect(await codes(ada, 'a:b', { by })).toEqual([]);
    expect(await reason(ada, 'a:b', { by, apiTokenId: own.id })).toBe('SCOPE_MISSING');
    expect(await codes(ada, 'a:b', { by, apiTokenId: other.id })).toEqual(['FORBIDDEN']);
    expect(await codes(eve, 'a:b', { by })).toEqual(['FORBIDDEN']);
    expect(await codes(ada, 'a:b', { by: withToken(other.token) })).toEqual(['FORBIDDEN']);
    await ada.mutate('revokeApiToken', { apiTokenId: own.id }, 'apiToken { id }');
    expect(await codes(ada, 'a:b', { by })).toEqual(['UNAUTHENTICATED']);
  });

  test('the deactivated no more', async () => {
    const dora = await harness.person('dora');
    expect(await codes(dora, 'a:b', { by: dora })).toEqual([]);
    await admin.mutate('deactivateUser', { userId: dora.userId }, 'user { id }');
    expect(await codes(dora, 'a:b', { by: dora })).toEqual(['UNAUTHENTICATED']);
  });
});

describe.each(transports)('over %s', (_transport, ask) => {
  const asked = (variables: object, document = query) =>
    ask(harness.app.url, {
      query: document,
      variables: { userId: ada.userId, check: { action: 'read', resource: 'a' }, ...variables },
      token: admin.token,
    });

  test.each(['0001-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'])('at %s', async (at) => {
    const { codes: refusals, data } = await asked({ at });
    expect(refusals).toEqual([]);
    expect(data['accessDecision']?.['reason']).toBe(at < '2000' ? 'ACCOUNT_INACTIVE' : 'NO_PERMISSION');
    expect(new Date(String(data['accessDecision']?.['at']))).toEqual(new Date(at));
  });

  test.each([
    '',
    'yesterday',
    '2024-02-30T00:00:00Z',
    '2024-01-01',
    '0000-12-31T23:59:59Z',
    '10000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
    8.64e15,
    -8.64e15,
    -62_135_596_800_001,
    {},
  ])('no instant: %j', async (at) => {
    expect((await asked({ at })).codes).toEqual(['BAD_USER_INPUT']);
  });

  test.each([
    ['attributes of 20,001 characters', { action: 'a', resource: 'b', attributes: { a: 'x'.repeat(20_001) } }],
    [
      'attributes of 100 levels',
      { action: 'a', resource: 'b', attributes: JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`) },
    ],
    ['no resource', { action: 'a' }],
    ['nothing', null],
  ])('no check: %s', async (_what, check) => {
    expect((await asked({ check })).codes).toEqual(['BAD_USER_INPUT']);
  });

  test('aliases multiply the cost', async () => {
    const many = (count: number) =>
      fresh(
        `query ($userId: ID!, $check: AccessCheck!) { ${Array.from(
          { length: count },
          (_, n) => `a${n}: accessDecision(userId: $userId, check: $check) { allowed paths { clauses { satisfied } } }`,
        ).join(' ')} }`,
      );
    expect((await asked({}, many(5))).codes).toEqual([]);
    expect((await asked({}, many(12))).codes).toEqual(['QUERY_TOO_COMPLEX']);
  });
});

test('the past takes one statement, however long it is', async () => {
  const counted = () => statementsOf(harness, () => decision(ada, 'long:read', { at: harness.clock.now() }));
  const one = `query ($id: ID!) { accessDecision(userId: $id, check: { action: "read", resource: "long" }) { reason paths { role { name } } } }`;
  const short = await statementsOf(harness, () => admin.ask(one, { id: ada.userId }));
  expect(short).toBe(1);
  const roleId = await newRole('long');
  await permit(roleId, 'long', 'read');
  for (let n = 0; n < 30; n += 1) await grant(ada, roleId, new Date(harness.clock.now().getTime() + days(n + 1)));
  tick();
  expect(await statementsOf(harness, () => admin.ask(one, { id: ada.userId }))).toBe(short);
  // Includes the users and roles of the grants, which loaders read.
  expect(await counted()).toBeLessThanOrEqual(3);
  const { paths } = (await decision(ada, 'long:read')) as never as { paths: Json[] };
  expect(paths.map((path) => path['satisfied'])).toEqual([true, ...Array(29).fill(false)]);
});
