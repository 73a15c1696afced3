import { isDeepStrictEqual } from 'node:util';
import { refuse } from '../../errors.js';
import type { BookedPermission, BookedRole } from '../../policy/role-book.js';
import type { NamedPermissionTerms } from './permission-terms.js';
import type { DescribedRole } from './role-file.js';

/** What has to be done to a role so that it is as described. */
export interface RolePlan {
  readonly name: string;
  /** The role as it is; undefined: it is created. */
  readonly role: BookedRole | undefined;
  readonly isDeleted: boolean;
  readonly level: number | undefined;
  readonly description: string | null | undefined;
  readonly additions: readonly NamedPermissionTerms[];
  readonly removals: readonly BookedPermission[];
}

/**
 * Compares roles with their description.
 * @param prune whether roles that are not described are deleted; system roles never are
 * @returns only roles with something to do, those that are created first, those that are deleted last
 * @throws Refusal INVALID_INPUT for a change of the role `admin`, which permits everything
 */
export function planRoles(
  roles: readonly BookedRole[],
  described: readonly DescribedRole[],
  prune: boolean,
): RolePlan[] {
  const byName = new Map(roles.map((role) => [role.name.toLowerCase(), role]));
  const wanted = new Set(described.map(({ name }) => name.toLowerCase()));
  const plans = described.map((each) => planOf(byName.get(each.name.toLowerCase()), each)).filter(hasWork);
  const surplus = prune ? roles.filter(({ name, isSystem }) => !isSystem && !wanted.has(name.toLowerCase())) : [];
  return [...plans.filter(({ role }) => !role), ...plans.filter(({ role }) => role), ...surplus.map(deletionOf)];
}

function planOf(role: BookedRole | undefined, { name, level, description, permissions }: DescribedRole): RolePlan {
  if (role?.isSystem && role.name === 'admin')
    throw refuse('INVALID_INPUT', 'The role admin permits everything and is not described in a file.');
  const known = role?.permissions ?? [];
  const isSame = (one: NamedPermissionTerms, other: NamedPermissionTerms) =>
    (['name', 'resource', 'action', 'conditions'] as const).every((key) => isDeepStrictEqual(one[key], other[key]));
  return {
    name,
    role,
    isDeleted: false,
    level: level === role?.level ? undefined : level,
    description: description === undefined || description === (role?.description ?? null) ? undefined : description,
    additions: permissions.filter((one) => !known.some((other) => isSame(one, other))),
    removals: known.filter((one) => !permissions.some((other) => isSame(one, other))),
  };
}

const hasWork = ({ role, level, description, additions, removals }: RolePlan): boolean =>
  !role || level !== undefined || description !== undefined || additions.length + removals.length > 0;

const deletionOf = (role: BookedRole): RolePlan => ({
  name: role.name,
  role,
  isDeleted: true,
  level: undefined,
  description: undefined,
  additions: [],
  removals: [],
});
