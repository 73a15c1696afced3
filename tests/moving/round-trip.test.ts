import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { type AccessDecision, decideAccess } from '../../src/access/explain/access-decision.js';
import { days } from '../../src/clock.js';
import { asOperator } from '../../src/open-services.js';
import { arbitraryAttributes, plainConditions } from '../support/arbitrary-conditions.js';
import { Harness, password } from '../support/harness.js';
import { codesOf, exported, take } from '../support/moving.js';
import { type Equipped, equip, nextCode, signIn } from '../support/second-factor.js';
import { seeded, Tally } from '../support/seeded.js';

jest.setTimeout(300_000);

let from: Harness;
let equipped: Equipped;
let lines: string[];

const roleCount = 8;
const resources = ['post', 'invoice', '*'];
const actions = ['read', 'update', '*'];
/** In days from now. Only grants begin and end in the future. */
const instant = fc.integer({ min: -300, max: 60 });
const pastInstant = fc.integer({ min: -300, max: -1 });
const permission = fc.record({
  resource: fc.constantFrom('invoice', 'report', '*'),
  action: fc.constantFrom('read', 'update', '*'),
  conditions: fc.oneof(fc.constant(null), plainConditions),
  from: pastInstant,
  until: fc.option(pastInstant, { freq: 2 }),
});
const role = fc.record({
  level: fc.integer({ min: 1, max: 99 }),
  isDeleted: fc.constantFrom(false, false, false, true),
  isRenamed: fc.boolean(),
  permissions: fc.uniqueArray(permission, {
    maxLength: 5,
    selector: ({ resource, action }) => `${resource}:${action}`,
  }),
});
const person = fc.record({
  isActive: fc.constantFrom(true, true, true, false),
  isAdmin: fc.constantFrom(false, false, false, false, true),
  isVerified: fc.boolean(),
  hadOtherAddress: fc.boolean(),
  wasInactive: fc.boolean(),
  grants: fc.array(
    fc.record({
      role: fc.nat(roleCount - 1),
      from: instant,
      until: fc.option(instant, { freq: 2 }),
      revoked: fc.option(pastInstant, { freq: 2 }),
    }),
    { maxLength: 6 },
  ),
});
// A smaller case would take as long to try as this one.
const model = fc.noShrink(
  fc.record({
    roles: fc.array(role, { minLength: roleCount, maxLength: roleCount }),
    people: fc.array(person, { minLength: 25, maxLength: 25 }),
  }),
);
type Model = typeof model extends fc.Arbitrary<infer T> ? T : never;

const rows = <Row>(harness: Harness, text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);
const inDays = (count: number | null) =>
  count === null ? null : new Date(from.clock.now().getTime() + days(count)).toISOString();

async function fill({ roles, people }: Model): Promise<void> {
  const ids = roles.map(() => randomUUID());
  for (const [place, { level, isDeleted, isRenamed, permissions }] of roles.entries()) {
    const [id, name] = [ids[place], `team ${place}`];
    await rows(
      from,
      'insert into roles (id, name, level, created_at, updated_at, deleted_at) values ($1, $2, $3, $4, $4, $5)',
      [...[id, name, level, inDays(-200), isDeleted ? inDays(-20) : null]],
    );
    const names = [...(isRenamed ? [[`old ${place}`, -200]] : []), [name, isRenamed ? -100 : -200]] as const;
    for (const [named, since] of names)
      await rows(from, 'insert into role_names (role_id, name, since) values ($1, $2, $3)', [
        id,
        named,
        inDays(Number(since)),
      ]);
    for (const { resource, action, conditions, from: made, until } of permissions)
      await rows(
        from,
        `insert into permissions (id, role_id, name, resource, action, conditions, created_at, removed_at)
         values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7)`,
        [
          id,
          `${resource}:${action}`,
          resource,
          action,
          conditions && JSON.stringify(conditions),
          inDays(made),
          inDays(until),
        ],
      );
  }
  for (const [place, one] of people.entries()) {
    const [id, name] = [randomUUID(), `guest${place}`];
    await rows(
      from,
      `insert into users (id, username, email, password_hash, is_active, is_admin, is_verified, password_changed_at, created_at, bio, language)
       values ($1, $2, $3, '!', $4, $5, $6, $7, $7, 'Line' || E'\\n' || 'two', 'de')`,
      [id, name, `${name}@example.com`, !one.wasInactive, false, one.isVerified, inDays(-250)],
    );
    await rows(from, 'update users set is_active = $2, is_admin = $3 where id = $1', [id, one.isActive, one.isAdmin]);
    if (one.hadOtherAddress) await rows(from, 'update users set email = $2 where id = $1', [id, `${name}@example.org`]);
    // Nothing but a trigger writes it, at the present time.
    await rows(
      from,
      `update account_states s set since = $2::timestamptz + n * interval '20 days'
       from (select serial, row_number() over (order by serial) - 1 as n from account_states where user_id = $1) numbered
       where s.serial = numbered.serial`,
      [id, inDays(-250)],
    );
    await rows(
      from,
      `insert into role_grants (id, user_id, role_id, granted_at) select gen_random_uuid(), $1, id, $2 from roles where is_system and (name = 'user' or $3)`,
      [id, inDays(-250), one.isAdmin],
    );
    for (const grant of one.grants)
      await rows(
        from,
        `insert into role_grants (id, user_id, role_id, granted_at, granted_by_id, expires_at, revoked_at, revoked_by_id)
         values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $4)`,
        [id, ids[grant.role], inDays(grant.from), randomUUID(), inDays(grant.until), inDays(grant.revoked)],
      );
  }
  await rows(from, 'update role_grants set expiry_announced_at = expires_at where expires_at <= $1', [inDays(0)]);
  from.app.services.signals.announce('roles');
}

/** A decision without ids that need not stay; its paths in an order that does not depend on them. */
function plain({ paths, ...decision }: AccessDecision): object {
  const unneeded: ReadonlySet<string> = new Set(['id', 'roleId', 'permissionId', 'predicate', 'updatedAt']);
  const texts = paths.map((path) => JSON.stringify(path, (key, part) => (unneeded.has(key) ? undefined : part)));
  return { ...decision, paths: texts.sort() };
}

const withoutHead = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type, username }) => type !== 'gatehouse' && username !== 'other.root');
/** A system role keeps the id that it has in an installation. */
const comparable = ({ type, name, id, updatedAt, ...record }: Record<string, unknown>) =>
  type === 'role'
    ? { name, ...record, ...(['user', 'admin'].includes(String(name)) ? {} : { id, updatedAt }) }
    : { id, ...record };
const byId = (one: object, other: object) => JSON.stringify(one).localeCompare(JSON.stringify(other));

beforeAll(async () => {
  from = await Harness.start();
  const client = await from.person('equipped');
  equipped = await equip(from, 'equipped', client);
  await rows(
    from,
    `update recovery_codes set used_at = now() where code_hash = (select min(code_hash) from recovery_codes)`,
  );
  await from.person('native');
  await from.person('flask');
  await rows(from, `update users set password_hash = $1 where username = 'flask'`, [
    'pbkdf2:sha256:260000$xQ7bPd3TzLw9Ks2M$afb3a6ff543ba79f42786d5815d8c07f566b02dd8966651f2806f446857d1911',
  ]);
});

/** An installation that nobody uses, at the same time. */
async function elsewhere(): Promise<Harness> {
  const to = await Harness.start({ ADMIN_USERNAME: 'other.root', ADMIN_EMAIL: 'other.root@example.com' });
  for (const { clock } of [from, to]) clock.stop();
  to.clock.advance(from.clock.now().getTime() - to.clock.now().getTime());
  return to;
}

test('an export makes the same people, and the same decisions now and in the past', async () => {
  const outcomes = new Tally<
    'ADMINISTRATOR' | 'GRANTED' | 'ACCOUNT_INACTIVE' | 'CONDITION_NOT_MET' | 'GRANT_INACTIVE' | 'NO_PERMISSION'
  >();
  await seeded(
    fc.asyncProperty(
      model,
      fc.noShrink(
        fc.array(fc.tuple(fc.nat(), fc.nat(2), fc.nat(2), arbitraryAttributes, instant), {
          minLength: 400,
          maxLength: 400,
        }),
      ),
      async (generated, questions) => {
        await rows(from, `delete from users where username like 'guest%'`);
        await rows(from, 'delete from roles where not is_system');
        await fill(generated);
        const text = await exported(from);
        const to = await elsewhere();
        expect(await take(to, text, { allowAdministrators: true })).toMatchObject({ refused: 0, imported: 29 });
        const again = await exported(to);
        expect(withoutHead(again).map(comparable).sort(byId)).toEqual(withoutHead(text).map(comparable).sort(byId));
        const people = await rows<{ id: string }>(from, 'select id from users order by id');
        for (const [place, action, resource, attributes, day] of questions) {
          const at = new Date(from.clock.now().getTime() + (place % 3 === 0 ? 0 : days(day)));
          const check = { action: actions[action] ?? '', resource: resources[resource] ?? '', attributes };
          const question = { userId: people[place % people.length]?.id ?? '', check, at };
          const [here, there] = [
            await decideAccess(asOperator(from.app.services), question),
            await decideAccess(asOperator(to.app.services), question),
          ];
          expect(plain(there)).toEqual(plain(here));
          outcomes.count(here.reason as never);
        }
        lines = text.split('\n');
        await to.close();
      },
    ),
    Number(process.env['PROPERTY_RUNS'] ?? 2),
  );
  outcomes.expectShares({
    ADMINISTRATOR: 0.01,
    GRANTED: 0.005,
    ACCOUNT_INACTIVE: 0.01,
    CONDITION_NOT_MET: 0,
    GRANT_INACTIVE: 0,
    NO_PERMISSION: 0.01,
  });
});

describe('people who were imported', () => {
  let to: Harness;
  beforeAll(async () => {
    to = await elsewhere();
    await take(to, await exported(from), { allowAdministrators: true });
  });

  test('are told by events of the operator, and by no mail', async () => {
    const [told] = await rows(
      to,
      `select count(*)::int as count from every_event where type = 'USER_CREATED'
      and details->>'by' = 'operator' and (details->>'imported')::boolean`,
    );
    const [people] = await rows(to, `select count(*)::int - 1 as count from users`);
    expect(told).toEqual(people);
    expect(to.mailbox.mails).toEqual([]);
  });

  test.each(['native', 'flask'])('sign in by password: %s', async (name) => {
    const client = to.client();
    await client.login(name, password);
    expect((await client.ask('{ viewer { username } }')).data).toEqual({ viewer: { username: name } });
  });

  test('sign in by the codes of their authenticator, and by each unused recovery code once', async () => {
    const entered = async (code: string) => {
      const { errors } = await signIn(to.client(), equipped, code);
      return (errors as never as unknown[]).length === 0;
    };
    expect(await entered(nextCode(to, equipped.secret))).toBe(true);
    const used: boolean[] = [];
    for (const code of equipped.recoveryCodes) used.push(await entered(code));
    expect(used.filter((is) => !is)).toHaveLength(1);
    const [fresh = ''] = equipped.recoveryCodes.filter((_, place) => used[place]);
    expect(await entered(fresh)).toBe(false);
  });
});

test('an export without secrets has none; its people are asked to reset their password', async () => {
  const text = await exported(from, { withSecrets: false });
  for (const secret of [equipped.secret, 'passwordHash', 'twoFactor', 'argon2', 'pbkdf2'])
    expect(text).not.toContain(secret);
  const to = await elsewhere();
  expect(codesOf(await take(to, text, { allowAdministrators: true }))).toEqual([]);
  const refused = await to.client().mutate('login', { identifier: 'native', password }, 'result { __typename }');
  expect(refused['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  await to.client().mutate('requestPasswordReset', { email: 'native@example.com' }, 'email');
  const token = await to.mailbox.tokenTo('native@example.com');
  await to.client().mutate('resetPassword', { token, newPassword: 'quite another passphrase' }, 'user { id }');
  await to.client().login('native', 'quite another passphrase');
  await to.close();
});

test('roles that are here already stay as they are, and the report says so', async () => {
  const to = await elsewhere();
  const admin = to.client();
  await admin.login('other.root', password);
  await admin.mutate('createRole', { name: 'TEAM 1', level: 3 }, 'role { id }');
  await to.person('local');
  const before = await rows(to, `select * from permissions order by id`);
  const changed = lines.map((line) => line.replace('"name":"post:read"', '"name":"reading posts"'));
  const taken = await take(to, changed.join('\n'), { allowAdministrators: true });
  const differing = taken.report.filter(({ code }) => code === 'ROLE_DIFFERS');
  expect(differing.map(({ reason }) => reason).some((reason) => reason.includes('"user"'))).toBe(true);
  expect(
    await rows(
      to,
      `select * from permissions where role_id in (select role_id from permissions where id = any($1::uuid[])) order by id`,
      [before.map((row) => (row as { id: string }).id)],
    ),
  ).toEqual(before);
  expect(taken.imported).toBe(29);
  await to.close();
});
