import { randomUUID } from 'node:crypto';
import { predicateOf } from '../../policy/condition-matching.js';
import { type BookedPermission, type BookedRole, covers, everything, RoleBook } from '../../policy/role-book.js';
import type { NamedPermissionTerms } from '../roles/permission-terms.js';
import type { DetailChanges } from '../roles/update-role.js';

/** A change to a role; its parts apply in this order and at one instant. */
export interface RoleChange {
  /** The role before the change. */
  readonly role: BookedRole;
  readonly details: DetailChanges;
  /** Ids of permissions of the role. */
  readonly removals: ReadonlySet<string>;
  readonly additions: readonly NamedPermissionTerms[];
  /** Ids of users. */
  readonly grantTo: ReadonlySet<string>;
  readonly revokeFrom: ReadonlySet<string>;
  readonly isDeleted: boolean;
}

/** The facts about a user that determine their permissions. */
export interface Holder {
  readonly userId: string;
  readonly isActive: boolean;
  readonly isAdmin: boolean;
  /** Ids of the roles held at present. */
  readonly roleIds: readonly string[];
}

export interface Difference {
  readonly gains: readonly NamedPermissionTerms[];
  readonly losses: readonly NamedPermissionTerms[];
}

/** True for the system role `admin`, which is granted and revoked together with the administrator flag. */
export const isOfAdministrators = ({ isSystem, name }: BookedRole): boolean => isSystem && name === 'admin';

/** The role as it will be, still with its present permissions. */
export const roleAfter = ({ role, details }: Pick<RoleChange, 'role' | 'details'>): BookedRole => ({
  ...role,
  ...details,
});

/** The terms of the permissions that the role will have. */
export const permissionsAfter = ({ role, removals, additions }: RoleChange): readonly NamedPermissionTerms[] => [
  ...role.permissions.filter(({ id }) => !removals.has(id)),
  ...additions,
];

function bookAfter(book: RoleBook, change: RoleChange): RoleBook {
  const { role, removals, additions, isDeleted } = change;
  const others = book.roles.filter(({ id }) => id !== role.id);
  if (isDeleted) return new RoleBook(others);
  const kept = role.permissions.filter(({ id }) => !removals.has(id));
  const added = additions.map((terms): BookedPermission => {
    const predicate = terms.conditions && predicateOf(terms.conditions);
    return { ...terms, id: randomUUID(), roleId: role.id, predicate };
  });
  return new RoleBook([...others, { ...roleAfter(change), permissions: [...kept, ...added] }]);
}

function holderAfter(holder: Holder, change: RoleChange): Holder {
  const { role, grantTo, revokeFrom, isDeleted } = change;
  const { userId, roleIds } = holder;
  const isGranted = roleIds.includes(role.id) || grantTo.has(userId);
  const holds = isGranted && !revokeFrom.has(userId) && !isDeleted;
  const others = roleIds.filter((id) => id !== role.id);
  const flag = (holder.isAdmin || grantTo.has(userId)) && !revokeFrom.has(userId) && !isDeleted;
  return {
    ...holder,
    roleIds: holds ? [...others, role.id] : others,
    isAdmin: isOfAdministrators(role) ? flag : holder.isAdmin,
  };
}

/** Compares two sets of permissions; a permission covered by the other set is no difference. */
const differenceOf = (before: readonly NamedPermissionTerms[], after: readonly NamedPermissionTerms[]): Difference => ({
  gains: after.filter((terms) => !covers(before, terms)),
  losses: before.filter((terms) => !covers(after, terms)),
});

function heldBy(book: RoleBook, { isActive, isAdmin, roleIds }: Holder): readonly NamedPermissionTerms[] {
  if (!isActive) return [];
  return isAdmin ? [everything] : roleIds.flatMap((id) => book.role(id)?.permissions ?? []);
}

/** Computes what a change does to a user. Uses only the roles and the facts that it is given, no database. */
export class Prediction {
  private readonly after: RoleBook;

  constructor(
    readonly before: RoleBook,
    readonly change: RoleChange,
  ) {
    this.after = bookAfter(before, change);
  }

  of(holder: Holder): Difference {
    return differenceOf(heldBy(this.before, holder), heldBy(this.after, holderAfter(holder, this.change)));
  }

  /** The role's permissions after the change. */
  get permissions(): readonly BookedPermission[] {
    return this.after.role(this.change.role.id)?.permissions ?? [];
  }

  /**
   * Tells which other roles protect a holder of this role from being affected. Each set stands for one gained or lost
   * permission and lists the roles that grant it anyway; a holder who has a role of every set is not affected. Only for
   * holders whom the change does not name.
   * @returns minimal sets of role ids; undefined when nobody is affected; one empty set when every holder is
   */
  get shields(): readonly (readonly string[])[] | undefined {
    const { role } = this.change;
    const nobody = { userId: '', isActive: true, isAdmin: isOfAdministrators(role), roleIds: [role.id] };
    const { gains, losses } = this.of(nobody);
    const others = this.before.roles.filter(({ id }) => id !== role.id);
    const sets = [...gains, ...losses].map((terms) =>
      others.filter(({ permissions }) => covers(permissions, terms)).map(({ id }) => id),
    );
    return sets.length > 0 ? smallest(sets) : undefined;
  }
}

/** Keeps the minimal sets: whoever holds a role of a set also holds one of each of its supersets. */
function smallest(sets: readonly string[][]): string[][] {
  const kept: string[][] = [];
  for (const set of sets.toSorted((one, other) => one.length - other.length))
    if (!kept.some((within) => within.every((id) => set.includes(id)))) kept.push(set);
  return kept;
}
