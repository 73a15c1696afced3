import type { Conditions } from '../../src/policy/conditions.js';
import { Rights, type Standing } from '../../src/policy/rights.js';
import { bookOf, type RoleRow } from '../../src/policy/role-book.js';

export const forever = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
const at = new Date(0);

/** A role as the database has it. @param permissions each `resource:action`, perhaps with conditions */
export function roleOf(
  id: string,
  level: number,
  ...permissions: readonly (string | readonly [string, Conditions | null])[]
): RoleRow {
  const rows = permissions.map((permission, n) => {
    const [name, conditions] = typeof permission === 'string' ? [permission, null] : permission;
    const [resource = '', action = ''] = name.split(':');
    return { id: `${id}${n}`, roleId: id, name, resource, action, conditions };
  });
  const facts = { name: `role ${id}`, level, version: 1, isSystem: false, createdAt: at, updatedAt: at };
  return { id, ...facts, permissions: rows };
}

interface Case extends Partial<Standing> {
  readonly scopes?: readonly string[];
  readonly clock?: { now(): Date };
}

/** The rights of somebody who holds all these roles, unless `held` says otherwise. */
export function rightsOf(roles: readonly RoleRow[], { scopes, clock, ...standing }: Case = {}): Rights {
  const held = roles.map(({ id }) => ({ roleId: id, ...forever }));
  const facts = { userId: 'me', email: 'me@example.com', isActive: true, isAdmin: false, held, ...standing };
  return new Rights(facts, bookOf(roles), clock ?? { now: () => at }, scopes ?? null);
}
