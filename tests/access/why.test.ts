import { beforeAll, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import { placeholder } from '../support/arbitrary-conditions.js';
import type { Client, Json } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { Harness } from '../support/harness.js';
import { give, makeRole, permitTo } from '../support/roles.js';

let harness: Harness;
let admin: Client;
let ada: Client;
let eve: Client;
let sam: Client;
beforeAll(async () => {
  harness = await Harness.start();
  harness.clock.stop();
  [admin, ada, eve, sam] = [
    await harness.admin(),
    await harness.person('ada'),
    await harness.person('eve'),
    await harness.person('sam'),
  ];
  const conditions = { username: { $in: ['ada', 'sam'] } };
  await give(admin, sam, await makeRole(admin, { name: 'support', level: 5, permits: [['user:read', conditions]] }));
});

const tick = (milliseconds = 1000): string => {
  harness.clock.advance(milliseconds);
  return harness.clock.now().toISOString();
};
const sql = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);

interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
interface Change {
  readonly at: string;
  readonly after: { readonly allowed: boolean; readonly reason: string };
  readonly causes: readonly Json[];
  readonly events: readonly { readonly type: string; readonly actorId: string | null }[];
}

const changesQuery = `query ($userId: ID!, $check: AccessCheck!, $from: DateTime, $to: DateTime, $first: Int, $after: String) {
  accessChanges(userId: $userId, check: $check, from: $from, to: $to, first: $first, after: $after) {
    nodes { at before { allowed reason } after { allowed reason } events { type actorId }
      causes { kind role { name } grant { id grantedByName } permission { conditions } } }
    pageInfo { hasNextPage endCursor } } }`;
const checked = (name: string, attributes?: object) => {
  const [resource, action] = name.split(':');
  return { resource, action, attributes };
};
const askChanges = (by: Client, userId: unknown, name: string, more: Record<string, unknown> = {}) =>
  by.ask(changesQuery, { userId, check: checked(name), ...more });
async function changes(by: Client, who: Client, name: string, more: Record<string, unknown> = {}) {
  const { data, errors } = await askChanges(by, who.userId, name, more);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data['accessChanges'] as never as Page<Change>;
}

test('each change of an answer with what was behind it', async () => {
  const pia = await harness.person('pia');
  const roleId = await makeRole(admin, { name: 'reader', level: 10 });
  const instants = [tick()];
  const grantId = await give(admin, pia, roleId);
  instants.push(tick());
  const permissionId = await permitTo(admin, roleId, 'invoice:read', null);
  instants.push(tick());
  await admin.mutate('deactivateUser', { userId: pia.userId }, 'user { id }');
  instants.push(tick());
  await admin.mutate('reactivateUser', { userId: pia.userId }, 'user { id }');
  instants.push(tick());
  await admin.mutate('revokeRole', { userId: pia.userId, roleId }, 'grant { id }');
  const until = new Date(harness.clock.now().getTime() + 5000).toISOString();
  instants.push(tick());
  await give(admin, pia, roleId, until);
  tick(10_000);
  instants.push(tick());
  await admin.mutate('removePermission', { permissionId }, 'removedPermissionId');
  tick();
  await allPublished(harness);

  const { nodes, pageInfo } = await changes(admin, pia, ' Invoice:READ');
  const told = nodes.map(({ at, after, causes, events }) => [
    at,
    after.reason,
    causes.map((cause) => String(cause['kind'])).join(),
    events.map(({ type }) => type).join(),
  ]);
  expect(told.slice(0, -1)).toEqual([
    [instants[6], 'NO_PERMISSION', 'PERMISSION_REMOVED', 'ROLE_UPDATED'],
    [until, 'GRANT_INACTIVE', 'GRANT_EXPIRED', ''],
    [instants[5], 'GRANTED', 'GRANT_BEGAN', 'ROLE_GRANTED'],
    [instants[4], 'GRANT_INACTIVE', 'GRANT_REVOKED', 'ROLE_REVOKED'],
    [instants[3], 'GRANTED', 'ACCOUNT_REACTIVATED', 'USER_REACTIVATED'],
    [instants[2], 'ACCOUNT_INACTIVE', 'ACCOUNT_DEACTIVATED', 'USER_DEACTIVATED'],
    [instants[1], 'GRANTED', 'PERMISSION_ADDED', 'ROLE_UPDATED'],
  ]);
  expect(told.at(-1)?.[2]).toBe('ACCOUNT_CREATED');
  expect(pageInfo.hasNextPage).toBe(false);
  expect(nodes[3]?.causes[0]).toMatchObject({
    role: { name: 'reader' },
    grant: { id: grantId, grantedByName: 'root.admin' },
  });

  const between = await changes(admin, pia, 'invoice:read', { from: instants[2], to: instants[4] });
  expect(between.nodes.map(({ at }) => at)).toEqual([instants[4], instants[3], instants[2]]);
  const pages = [];
  for (let after: string | null = null, more = true; more; ) {
    const page: Page<Change> = await changes(admin, pia, 'invoice:read', { first: 2, after });
    pages.push(...page.nodes);
    [after, more] = [page.pageInfo.endCursor, page.pageInfo.hasNextPage];
  }
  expect(pages).toEqual(nodes);

  // The user sees what happened to themself, but not by whom, and no event of a role.
  await pia.login('pia', 'a long enough passphrase');
  const own = await changes(pia, pia, 'invoice:read');
  expect(own.nodes.map(({ at }) => at)).toEqual(nodes.map(({ at }) => at));
  const ofGrant = own.nodes.find(({ at }) => at === instants[4]);
  expect(ofGrant?.events).toEqual([{ type: 'ROLE_REVOKED', actorId: null }]);
  expect(own.nodes.find(({ at }) => at === instants[1])?.events).toEqual([]);
});

test('the passing of time changes answers, and so does the end of a grant to come', async () => {
  const roleId = await makeRole(admin, { name: 'timely', level: 10 });
  await permitTo(admin, roleId, 'ticket:close', { due: { $gt: placeholder('now') } });
  tick();
  const end = new Date(harness.clock.now().getTime() + days(2)).toISOString();
  await give(admin, ada, roleId, end);
  const due = new Date(harness.clock.now().getTime() + 777).toISOString();
  const to = new Date(harness.clock.now().getTime() + days(3)).toISOString();
  const check = checked('ticket:close', { due });
  const { data } = await admin.ask(changesQuery, { userId: ada.userId, check, to });
  const { nodes } = data['accessChanges'] as never as Page<Change>;
  expect(nodes.slice(0, 2).map(({ at, after, causes }) => [at, after.reason, causes[0]?.['kind']])).toEqual([
    [end, 'GRANT_INACTIVE', 'GRANT_EXPIRED'],
    [due, 'CONDITION_NOT_MET', 'TIME_PASSED'],
  ]);
});

test('bad input and strangers', async () => {
  const codes = async (by: Client, userId: unknown, more: Record<string, unknown> = {}) =>
    (await askChanges(by, userId, 'a:b', more)).codes;
  expect(await codes(ada, ada.userId)).toEqual([]);
  expect(await codes(ada, ada.userId?.toUpperCase())).toEqual([]);
  expect(await codes(sam, ada.userId)).toEqual([]);
  expect(await codes(sam, eve.userId)).toEqual(['FORBIDDEN']);
  expect(await codes(eve, ada.userId)).toEqual(['FORBIDDEN']);
  expect(await codes(eve, crypto.randomUUID())).toEqual(['FORBIDDEN']);
  expect(await codes(harness.client(), ada.userId)).toEqual(['UNAUTHENTICATED']);
  for (const id of [crypto.randomUUID(), 'nonsense', '']) expect(await codes(admin, id)).toEqual(['BAD_USER_INPUT']);
  const position = (value: string) => Buffer.from(JSON.stringify([value, ada.userId])).toString('base64url');
  for (const after of ['nonsense', position('x'), position('1e9'), position(''), position('9'.repeat(400))])
    expect(await codes(admin, ada.userId, { after })).toEqual(['BAD_USER_INPUT']);
  for (const more of [{ first: 0 }, { first: 101 }, { to: '0000-12-31T00:00:00Z' }, { from: 'yesterday' }])
    expect(await codes(admin, ada.userId, more)).toEqual(['BAD_USER_INPUT']);
  const backwards = await changes(admin, ada, 'a:b', { from: '2300-01-01T00:00:00Z', to: '1970-01-01T00:00:00Z' });
  expect(backwards).toEqual({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } });
  expect((await changes(admin, ada, 'no name:{}')).nodes).toEqual([]);
});

const allowedQuery = `query ($check: AccessCheck!, $at: DateTime, $first: Int, $after: String) {
  allowedUsers(check: $check, at: $at, first: $first, after: $after) {
    nodes { user { username } reason path { role { name } grant { grantedByName } } } pageInfo { hasNextPage endCursor } } }`;
async function allowed(by: Client, name: string, attributes: object, more: Record<string, unknown> = {}) {
  const { data, errors } = await by.ask(allowedQuery, { check: checked(name, attributes), ...more });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const { nodes, pageInfo } = data['allowedUsers'] as never as Page<Json>;
  return { nodes, pageInfo, names: nodes.map(({ user }) => String((user as Json)['username'])).sort() };
}

test('who may do something, now and then, as far as the caller may read them', async () => {
  const roleId = await makeRole(admin, { name: 'writer', level: 10 });
  await permitTo(admin, roleId, 'page:write', { $or: [{ ownerId: placeholder('user.id') }, { open: true }] });
  const [given] = [tick()];
  for (const who of [ada, eve, sam]) await give(admin, who, roleId);
  const [taken] = [tick()];
  await admin.mutate('revokeRole', { userId: eve.userId, roleId }, 'grant { id }');
  tick();
  const open = { open: true };
  expect((await allowed(admin, 'page:write', open)).names).toEqual(['ada', 'root.admin', 'sam']);
  expect((await allowed(admin, 'page:write', open, { at: given })).names).toEqual(['ada', 'eve', 'root.admin', 'sam']);
  expect((await allowed(admin, 'page:write', open, { at: taken })).names).toEqual(['ada', 'root.admin', 'sam']);
  const before = new Date(new Date(given).getTime() - 1).toISOString();
  expect((await allowed(admin, 'page:write', open, { at: before })).names).toEqual(['root.admin']);
  expect((await allowed(admin, 'page:write', { ownerId: sam.userId })).names).toEqual(['root.admin', 'sam']);
  expect((await allowed(admin, 'page:write', {})).names).toEqual(['root.admin']);
  expect((await allowed(sam, 'page:write', open, { at: given })).names).toEqual(['ada', 'sam']);
  const { nodes } = await allowed(sam, 'page:write', { ownerId: ada.userId });
  expect(nodes).toEqual([
    {
      user: { username: 'ada' },
      reason: 'GRANTED',
      path: { role: { name: 'writer' }, grant: { grantedByName: 'root.admin' } },
    },
  ]);
  const { codes } = await ada.ask(allowedQuery, { check: checked('page:write', open) });
  expect(codes).toEqual(['FORBIDDEN']);
  for (const after of ['nonsense', Buffer.from('["x","y"]').toString('base64url')])
    expect((await admin.ask(allowedQuery, { check: checked('a:b'), after })).codes).toEqual(['BAD_USER_INPUT']);
});

const remedyQuery = `query ($userId: ID!, $check: AccessCheck!, $at: DateTime, $apiTokenId: ID) {
  accessDecision(userId: $userId, check: $check, at: $at, apiTokenId: $apiTokenId) { allowed remedies { kind role { name } grant { id }
    permission { id } change { roleId removePermissionIds grantTo addPermissions { resource action conditions } } } } }`;
async function remedies(by: Client, name: string, attributes: object, more: object = {}) {
  const { data, errors } = await by.ask(remedyQuery, { userId: ada.userId, check: checked(name, attributes), ...more });
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return (data['accessDecision'] as never as { remedies: Json[] }).remedies;
}

test('what would make it yes, those that give least first', async () => {
  const small = await makeRole(admin, { name: 'stamp', level: 20, permits: ['letter:stamp'] });
  await makeRole(admin, { name: 'post office', level: 20, permits: ['letter:*', 'parcel:send', 'parcel:weigh'] });
  await makeRole(admin, { name: 'higher', level: 30, permits: ['*:*'] });
  await makeRole(admin, { name: 'elsewhere', level: 1, permits: [['letter:stamp', { city: 'Berlin' }]] });
  const clerk = await makeRole(admin, { name: 'clerk', level: 10 });
  const permissionId = await permitTo(admin, clerk, 'letter:stamp', { city: 'Bonn', weight: { $lt: 20 } });
  const grantId = await give(admin, ada, small);
  await admin.mutate('revokeRole', { userId: ada.userId, roleId: small }, 'grant { id }');
  await give(admin, ada, clerk);
  tick();
  const attributes = { city: 'Kiel', weight: 30 };
  const found = await remedies(admin, 'letter:stamp', attributes);
  expect(found.map(({ kind, role }) => [kind, (role as Json)['name']])).toEqual([
    ['RENEW_GRANT', 'stamp'],
    ['GRANT_ROLE', 'post office'],
    ['GRANT_ROLE', 'higher'],
    ['WIDEN_CONDITIONS', 'clerk'],
  ]);
  expect(found[0]).toMatchObject({ grant: { id: grantId }, change: { roleId: small, grantTo: [ada.userId] } });
  const conditions = { city: { $in: ['Bonn', 'Kiel'] }, weight: { $lte: 30 } };
  expect(found[3]).toMatchObject({
    permission: { id: permissionId },
    change: {
      roleId: clerk,
      removePermissionIds: [permissionId],
      addPermissions: [{ resource: 'letter', action: 'stamp', conditions }],
    },
  });
  expect(
    await remedies(admin, 'letter:stamp', attributes, {
      at: new Date(harness.clock.now().getTime() - 1).toISOString(),
    }),
  ).toEqual([]);
  // Somebody who may not read roles is shown none of them; an attribute that is missing is no reason to widen conditions.
  expect(await remedies(sam, 'letter:stamp', attributes)).toEqual([]);
  expect((await remedies(admin, 'letter:stamp', {})).map(({ kind }) => kind)).not.toContain('WIDEN_CONDITIONS');
  await admin.mutate('deactivateUser', { userId: ada.userId }, 'user { id }');
  expect(await remedies(admin, 'letter:stamp', { city: 'Kiel' })).toEqual([]);
  expect(await remedies(admin, 'letter:stamp', { city: 'Bonn', weight: 1 })).toMatchObject([
    { kind: 'REACTIVATE_ACCOUNT', change: null },
  ]);
  await admin.mutate('reactivateUser', { userId: ada.userId }, 'user { id }');
});

test('5,000 grants of roles with 200 permissions each are answered page by page', async () => {
  const [role] = await sql<{ id: string }>(
    `with made as (insert into roles (id, name, level, created_at, updated_at)
       select gen_random_uuid(), 'crowd ' || n, 10, now() - interval '30 days', now() from generate_series(1, 50) n returning id),
     filled as (insert into permissions (id, role_id, name, resource, action, conditions, created_at)
       select gen_random_uuid(), id, 'x', case when n = 1 then '*' else 'thing' || n end, 'do', '{"a": 1, "b": {"$lt": 5}}', now() - interval '30 days'
       from made, generate_series(1, 200) n)
     select id from made limit 1`,
  );
  expect(role).toBeDefined();
  await sql(`update account_states set since = now() - interval '25 days' where user_id = $1`, [eve.userId]);
  await sql(
    `insert into role_grants (id, user_id, role_id, granted_at, expires_at)
     select gen_random_uuid(), $1, r.id, at, at + interval '1 minute'
     from generate_series(0, 99) n, (select id, row_number() over (order by name) as place from roles where name like 'crowd %') r,
       lateral (select date_trunc('milliseconds', now() - interval '20 days') + (n * 50 + r.place) * interval '5 minutes' as at) t`,
    [eve.userId],
  );
  harness.app.services.signals.announce('roles');
  const ask = async (attributes: object, after: string | null = null) => {
    const check = { resource: 'thing2', action: 'do', attributes };
    const { data, errors } = await admin.ask(changesQuery, { userId: eve.userId, check, first: 100, after });
    expect(errors).toEqual([]);
    return data['accessChanges'] as never as Page<Change>;
  };
  // Each grant begins and ends, so every instant is a change.
  const full = await ask({ a: 1, b: 2 });
  expect(full.nodes.length).toBe(100);
  expect(full.nodes.map(({ after }) => after.allowed)).toEqual(Array.from({ length: 100 }, (_, n) => n % 2 === 1));
  const next = await ask({ a: 1, b: 2 }, full.pageInfo.endCursor);
  expect(Date.parse(String(next.nodes[0]?.at))).toBeLessThan(Date.parse(String(full.nodes.at(-1)?.at)));
  // Conditions that are never met: changes of the reason alone, and the pages still end.
  const unmet = await ask({ a: 1, b: 9 });
  expect(unmet.nodes.every(({ after }) => !after.allowed)).toBe(true);
  expect(unmet.pageInfo.hasNextPage).toBe(true);
  // Another action: no instant can matter but those of the account.
  const other = await admin.ask(changesQuery, { userId: eve.userId, check: checked('elsewhere:see') });
  expect((other.data['accessChanges'] as never as Page<Change>).pageInfo.hasNextPage).toBe(false);
}, 60_000);
