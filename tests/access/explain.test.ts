import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AccessReason, explain } from '../../src/access/explain/explain.js';
import { type PastRecord, pastOf } from '../../src/access/explain/past.js';
import { asked } from '../../src/policy/access-check.js';
import { predicateOf } from '../../src/policy/condition-matching.js';
import { Rights } from '../../src/policy/rights.js';
import { bookOf } from '../../src/policy/role-book.js';
import { arbitraryAttributes, arbitraryConditions, ids, vocabulary } from '../support/arbitrary-conditions.js';
import { seeded, Tally } from '../support/seeded.js';

const actions = ['read', 'edit', '*'];
const resources = ['post', 'document', '*'];
const scopes = ['post:read', 'post:*', 'document:edit', 'comment:read'];
const instants = fc.integer({ min: 0, max: 12 });
const often = fc.integer({ min: 0, max: 5 }).map((n) => n > 0);

/** Usually the same action, so that checks and permissions match often. */
const action = fc.constantFrom('read', 'read', 'read', ...actions);
const resource = fc.constantFrom('post', 'post', 'post', ...resources);

const permission = fc.record({
  action,
  resource,
  conditions: fc.option(arbitraryConditions, { freq: 4 }),
});
const role = fc.record({ isLiving: often, permissions: fc.array(permission, { minLength: 1, maxLength: 4 }) });
const grant = fc.record({
  role: fc.nat(3),
  grantedAt: fc.integer({ min: 0, max: 8 }),
  expiresAt: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, instants),
  isRevoked: often.map((is) => !is),
});
const model = fc.record({
  account: fc.record({
    userId: fc.constantFrom(...ids),
    email: fc.constantFrom(...vocabulary['owner.email']),
    isActive: often,
    isAdmin: often.map((is) => !is),
  }),
  roles: fc.array(role, { minLength: 1, maxLength: 4 }),
  grants: fc.array(grant, { maxLength: 6, size: 'medium' }),
  scopes: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.subarray(scopes) }),
});
type Model = typeof model extends fc.Arbitrary<infer T> ? T : never;

const check = fc.record({
  action: fc.oneof({ weight: 2, arbitrary: action }, fc.constantFrom('delete', ' READ ')),
  resource: fc.oneof({ weight: 4, arbitrary: resource }, fc.constant('comment')),
  attributes: fc.option(arbitraryAttributes),
});

/** The record at one instant, derived from a model of all times. */
function recordOf({ account, roles, grants, scopes: given }: Model, at: number): Required<PastRecord> {
  return {
    account,
    roles: roles.map(({ isLiving, permissions }, i) => ({
      ...{ id: `r${i}`, name: vocabulary.tags[i % 3] ?? '', level: i, version: 1, isSystem: false, isLiving },
      ...{ createdAt: 0, updatedAt: 0, deletedAt: isLiving ? null : 0 },
      permissions: permissions.map((terms, j) => ({ ...terms, id: `p${i}${j}`, roleId: `r${i}`, name: '' })),
    })),
    grants: grants
      .filter(({ grantedAt, role }) => grantedAt <= at && role < roles.length)
      .map(({ role, ...terms }, i) => ({
        ...terms,
        ...{ id: `g${i}`, userId: account.userId, roleId: `r${role}`, revokedAt: null },
      })),
    scopes: given as string[],
  };
}

/** The rights as they are cached for a caller. They are created once; the clock determines the instant. */
function enforcementOf(whole: Model, clock: { now: () => Date }): Rights {
  const { account, grants, roles } = recordOf(whole, Number.POSITIVE_INFINITY);
  const held = grants.filter(({ isRevoked }) => !isRevoked);
  const standing = {
    ...account,
    held: held.map(({ roleId, grantedAt, expiresAt }) => ({
      roleId,
      from: grantedAt,
      until: expiresAt ?? Number.POSITIVE_INFINITY,
    })),
  };
  const living = roles.filter(({ isLiving }) => isLiving);
  const book = bookOf(living.map(({ permissions, id, name, level }) => ({ permissions, id, name, level }) as never));
  return new Rights(standing, book, clock, whole.scopes);
}

test('the explanation says what is enforced, at every instant', async () => {
  const reasons = new Tally<AccessReason>();
  const property = fc.property(
    model,
    fc.array(fc.tuple(instants, check), { minLength: 1, maxLength: 8 }),
    (whole, asks) => {
      let now = 0;
      const enforced = enforcementOf(whole, { now: () => new Date(now) });
      // The same caller at increasing times: terms without an expiry are not evaluated again.
      for (const [at, question] of asks.toSorted(([one], [other]) => one - other)) {
        now = at;
        const one = asked(question);
        const { scopes: given, ...record } = recordOf(whole, at);
        const past = pastOf({ ...record, ...(given && { scopes: given }) }, new Date(at));
        const { allowed, reason, paths } = explain(past, one);
        reasons.count(reason);
        expect(allowed).toBe(enforced.allows(one.action, one.resource, one.attributes));
        const isInScope =
          !given || given.includes(`${one.resource}:${one.action}`) || given.includes(`${one.resource}:*`);
        const isSatisfied = paths.some(({ satisfied }) => satisfied);
        const { isActive, isAdmin } = whole.account;
        expect(allowed).toBe(isActive && isInScope && (isAdmin || isSatisfied));
        expect(reason).toBe(expectedReason({ allowed, isActive, isAdmin, isInScope }, paths[0]));
        expect(paths[0]?.satisfied ?? false).toBe(isSatisfied);
        for (const { satisfied, isActive: counts, permission: held } of paths) {
          const isMet = predicateOf(held.conditions ?? {}).matches(one.attributes, past.rights.binding);
          expect(satisfied).toBe(counts && isMet);
        }
      }
    },
  );
  await seeded(property, 1000);
  reasons.expectShares({
    ...{ ADMINISTRATOR: 0.03, GRANTED: 0.05, ACCOUNT_INACTIVE: 0.03, SCOPE_MISSING: 0.03 },
    ...{ CONDITION_NOT_MET: 0.01, GRANT_INACTIVE: 0.03, NO_PERMISSION: 0.03 },
  });
});

function expectedReason(
  { allowed, isActive, isAdmin, isInScope }: Record<'allowed' | 'isActive' | 'isAdmin' | 'isInScope', boolean>,
  nearest: { isActive: boolean } | undefined,
): AccessReason {
  if (allowed) return isAdmin ? AccessReason.ADMINISTRATOR : AccessReason.GRANTED;
  if (!isActive) return AccessReason.ACCOUNT_INACTIVE;
  if (!isInScope) return AccessReason.SCOPE_MISSING;
  if (!nearest) return AccessReason.NO_PERMISSION;
  return nearest.isActive ? AccessReason.CONDITION_NOT_MET : AccessReason.GRANT_INACTIVE;
}

const nobody = { userId: ids[0], email: 'ann@example.com', isActive: true, isAdmin: false } as const;
const reading = (conditions: object | null) => ({ action: 'read', resource: 'post', conditions: conditions as never });
const since = (grantedAt: number, role: number, more: object = {}) => ({
  ...{ role, grantedAt, expiresAt: null, isRevoked: false },
  ...more,
});
const explained = (roles: Model['roles'], grants: Model['grants'], attributes = {}) => {
  const { scopes: _none, ...record } = recordOf({ account: nobody, roles, grants, scopes: null }, 10);
  return explain(pastOf(record, new Date(10)), asked({ action: 'read', resource: 'post', attributes }));
};
const living = (...permissions: Model['roles'][0]['permissions']) => ({ isLiving: true, permissions });

test('of a refusal the nearest miss comes first', () => {
  const roles = [
    living(reading({ a: 1, b: 2, c: 3 })),
    living(reading({ a: 1 })),
    living(reading({ a: 1, b: 2 })),
    living(reading(null)),
  ];
  const over = { expiresAt: 10 };
  const grants = [since(1, 0), since(2, 1, over), since(3, 1), since(4, 2), since(5, 3, over), since(6, 1)];
  const { allowed, reason, paths } = explained(roles, grants);
  expect([allowed, reason]).toEqual([false, AccessReason.GRANT_INACTIVE]);
  // First the paths with one obstacle (inactive grants before active ones, then the newest), then two, then three.
  const order = paths.map(({ grant: { grantedAt }, isActive }) => [grantedAt.getTime(), isActive]);
  expect(order).toEqual([
    [5, false],
    [6, true],
    [3, true],
    [2, false],
    [4, true],
    [1, true],
  ]);
});

test('of a permission satisfied paths come first', () => {
  const { paths, reason } = explained([living(reading({ a: 1 })), living(reading(null))], [since(9, 0), since(1, 1)]);
  expect([reason, ...paths.map(({ satisfied }) => satisfied)]).toEqual([AccessReason.GRANTED, true, false]);
});

test('200 paths are shown, and however many decide', () => {
  const grants = Array.from({ length: 500 }, (_, n) => since(n % 10, 0, { expiresAt: n === 250 ? null : 10 }));
  const { allowed, paths } = explained([living(reading(null))], grants);
  expect([allowed, paths.length, paths.filter(({ satisfied }) => satisfied).length]).toEqual([true, 200, 1]);
});

test('a long attribute is shown by its beginning', () => {
  const conditions = { a: 'x', b: { $in: ['y'] } };
  const { paths } = explained([living(reading(conditions))], [since(1, 0)], { a: 'x'.repeat(19_000), b: ['y'] });
  const [long, short] = paths[0]?.clauses ?? [];
  expect(JSON.stringify(long?.actual).length).toBeLessThan(520);
  expect(short).toMatchObject({ actual: ['y'], expected: ['y'], satisfied: true });
});
