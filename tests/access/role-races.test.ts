import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { type Given, give, makeRole, outcomeOf, permitTo } from '../support/roles.js';

let harness: Harness;
/** Each person has a client at either process, so that concurrent requests arrive at both. */
let admins: [Client, Client];
let managers: [Client, Client];
let member: Client;
let roleId: string;
let count = 0;

beforeAll(async () => {
  harness = await Harness.start({ DATABASE_POOL_SIZE: '10' });
  const { url } = await harness.another();
  const both = (client: Client): [Client, Client] => [
    client,
    Object.assign(new Client(url), { token: client.token, userId: client.userId }),
  ];
  const manager = await harness.person('manager');
  [admins, member] = [both(await harness.admin()), await harness.person('member')];
  const permits = ['role:create', 'role:update', 'role:delete', 'role:grant', 'order:*'];
  await give(admins[0], manager, await newRole({ level: 50, permits }));
  managers = both(manager);
});
beforeEach(async () => {
  roleId = await newRole({ level: 10 });
});

const newRole = (given: Omit<Given, 'name'>) => makeRole(admins[0], { name: `role ${++count}`, ...given });
const sql = () => harness.app.services.database.sql;
/** Sends a mutation several times concurrently, alternating between both processes. */
const atOnce = (times: number, clients: [Client, Client], mutation: string, input: (n: number) => object) =>
  Promise.all(Array.from({ length: times }, (_, n) => outcomeOf(clients[n % 2 ? 1 : 0], mutation, { ...input(n) })));
const counts = (outcomes: readonly string[]) =>
  Object.fromEntries([...new Set(outcomes)].map((each) => [each, outcomes.filter((other) => other === each).length]));
const livingGrants = () => sql().rows('select 1 from role_grants where role_id = $1 and revoked_at is null', [roleId]);

test('of 20 who add the same permission one does', async () => {
  const input = () => ({ roleId, resource: 'order', action: 'read' });
  expect(counts(await atOnce(20, managers, 'addPermission', input))).toEqual({ ok: 1, 'NAME_TAKEN action': 19 });
  expect(await sql().rows('select 1 from permissions where role_id = $1', [roleId])).toHaveLength(1);
});

test('of 20 who remove a permission, and of 20 who delete a role, one does', async () => {
  const permissionId = await permitTo(admins[0], roleId, 'order:read');
  expect(counts(await atOnce(20, managers, 'removePermission', () => ({ permissionId })))).toEqual({
    ok: 1,
    'NOT_FOUND permissionId': 19,
  });
  expect(counts(await atOnce(20, managers, 'deleteRole', () => ({ roleId })))).toEqual({
    ok: 1,
    'NOT_FOUND roleId': 19,
  });
  const events = "select type from every_event where details->>'roleId' = $1 order by position";
  expect(await sql().rows(events, [roleId])).toEqual(
    ['ROLE_CREATED', 'ROLE_UPDATED', 'ROLE_UPDATED', 'ROLE_DELETED'].map((type) => ({ type })),
  );
});

test('of 20 roles that take one name one has it', async () => {
  const ids = await Promise.all(Array.from({ length: 20 }, () => newRole({ level: 5 })));
  const outcomes = await atOnce(20, managers, 'updateRole', (n) => ({ roleId: ids[n], name: n % 3 ? 'one' : 'ONE' }));
  expect(counts(outcomes)).toEqual({ ok: 1, 'NAME_TAKEN name': 19 });
});

/** Repeated, so that each of the two requests is sometimes first. */
const rounds = Array.from({ length: 4 }, (_, n) => n);

test.each(rounds)('a role that is deleted while it is given is given before or not at all (%d)', async () => {
  const [given, deleted] = await Promise.all([
    atOnce(4, managers, 'grantRole', () => ({ userId: member.userId, roleId })),
    outcomeOf(admins[1], 'deleteRole', { roleId }),
  ]);
  expect(deleted).toBe('ok');
  for (const outcome of given) expect(['ok', 'NOT_FOUND roleId']).toContain(outcome);
  const late = `select 1 from role_grants g join roles r on r.id = g.role_id where r.id = $1 and g.granted_at > r.deleted_at`;
  expect(await sql().rows(late, [roleId])).toEqual([]);
  expect((await livingGrants()).length).toBe(given.includes('ok') ? 1 : 0);
});

test.each(rounds)('what the granter lacks is not given with a role that is just getting it (%d)', async () => {
  // Not to the manager, who would then hold the permission.
  const other = await harness.person(`other.${++count}`);
  const [given, added] = await Promise.all([
    atOnce(4, managers, 'grantRole', (n) => ({ userId: n % 2 ? member.userId : other.userId, roleId })),
    outcomeOf(admins[1], 'addPermission', { roleId, resource: 'payroll', action: 'read' }),
  ]);
  expect(added).toBe('ok');
  for (const outcome of given) expect(['ok', 'ABOVE_OWN_LEVEL roleId']).toContain(outcome);
  const late = `select 1 from role_grants g join permissions p on p.role_id = g.role_id where g.role_id = $1 and g.granted_at > p.created_at`;
  expect(await sql().rows(late, [roleId])).toEqual([]);
});

test.each(rounds)('nor is a role that is just rising above them (%d)', async () => {
  const [given, raised] = await Promise.all([
    atOnce(4, managers, 'grantRole', () => ({ userId: member.userId, roleId })),
    outcomeOf(admins[1], 'updateRole', { roleId, level: 50 }),
  ]);
  expect(raised).toBe('ok');
  for (const outcome of given) expect(['ok', 'ABOVE_OWN_LEVEL roleId']).toContain(outcome);
  const late =
    'select 1 from role_grants g join roles r on r.id = g.role_id where r.id = $1 and g.granted_at > r.updated_at';
  expect(await sql().rows(late, [roleId])).toEqual([]);
});

test.each(rounds)('who is losing the right to give gives before or not at all (%d)', async () => {
  const right = await newRole({ level: 20, permits: ['role:grant'] });
  const clerk = await harness.person(`clerk.${++count}`);
  const other = await harness.person(`other.${++count}`);
  const grantId = await give(admins[0], clerk, right);
  const [given, revoked] = await Promise.all([
    Promise.all(rounds.map(() => outcomeOf(clerk, 'grantRole', { userId: other.userId, roleId }))),
    outcomeOf(admins[1], 'revokeRole', { userId: clerk.userId, roleId: right }),
  ]);
  expect(revoked).toBe('ok');
  for (const outcome of given) expect(['ok', 'FORBIDDEN']).toContain(outcome);
  const late =
    'select 1 from role_grants g where role_id = $1 and granted_at > (select revoked_at from role_grants where id = $2)';
  expect(await sql().rows(late, [roleId, grantId])).toEqual([]);
});

test('edits, grants and deletions of the same roles never wait for each other in a circle', async () => {
  const ids = await Promise.all(Array.from({ length: 4 }, () => newRole({ level: 5 })));
  const people = [member, managers[0], await harness.person('third')];
  const account = (n: number) => ({
    username: `new.${n}`,
    email: `new.${n}@example.com`,
    password: 'a long enough passphrase',
  });
  const pick = <T>(items: readonly T[], n: number) => items[n % items.length];
  const work = Array.from({ length: 8 }, (_, n) => {
    const role = pick(ids, n);
    const clients = n % 3 ? managers : admins;
    const grant = { userId: pick(people, n >> 1)?.userId, roleId: role };
    const who = pick(clients, n >> 2) ?? clients[0];
    return [
      outcomeOf(who, 'grantRole', grant),
      outcomeOf(who, 'addPermission', { roleId: role, resource: 'order', action: `a${n}` }),
      outcomeOf(who, 'updateRole', { roleId: role, name: `shared ${n}`, level: 1 + (n % 40) }),
      outcomeOf(who, 'revokeRole', grant),
      ...(n > 5 ? [outcomeOf(who, 'deleteRole', { roleId: role })] : []),
      ...(n % 4
        ? []
        : [outcomeOf(admins[0], 'createUser', { ...account(n), roleIds: n % 8 ? ids : ids.toReversed() })]),
    ];
  });
  const outcomes = counts(await Promise.all(work.flat()));
  const expected = ['ok', 'NOT_FOUND roleId', 'NOT_FOUND roleIds'];
  expect(Object.keys(outcomes).filter((outcome) => !expected.includes(outcome))).toEqual([]);
  expect(outcomes['ok']).toBeGreaterThan(10);
  // PostgreSQL aborts one transaction of a deadlock, and the service would repeat it, so the outcomes alone would not
  // show it.
  const [statistics] = await sql().rows<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  expect(Number(statistics?.deadlocks)).toBe(0);
}, 60_000);
