import { beforeAll, describe, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { give, makeRole, outcomeOf, permitTo } from '../support/roles.js';
import { holdUp } from '../support/signals.js';

/** Attacks by signed-in users who try to get a right, or to keep one that was revoked. */
let harness: Harness;
let admin: Client;
let count = 0;

beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});

const newRole = (level: number, permits: Parameters<typeof makeRole>[1]['permits'] = []) =>
  makeRole(admin, { name: `role ${++count}`, level, permits });
async function holderOf(level: number, permits: Parameters<typeof makeRole>[1]['permits']): Promise<Client> {
  const person = await harness.person(`holder.${++count}`);
  await give(admin, person, await newRole(level, permits));
  return person;
}

describe('a permission for any resource, under conditions', () => {
  const check = { action: 'read', resource: 'security-event' };
  const answers = `query ($check: AccessCheck!, $id: ID!) {
    viewer { can(checks: [$check]) } accessDecision(userId: $id, check: $check) { allowed } }`;
  test.each([
    ['not met by what has no attributes', { category: 'news' }, false],
    ['met by it', { category: { $ne: 'news' } }, true],
  ])('reaches security events only where they are %s', async (_what, conditions, allowed) => {
    const reader = await holderOf(10, [['*:read', conditions]]);
    const { data } = await reader.ask(answers, { check, id: reader.userId });
    expect(data).toEqual({ viewer: { can: [allowed] }, accessDecision: { allowed } });
    const listed = await reader.ask('{ securityEvents(first: 1) { nodes { id } } }');
    expect(listed.codes).toEqual(allowed ? [] : ['FORBIDDEN']);
    const [event] = await harness.app.services.database.sql.rows<{ id: string }>(
      'select id from security_events limit 1',
    );
    const node = await reader.ask('query ($id: ID!) { node(id: $id) { id } }', { id: event?.id });
    expect(node.data['node']).toEqual(allowed ? { id: event?.id } : null);
  });
});

test('no grant outlives a revocation where the clocks of two processes differ', async () => {
  const roleId = await newRole(10, ['user:read']);
  const person = await harness.person('skewed');
  const input = { userId: person.userId, roleId };
  const reads = async () => (await person.ask('{ users(first: 1) { nodes { id } } }')).codes.length === 0;
  expect(await outcomeOf(admin, 'grantRole', input)).toBe('ok');
  harness.clock.advance(-60_000);
  const ends = new Date(harness.clock.now().getTime() + 3_600_000).toISOString();
  expect(await outcomeOf(admin, 'grantRole', { ...input, expiresAt: ends })).toBe('ok');
  harness.clock.advance(60_000);
  expect(await reads()).toBe(true);
  expect(await outcomeOf(admin, 'revokeRole', input)).toBe('ok');
  expect(await reads()).toBe(false);
  expect(await outcomeOf(admin, 'grantRole', input)).toBe('ok');
  harness.clock.advance(-60_000);
  expect(await outcomeOf(admin, 'revokeRole', input)).toBe('ok');
  harness.clock.advance(60_000);
  expect(await reads()).toBe(false);
});

test('what a mutation has taken from the caller is not shown by its own answer', async () => {
  const manager = await holderOf(50, ['role:read', 'role:grant', 'user:update']);
  const reading = await newRole(10, ['user:read']);
  await give(admin, manager, reading);
  const query = `mutation ($input: RevokeRoleInput!) { revokeRole(input: $input) {
    grant { role { users { nodes { email } } } } errors { code } } }`;
  const { codes } = await manager.ask(query, { input: { userId: manager.userId, roleId: reading } });
  expect(codes).toEqual(['FORBIDDEN']);
});

test('of thirty changes in one document none is made after the right to them is lost, in this process or another', async () => {
  const { url } = await harness.another();
  const manager = await harness.person('hasty');
  const right = await newRole(50, ['role:create']);
  await give(admin, manager, right);
  const clients = [manager, Object.assign(new Client(url), { token: manager.token })];
  const made = () =>
    harness.app.services.database.sql
      .rows("select 1 from roles where name like 'hasty %'")
      .then(({ length }) => length);
  const changes = (of: number) =>
    Array.from(
      { length: 30 },
      (_, n) => `c${n}: createRole(input: { name: "hasty ${of} ${n}", level: 1 }) { role { id } }`,
    );
  const answers = Promise.all(clients.map((client, of) => client.ask(`mutation { ${changes(of).join(' ')} }`)));
  await eventually(async () => (await made()) > 1);
  expect(await outcomeOf(admin, 'revokeRole', { userId: manager.userId, roleId: right })).toBe('ok');
  const before = await made();
  for (const { codes } of await answers) expect([...new Set(codes)]).toEqual(codes.length > 0 ? ['FORBIDDEN'] : []);
  expect(await made()).toBe(before);
});

test.each([
  ['here', () => Promise.resolve(harness.app)],
  ['in another process', () => harness.another()],
])('no event is told %s once the grant has ended by itself, idle or streaming', async (_where, start) => {
  const { url } = await start();
  const role = await newRole(10, ['security-event:read']);
  const [idle, streaming] = [await harness.person(`idle.${++count}`), await harness.person(`streaming.${++count}`)];
  const expiresAt = new Date(harness.clock.now().getTime() + 600_000).toISOString();
  for (const person of [idle, streaming]) await give(admin, person, role, expiresAt);
  const follow = ({ token }: Client, types: string) =>
    Object.assign(new Client(url), { token }).follow(
      `subscription { securityEvents(filter: { types: [${types}] }) { cursor } }`,
    );
  const streams = [follow(idle, 'LOGOUT'), follow(streaming, 'LOGIN_FAILED')] as const;
  const fail = () => harness.client().login('nobody', 'wrong');
  await eventually(async () => {
    await fail();
    return streams[1].events.length > 0;
  });
  harness.clock.advance(600_000);
  const leaver = await harness.person(`leaver.${++count}`);
  const told = streams.map(({ events }) => events.length);
  await fail();
  await leaver.ask('mutation { logout { errors { code } } }');
  await eventually(() => streams.every(({ ended }) => ended));
  expect(streams.map(({ events }) => events.length)).toEqual(told);
});

describe('in another process that hears late', () => {
  let other: App;
  beforeAll(async () => {
    other = await harness.another();
  });
  const elsewhere = (client: Client) => Object.assign(new Client(other.url), { token: client.token });
  const list = '{ users(first: 1) { nodes { id } } }';

  const losses: [
    what: string,
    lose: (userId: string | undefined, roleId: string, permissionId: string) => Promise<string>,
  ][] = [
    ['a revocation', (userId, roleId) => outcomeOf(admin, 'revokeRole', { userId, roleId })],
    [
      'an end that is reached',
      (userId, roleId) => outcomeOf(admin, 'grantRole', { userId, roleId, expiresAt: soon() }),
    ],
    ['a removed permission', (_user, _role, permissionId) => outcomeOf(admin, 'removePermission', { permissionId })],
    ['a deleted role', (_user, roleId) => outcomeOf(admin, 'deleteRole', { roleId })],
    ['a deactivation', (userId) => outcomeOf(admin, 'deactivateUser', { userId })],
  ];
  const soon = () => new Date(harness.clock.now().getTime() + 1000).toISOString();
  test.each(losses)('a right is lost by %s as soon as that is answered', async (what, lose) => {
    const roleId = await newRole(10);
    const permissionId = await permitTo(admin, roleId, 'user:read');
    const reader = await harness.person(`reader.${++count}`);
    await give(admin, reader, roleId);
    const there = elsewhere(reader);
    expect((await there.ask(list)).codes).toEqual([]);
    const hold = holdUp(other);
    expect(await lose(reader.userId, roleId, permissionId)).toBe('ok');
    if (what.startsWith('an end')) harness.clock.advance(1000);
    expect((await there.ask(list)).codes).toHaveLength(1);
    hold.resume();
    await eventually(() => other.services.signals.isListening);
    expect((await there.ask(list)).codes).toHaveLength(1);
  });
});
