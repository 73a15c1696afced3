import { beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { listAccessChanges } from '../../src/access/explain/access-changes.js';
import { type AccessDecision, decideAccess } from '../../src/access/explain/access-decision.js';
import type { Operation } from '../../src/operation.js';
import type { Client, Json } from '../support/client.js';
import { administrator, Harness, password } from '../support/harness.js';
import { arbitraryCheck, arbitraryStep, type Check, Life } from '../support/life.js';
import { seeded, Tally } from '../support/seeded.js';

jest.setTimeout(240_000);

let harness: Harness;
let admin: Client;
let operation: Operation;
beforeAll(async () => {
  harness = await Harness.start();
  harness.clock.stop();
  admin = harness.client();
  operation = { services: harness.app.services } as Operation;
});

const lives: Life[] = [];
const history = fc.array(arbitraryStep, { minLength: 4, maxLength: 14 });
const offsets = fc.array(fc.integer({ min: -20, max: 3000 }), { minLength: 5, maxLength: 5 });

/** Lives a random life, the roles of which later ones are given as well. */
async function lived(steps: Parameters<Life['live']>[0][]): Promise<Life> {
  harness.clock.advance(10_000);
  await admin.login(administrator.username, password);
  const life = await Life.begin(harness, admin);
  const first = steps[0] as (typeof steps)[number];
  for (const step of ['addPermission', 'grantRole'] as const) await life.live({ ...first, step, role: 0, end: null });
  for (const step of steps) {
    await life.live(step);
    harness.clock.advance(step.wait);
  }
  harness.app.services.signals.announce('roles');
  lives.push(life);
  return life;
}

const checkOf = (life: Life, { resource, action, ...check }: Check) => ({
  resource,
  action,
  attributes: { ...life.attributesOf({ resource, action, ...check }) },
});
type Asked = ReturnType<typeof checkOf>;

const decided = async (userId: string, check: Asked, at: number): Promise<AccessDecision> =>
  decideAccess(operation, { userId, check, at: new Date(at) });
const answer = ({ allowed, reason }: Pick<AccessDecision, 'allowed' | 'reason'>) => `${allowed} ${reason}`;

async function everyChange(userId: string, check: Asked, to: number) {
  const changes = [];
  for (let after: string | null = null; ; ) {
    const page = await listAccessChanges(operation, { userId, check, to: new Date(to), first: 2, after });
    changes.push(...page.changes);
    if (page.isComplete) return changes;
    after = page.endCursor;
  }
}

test('no change of an answer is missed, and none is invented', async () => {
  const kinds = new Tally<string>();
  const property = fc.asyncProperty(history, arbitraryCheck, offsets, async (steps, asked, more) => {
    const life = await lived(steps);
    const check = checkOf(life, asked);
    const now = harness.clock.now().getTime();
    const changes = await everyChange(life.userId, check, now + 5000);
    kinds.count(changes.length > 1 ? 'changes' : 'one');
    for (const { at, before, after, causes } of changes) {
      expect([answer(before), answer(after)]).toEqual([
        answer(await decided(life.userId, check, at.getTime() - 1)),
        answer(await decided(life.userId, check, at.getTime())),
      ]);
      expect(answer(before)).not.toBe(answer(after));
      expect(causes.length).toBeGreaterThan(0);
    }
    const due = [asked.due - 1, asked.due, asked.due + 1];
    const instants = [
      ...life.replay.instants.flatMap((at) => [at - 1, at]),
      ...[...due, ...more].map((each) => life.began.getTime() + each),
    ];
    for (const at of new Set(instants)) {
      if (at > now + 5000) continue;
      const change = changes.find((each) => each.at.getTime() <= at);
      const expected = change?.after ?? changes.at(-1)?.before;
      const actual = await decided(life.userId, check, at);
      expect([at, answer(expected ?? actual)]).toEqual([at, answer(actual)]);
    }
  });
  await seeded(property, 12);
  kinds.expectShares({ changes: 0.1, one: 0 });
});

const allowedQuery = `query ($check: AccessCheck!, $at: DateTime, $after: String) {
  allowedUsers(check: $check, at: $at, first: 3, after: $after) {
    nodes { user { id } reason path { satisfied } } pageInfo { hasNextPage endCursor } } }`;

async function everyoneAllowed(check: Asked, at: number | null): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | null = null; ; ) {
    const variables = { check, at: at && new Date(at).toISOString(), after };
    const { data, errors } = await admin.ask(allowedQuery, variables);
    expect(errors).toEqual([]);
    const page = data['allowedUsers'] as never as {
      nodes: { user: Json; reason: string; path: { satisfied: boolean } | null }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
    for (const { user, reason, path } of page.nodes) {
      expect(path?.satisfied ?? reason).toBe(path ? true : 'ADMINISTRATOR');
      found.push(String(user['id']));
    }
    if (!page.pageInfo.hasNextPage) return found;
    after = page.pageInfo.endCursor;
  }
}

test('those who are allowed something are those for whom a decision says so', async () => {
  const { sql } = harness.app.services.database;
  // Everybody is given some of the roles of others.
  await sql.rows(
    `insert into role_grants (id, user_id, role_id, granted_at)
     select gen_random_uuid(), u.id, r.id, greatest(u.created_at, r.created_at) + random() * interval '2 seconds'
     from users u, roles r where not r.is_system and random() < 0.15`,
  );
  harness.clock.advance(10_000);
  const users = (await sql.rows<{ id: string }>('select id from users order by id')).map(({ id }) => id);
  const shares = new Tally<string>();
  const property = fc.asyncProperty(
    fc.nat(lives.length - 1),
    arbitraryCheck,
    fc.option(offsets),
    async (one, asked, then) => {
      const life = lives[one] as Life;
      const check = checkOf(life, asked);
      const at = then ? life.began.getTime() + (then[0] ?? 0) : null;
      const expected: string[] = [];
      for (const id of users)
        if ((await decided(id, check, at ?? harness.clock.now().getTime())).allowed) expected.push(id);
      shares.count(expected.length > 1 ? 'several' : 'few');
      expect(await everyoneAllowed(check, at)).toEqual(expected);
    },
  );
  await seeded(property, 20);
  shares.expectShares({ several: 0.1, few: 0 });
});

const remedyQuery = `query ($userId: ID!, $check: AccessCheck!) { accessDecision(userId: $userId, check: $check) {
  allowed reason remedies { kind role { id level } grant { id } permission { id }
    change { roleId removePermissionIds addPermissions { name resource action conditions } grantTo } } } }`;

interface Remedy {
  readonly kind: string;
  readonly change: {
    readonly roleId: string;
    readonly removePermissionIds: readonly string[];
    readonly addPermissions: readonly object[];
    readonly grantTo: readonly string[];
  } | null;
}

async function apply(life: Life, { change }: Remedy): Promise<void> {
  if (!change) return void (await admin.mutate('reactivateUser', { userId: life.userId }, 'user { id }'));
  const preview = 'query ($input: RoleChangeInput!) { previewRoleChange(input: $input) { errors { code } } }';
  expect((await admin.ask(preview, { input: change })).data['previewRoleChange']).toEqual({ errors: [] });
  const { roleId, removePermissionIds, addPermissions, grantTo } = change;
  for (const permissionId of removePermissionIds)
    await admin.mutate('removePermission', { permissionId }, 'removedPermissionId');
  for (const terms of addPermissions) await admin.mutate('addPermission', { roleId, ...terms }, 'permission { id }');
  for (const userId of grantTo) await admin.mutate('grantRole', { userId, roleId }, 'grant { id }');
}

const hasEndedNow = ({ userId }: Life) =>
  harness.app.services.database.sql.row('select 1 as one from role_grants where user_id = $1 and expires_at = $2', [
    userId,
    harness.clock.now(),
  ]);

test('each remedy makes the answer yes', async () => {
  const tried = new Tally<string>();
  const property = fc.asyncProperty(history, arbitraryCheck, fc.nat(), async (steps, asked, choice) => {
    const life = await lived(steps);
    const check = checkOf(life, { ...asked, resource: 'post', action: 'read' });
    const { data, errors } = await admin.ask(remedyQuery, { userId: life.userId, check });
    expect(errors).toEqual([]);
    const { allowed, remedies } = data['accessDecision'] as never as { allowed: boolean; remedies: Remedy[] };
    if (allowed) expect(remedies).toEqual([]);
    expect(remedies.length).toBeLessThanOrEqual(10);
    const remedy = remedies[choice % Math.max(remedies.length, 1)];
    harness.clock.advance(1);
    // A grant that ends in this millisecond was in force when the remedies were asked for.
    if (await hasEndedNow(life)) return;
    tried.count(remedy?.kind ?? 'none');
    if (!remedy) return;
    await apply(life, remedy);
    const { allowed: isSo } = await decided(life.userId, check, harness.clock.now().getTime());
    expect([remedy, isSo]).toEqual([remedy, true]);
  });
  await seeded(property, 20);
  tried.expectShares({ none: 0, GRANT_ROLE: 0, WIDEN_CONDITIONS: 0, RENEW_GRANT: 0, REACTIVATE_ACCOUNT: 0 });
});

test('a change of conditions that would be refused is no remedy', async () => {
  // Written in SQL: posts have no attribute of this name.
  const step = { wait: 0, role: 0, end: null, resource: 'post', action: 'read', term: 'own', flag: false } as const;
  const life = await lived([{ step: 'createRole', ...step }]);
  const check = checkOf(life, { resource: 'post', action: 'read', isOwner: false, mail: 0, role: 0, due: 0 });
  const { data } = await admin.ask(remedyQuery, { userId: life.userId, check });
  const { reason, remedies } = data['accessDecision'] as never as { reason: string; remedies: Remedy[] };
  expect(reason).toBe('CONDITION_NOT_MET');
  expect(remedies.map(({ kind }) => kind)).not.toContain('WIDEN_CONDITIONS');
});
