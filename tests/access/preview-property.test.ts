import { randomUUID } from 'node:crypto';
import { beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { livingRoles } from '../../src/access/role-rows.js';
import { type StandingRow, standingColumns, standingOf } from '../../src/access/standing.js';
import { days } from '../../src/clock.js';
import { Rights } from '../../src/policy/rights.js';
import { bookOf, type PermissionTerms, type RoleRow } from '../../src/policy/role-book.js';
import type { Client } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { everyone, type Preview, preview } from '../support/preview.js';
import { give, makeRole } from '../support/roles.js';
import { seeded, Tally } from '../support/seeded.js';

jest.setTimeout(300_000);

let harness: Harness;
let admin: Client;
/** Holds much, but not everything, and is outranked by administrators. */
let manager: Client;
let managers: string;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  manager = await harness.person('manager');
  const permits = ['role:read', 'role:update', 'role:grant', 'user:read', 'invoice:*', 'report:read'];
  managers = await makeRole(admin, { name: 'managers', level: 50, permits });
  await give(admin, manager, managers);
});
const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);

const roleCount = 4;
const userCount = 8;
const permission = fc.record({
  resource: fc.constantFrom('*', 'invoice', 'report'),
  action: fc.constantFrom('*', 'read', 'update'),
  conditions: fc.constantFrom(null, null, { authorId: 'a' }, { $or: [{ a: 1 }, { b: { $in: [1, 2] } }] }),
});
const permissions = (most: number) =>
  fc.uniqueArray(permission, { maxLength: most, selector: ({ resource, action }) => `${resource}:${action}` });
const places = (most: number, length: number) => fc.uniqueArray(fc.nat(most - 1), { maxLength: length });
const grant = fc.record({
  role: fc.nat(roleCount - 1),
  /** In days relative to now. */
  from: fc.constantFrom(-2, -2, -2, 1),
  until: fc.constantFrom(null, null, 3, -1),
  isRevoked: fc.constantFrom(false, false, false, true),
});
const anyChange = fc.record({
  /** Index of the role; the last one is the role of administrators. */
  role: fc.nat(roleCount),
  additions: permissions(3),
  removals: places(4, 3),
  isDeleted: fc.constantFrom(false, false, true),
  /** Indexes of users; the last one is the caller. */
  grantTo: places(userCount + 1, 3),
  revokeFrom: places(userCount + 1, 4),
});
/** A random change would hardly ever remove the last administrator, so this one does. */
const fallOfAdministrators = fc.record({
  role: fc.constant(roleCount),
  additions: permissions(1),
  removals: fc.constant<number[]>([]),
  isDeleted: fc.constant(false),
  grantTo: places(userCount + 1, 2),
  revokeFrom: fc.shuffledSubarray([...Array(userCount + 1).keys()], { minLength: userCount }),
});
const model = fc.record({
  roles: fc.array(permissions(4), { minLength: roleCount, maxLength: roleCount }),
  users: fc.array(
    fc.record({
      isActive: fc.constantFrom(true, true, true, false),
      isAdmin: fc.constantFrom(false, false, false, true),
      grants: fc.array(grant, { minLength: 1, maxLength: 5 }),
    }),
    { minLength: userCount, maxLength: userCount },
  ),
  change: fc.oneof({ weight: 5, arbitrary: anyChange }, { weight: 1, arbitrary: fallOfAdministrators }),
});
type Model = typeof model extends fc.Arbitrary<infer T> ? T : never;
interface Made {
  readonly roleIds: string[];
  readonly userIds: string[];
}

const inDays = (count: number) => new Date(harness.clock.now().getTime() + days(count));

async function makePermission(roleId: string, { resource, action, conditions }: PermissionTerms): Promise<void> {
  await rows(
    `insert into permissions (id, role_id, name, resource, action, conditions, created_at) values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      randomUUID(),
      roleId,
      `${resource}:${action}`,
      resource,
      action,
      conditions && JSON.stringify(conditions),
      inDays(-1),
    ],
  );
}

const makeGrant = (
  userId: string | undefined,
  roleId: string | undefined,
  from: Date,
  until: Date | null,
  ended: boolean,
) =>
  rows(
    'insert into role_grants (id, user_id, role_id, granted_at, expires_at, revoked_at) values ($1, $2, $3, $4, $5, $6)',
    [randomUUID(), userId, roleId, from, until, ended ? inDays(-1) : null],
  );

/** Inserts a generated model. Each run has rows of its own. */
async function make({ roles, users }: Model): Promise<Made> {
  const kept = [admin.userId, manager.userId];
  await rows('delete from role_grants where user_id <> all($1::uuid[])', [kept]);
  await rows('delete from users where id <> all($1::uuid[])', [kept]);
  await rows('delete from roles where not is_system and id <> $1', [managers]);
  const [administrators] = await rows<{ id: string }>(`select id from roles where is_system and name = 'admin'`);
  const roleIds: string[] = roles.map(() => randomUUID());
  for (const [place, id] of roleIds.entries()) {
    await rows('insert into roles (id, name, level, created_at, updated_at) values ($1, $2, $3, $4, $4)', [
      id,
      id,
      place + 1,
      inDays(-9),
    ]);
    for (const terms of roles[place] ?? []) await makePermission(id, terms);
  }
  roleIds.push(administrators?.id ?? '');
  const userIds: string[] = users.map(() => randomUUID());
  for (const [place, { isActive, isAdmin, grants }] of users.entries()) {
    const id = userIds[place];
    await rows(
      `insert into users (id, username, email, password_hash, is_active, is_admin, is_verified, password_changed_at, created_at)
       values ($1, $2, $2, '-', $3, $4, true, $5, $5)`,
      [id, id, isActive, isAdmin, inDays(-9)],
    );
    if (isAdmin) await makeGrant(id, roleIds.at(-1), inDays(-5), null, false);
    for (const { role, from, until, isRevoked } of grants)
      await makeGrant(id, roleIds[role], inDays(from), until === null ? null : inDays(until), isRevoked);
  }
  await rows('update users set is_admin = true where id = $1', [admin.userId]);
  await rows('update role_grants set revoked_at = null where user_id = $1', [admin.userId]);
  userIds.push(admin.userId ?? '');
  harness.app.services.signals.announce('roles');
  harness.app.services.principals.forgetUser(admin.userId ?? '');
  return { roleIds, userIds };
}

interface Change {
  readonly roleId: string;
  readonly isFlag: boolean;
  readonly removals: string[];
  readonly additions: PermissionTerms[];
  readonly grantTo: string[];
  readonly revokeFrom: string[];
  readonly isDeleted: boolean;
}

/** A change with the right shape, which may still be refused. */
async function changeOf({ change, roles }: Model, { roleIds, userIds }: Made): Promise<Change> {
  const isFlag = change.role === roleCount;
  const roleId = roleIds[change.role] ?? '';
  const found = await rows<PermissionTerms & { id: string }>(
    'select * from permissions where role_id = $1 order by id',
    [roleId],
  );
  const removed = found.filter((_, place) => change.removals.includes(place));
  const kept = found.filter((one) => !removed.includes(one));
  const key = ({ resource, action }: PermissionTerms) => `${resource}:${action}`;
  expect(isFlag || found.length === roles[change.role]?.length).toBe(true);
  const ids = (list: number[]) => list.map((place) => userIds[place] ?? '');
  return {
    roleId,
    isFlag,
    removals: removed.map(({ id }) => id),
    additions: change.additions.filter((terms) => !kept.some((one) => key(one) === key(terms))),
    grantTo: ids(change.grantTo),
    revokeFrom: ids(change.revokeFrom),
    // Neither the administrators' role nor the flag it stands for can be deleted.
    isDeleted: change.isDeleted && !isFlag,
  };
}

const inputOf = ({ roleId, removals, additions, grantTo, revokeFrom, isDeleted }: Change) => ({
  roleId,
  removePermissionIds: removals,
  addPermissions: additions,
  grantTo,
  revokeFrom,
  delete: isDeleted,
});

async function apply({ roleId, isFlag, removals, additions, grantTo, revokeFrom, isDeleted }: Change): Promise<void> {
  const now = inDays(0);
  await rows('update permissions set removed_at = $1 where id = any($2::uuid[])', [now, removals]);
  for (const terms of additions) await makePermission(roleId, terms);
  for (const id of grantTo) await makeGrant(id, roleId, inDays(-1), null, false);
  await rows(
    `update role_grants set revoked_at = $1 where role_id = $2 and user_id = any($3::uuid[]) and revoked_at is null and granted_at <= $1`,
    [now, roleId, revokeFrom],
  );
  if (isFlag) {
    await rows('update users set is_admin = true where id = any($1::uuid[])', [grantTo]);
    await rows('update users set is_admin = false where id = any($1::uuid[])', [revokeFrom]);
  }
  if (isDeleted) await rows('update roles set deleted_at = $1 where id = $2', [now, roleId]);
}

/** The rights of every user, read from the database. */
async function rightsOfAll(): Promise<Map<string, Rights>> {
  const book = bookOf(await rows<RoleRow>(livingRoles()));
  const found = await rows<StandingRow>(`select ${standingColumns('$1')} from users u`, [harness.clock.now()]);
  return new Map(found.map((row) => [row.userId, new Rights(standingOf(row), book, harness.clock)]));
}

const everything: PermissionTerms = { resource: '*', action: '*', conditions: null };
const plain = ({ resource, action, conditions }: PermissionTerms): string =>
  JSON.stringify([resource, action, conditions]);
/** The permissions that a user holds, with their terms. */
const heldBy = (rights: Rights | undefined): PermissionTerms[] =>
  !rights?.standing.isActive ? [] : rights.standing.isAdmin ? [everything] : [...rights.permissions];
const distinct = (list: readonly PermissionTerms[]): string[] => [...new Set(list.map(plain))].sort();

interface Measured {
  readonly before: ReadonlyMap<string, Rights>;
  readonly after: ReadonlyMap<string, Rights>;
  readonly predicted: ReadonlyMap<string, Preview['users']['nodes'][number]>;
  /** Permissions that occur in the model. */
  readonly universe: readonly PermissionTerms[];
}

/** Compares the prediction with what has happened. @returns who has gained, and who has lost */
function compare({ before, after, predicted, universe }: Measured) {
  const [gainers, losers] = [new Set<string>(), new Set<string>()];
  for (const [id, was] of before) {
    const is = after.get(id);
    const { gains = [], losses = [] } = predicted.get(id) ?? {};
    const gained = (terms: PermissionTerms) => !was.covers(terms) && is?.covers(terms) === true;
    const lost = (terms: PermissionTerms) => was.covers(terms) && !is?.covers(terms);
    expect(distinct(gains)).toEqual(distinct(heldBy(is).filter(gained)));
    expect(distinct(losses)).toEqual(distinct(heldBy(was).filter(lost)));
    // Any other gain or loss is covered by a predicted one.
    for (const terms of universe) {
      const within = (wide: PermissionTerms) =>
        ['*', terms.resource].includes(wide.resource) && ['*', terms.action].includes(wide.action);
      if (gained(terms)) expect(gains.some(within)).toBe(true);
      if (lost(terms)) expect(losses.some(within)).toBe(true);
    }
    if (gains.length > 0) gainers.add(id);
    if (losses.length > 0) losers.add(id);
  }
  return { gainers, losers, count: new Set([...gainers, ...losers]).size };
}

test('the prediction is the difference measured after the change', async () => {
  const effects = new Tally<'gains' | 'losses' | 'both' | 'nothing'>();
  const last = new Tally<'kept' | 'lost'>();
  await seeded(
    fc.asyncProperty(model, async (generated) => {
      const made = await make(generated);
      const change = await changeOf(generated, made);
      const input = inputOf(change);
      const { removals, additions, grantTo, revokeFrom } = change;
      const isNothing = removals.length + additions.length + grantTo.length + revokeFrom.length === 0;
      if (isNothing && !change.isDeleted) return;
      const before = await rightsOfAll();
      const whole = await preview(admin, input);
      const predicted = new Map((await everyone(admin, input, 3)).map((node) => [node.user.id, node]));
      await apply(change);
      const after = await rightsOfAll();

      const universe = [...generated.roles.flat(), ...change.additions, everything];
      const { gainers, losers, count } = compare({ before, after, predicted, universe });
      expect([whole.affectedUsersCount, whole.users.totalCount, predicted.size]).toEqual([count, count, count]);
      const [left] = await rows<{ is: boolean }>(
        'select exists (select from users where is_admin and is_active) as is',
      );
      expect(whole.losesLastAdministrator).toBe(!left?.is);
      effects.count(count === 0 ? 'nothing' : losers.size === 0 ? 'gains' : gainers.size === 0 ? 'losses' : 'both');
      last.count(whole.losesLastAdministrator ? 'lost' : 'kept');
    }),
    Number(process.env['PROPERTY_RUNS'] ?? 60),
  );
  effects.expectShares({ gains: 0.05, losses: 0.05, both: 0, nothing: 0 });
  last.expectShares({ kept: 0.5, lost: 0.01 });
});

/** All that a change may touch, without what background jobs do. */
const state = () =>
  rows(`select (select json_agg(r order by r.id) from roles r) as roles,
    (select json_agg(p order by p.id) from permissions p) as permissions,
    (select json_agg(json_build_array(g.id, g.role_id, g.user_id, g.granted_at, g.expires_at, g.revoked_at) order by g.id)
      from role_grants g) as grants,
    (select count(*) from every_event where type in ('ROLE_UPDATED', 'ROLE_GRANTED', 'ROLE_REVOKED')) as events`);

const changeQuery = `mutation ($input: ChangeRoleInput!) {
  changeRole(input: $input) { role { level } errors { code field } } }`;
interface Changed {
  readonly role?: { readonly level: number } | null;
  readonly errors?: Preview['errors'];
}
let names = 0;

/** A change, also of details. Most are made possible, since a random one would hardly ever be. */
const asked = fc.record({
  model,
  // The manager is refused more often.
  isManager: fc.constantFrom(true, true, false),
  isPossible: fc.constantFrom(true, true, true, false),
  details: fc.record({ level: fc.constantFrom(1, 2, 100), description: fc.constant('New') }, { requiredKeys: [] }),
  isRenamed: fc.constantFrom(false, false, true),
});

/** Leaves out what is refused whatever the permissions are. */
function possible(change: Change, before: ReadonlyMap<string, Rights>): Change {
  const standing = (id: string) => before.get(id);
  const holds = (id: string) => standing(id)?.rules.roles.some((role) => role.id === change.roleId) === true;
  const isBelow = (id: string) => standing(id)?.standing.isAdmin === false;
  return {
    ...change,
    grantTo: change.grantTo.filter(isBelow),
    revokeFrom: change.revokeFrom.filter((id) => isBelow(id) && holds(id)),
  };
}

test('changeRole does what the preview tells, or refuses with its errors and does nothing', async () => {
  const outcomes = new Tally<'made' | 'refused' | 'made by the manager'>();
  await seeded(
    fc.asyncProperty(asked, async ({ model: generated, isManager, isPossible, details, isRenamed }) => {
      const role = isPossible ? generated.change.role % roleCount : generated.change.role;
      const plan = { ...generated, change: { ...generated.change, role } };
      const made = await make(plan);
      const before = await rightsOfAll();
      const random = await changeOf(plan, made);
      const change = isPossible ? possible(random, before) : random;
      const { delete: _, ...parts } = inputOf(change);
      const level = isPossible && details.level === 100 ? {} : details;
      const input = { ...parts, ...level, ...(isRenamed && { name: `name ${++names}` }) };
      const client = isManager ? manager : admin;
      const whole = await preview(client, input);
      const predicted = new Map((await everyone(admin, input, 100)).map((node) => [node.user.id, node]));
      const was = await state();
      const { data, codes } = await client.ask(changeQuery, { input });
      const { errors = [], role: changed } = (data?.['changeRole'] ?? {}) as unknown as Changed;
      expect([codes, errors]).toEqual([[], whole.errors]);
      if (errors.length > 0) {
        expect(await state()).toEqual(was);
        return outcomes.count('refused');
      }
      const universe = [...generated.roles.flat(), ...change.additions, everything];
      compare({ before, after: await rightsOfAll(), predicted, universe });
      expect(changed?.level).toBe(input.level ?? role + 1);
      outcomes.count(isManager ? 'made by the manager' : 'made');
    }),
    Number(process.env['PROPERTY_RUNS'] ?? 40),
  );
  outcomes.expectShares({ made: 0.1, refused: 0.1, 'made by the manager': 0.05 });
});
