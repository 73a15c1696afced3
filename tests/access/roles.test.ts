import { beforeAll, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import type { Client, Json } from '../support/client.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let person: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  person = await harness.person('member');
});

const createRole = (input: Record<string, unknown>) =>
  admin.mutate('createRole', input, 'role { id name level isSystem description }');
const newRole = async (name: string) => String((await createRole({ name, level: 10 }))['role']?.['id']);
const grantFields =
  'grant { id isActive expiresAt revokedAt grantedBy { username } revokedBy { username } role { name } }';
const grant = (input: Record<string, unknown>) =>
  admin.mutate('grantRole', { userId: person.userId, ...input }, grantFields);
const revoke = (roleId: string) => admin.mutate('revokeRole', { userId: person.userId, roleId }, grantFields);
const rolesOf = async (client: Client) => {
  const { data } = await client.ask('{ viewer { roles { name } } }');
  const { roles } = data['viewer'] as unknown as { roles: { name: string }[] };
  return roles.map(({ name }) => name);
};
const inDays = (count: number) => new Date(harness.clock.now().getTime() + days(count)).toISOString();

test('role names are one in any case, also for 20 at once, and levels lie between the system roles', async () => {
  const tries = await Promise.all(
    Array.from({ length: 20 }, (_, i) => createRole({ name: i % 2 ? 'Writer' : 'WRITER', level: 10 })),
  );
  expect(tries.filter((payload) => payload['role'])).toHaveLength(1);
  expect(tries.filter((payload) => payload['errors']?.[0]?.['code'] === 'NAME_TAKEN')).toHaveLength(19);
  for (const level of [0, -1, 100, 2_000_000_000])
    expect((await createRole({ name: 'Level', level }))['errors']).toMatchObject([
      { code: 'INVALID_INPUT', field: ['input', 'level'] },
    ]);
  for (const name of ['', ' ', 'x'.repeat(65), 'a\nb', 'Ａdmin'])
    expect((await createRole({ name, level: 1 }))['errors']).toHaveLength(1);
});

test('the system roles are there, and registration gives the first', async () => {
  const { data } = await admin.ask('{ roles { name level isSystem } }');
  expect(data['roles']).toEqual(
    expect.arrayContaining([
      { name: 'admin', level: 100, isSystem: true },
      { name: 'user', level: 0, isSystem: true },
    ]),
  );
  expect(await rolesOf(person)).toEqual(['user']);
});

test('a grant holds from now until its end, to the millisecond', async () => {
  const roleId = await newRole('Timed');
  expect((await grant({ roleId, expiresAt: inDays(-1) }))['errors']).toMatchObject([
    { code: 'INVALID_INPUT', field: ['input', 'expiresAt'] },
  ]);
  const end = new Date(harness.clock.now().getTime() + 60_000);
  expect((await grant({ roleId, expiresAt: end.toISOString() }))['grant']).toMatchObject({
    isActive: true,
    role: { name: 'Timed' },
    grantedBy: { username: 'root.admin' },
  });
  expect(await rolesOf(person)).toContain('Timed');
  harness.clock.advance(60_000);
  expect(await rolesOf(person)).not.toContain('Timed');
});

test('a role given again keeps the history of both grants', async () => {
  const roleId = await newRole('Repeated');
  const first = await grant({ roleId });
  expect((await grant({ roleId }))['grant']?.['id']).toBe(first['grant']?.['id']);
  const second = await grant({ roleId, expiresAt: inDays(3) });
  expect(second['grant']?.['id']).not.toBe(first['grant']?.['id']);
  await revoke(roleId);
  expect((await revoke(roleId))['errors']).toMatchObject([{ code: 'NOT_FOUND' }]);
  const { data } = await admin.ask(
    'query ($id: ID!) { user(id: $id) { grants(includeInactive: true) { isActive revokedBy { username } role { name } } } }',
    { id: person.userId },
  );
  const { grants } = data['user'] as unknown as { grants: Json[] };
  const history = grants.filter((entry) => entry['role']?.['name'] === 'Repeated');
  expect(history).toEqual(
    Array(2).fill({ isActive: false, revokedBy: { username: 'root.admin' }, role: { name: 'Repeated' } }),
  );
});

test('of 20 parallel grants of one role one stands', async () => {
  const roleId = await newRole('Contested');
  await Promise.all(Array.from({ length: 20 }, () => grant({ roleId })));
  const rows = await harness.app.services.database.sql.rows('select 1 from role_grants where role_id = $1', [roleId]);
  expect(rows).toHaveLength(1);
  const revoked = await Promise.all(Array.from({ length: 20 }, () => revoke(roleId)));
  expect(revoked.filter((payload) => payload['grant'])).toHaveLength(1);
});

test('what is not there is NOT_FOUND, by field', async () => {
  const roleId = await newRole('Real');
  for (const id of ['nonsense', crypto.randomUUID(), '']) {
    expect((await grant({ roleId: id }))['errors']).toEqual([{ code: 'NOT_FOUND', field: ['input', 'roleId'] }]);
    expect((await grant({ roleId, userId: id }))['errors']).toEqual([
      { code: 'NOT_FOUND', field: ['input', 'userId'] },
    ]);
  }
});
