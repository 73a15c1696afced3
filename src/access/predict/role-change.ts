import { randomUUID } from 'node:crypto';
import { predicateOf } from '../../policy/condition-matching.js';
import { type BookedPermission, type BookedRole, covers, everything, RoleBook } from '../../policy/role-book.js';
import type { NamedTerms } from '../roles/permission-terms.js';

/** What would be done to a role, in this order, at one instant. */
export interface RoleChange {
  /** As it is. */
  readonly role: BookedRole;
  /** Ids of its permissions. */
  readonly removals: ReadonlySet<string>;
  readonly additions: readonly NamedTerms[];
  /** Ids of users. */
  readonly grantTo: ReadonlySet<string>;
  readonly revokeFrom: ReadonlySet<string>;
  readonly isDeleted: boolean;
}

/** What decides what somebody holds. */
export interface Holder {
  readonly userId: string;
  readonly isActive: boolean;
  readonly isAdmin: boolean;
  /** Of the roles held now. */
  readonly roleIds: readonly string[];
}

export interface Difference {
  readonly gains: readonly NamedTerms[];
  readonly losses: readonly NamedTerms[];
}

/** The system role that stands for the administrator flag: it is given and taken with it. */
export const isOfAdministrators = ({ isSystem, name }: BookedRole): boolean => isSystem && name === 'admin';

function bookAfter(book: RoleBook, { role, removals, additions, isDeleted }: RoleChange): RoleBook {
  const others = book.roles.filter(({ id }) => id !== role.id);
  if (isDeleted) return new RoleBook(others);
  const kept = role.permissions.filter(({ id }) => !removals.has(id));
  const added = additions.map((terms): BookedPermission => {
    const predicate = terms.conditions && predicateOf(terms.conditions);
    return { ...terms, id: randomUUID(), roleId: role.id, predicate };
  });
  return new RoleBook([...others, { ...role, permissions: [...kept, ...added] }]);
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

/** What is held after and was not covered before, and the reverse. */
const differenceOf = (before: readonly NamedTerms[], after: readonly NamedTerms[]): Difference => ({
  gains: after.filter((terms) => !covers(before, terms)),
  losses: before.filter((terms) => !covers(after, terms)),
});

function heldBy(book: RoleBook, { isActive, isAdmin, roleIds }: Holder): readonly NamedTerms[] {
  if (!isActive) return [];
  return isAdmin ? [everything] : roleIds.flatMap((id) => book.role(id)?.permissions ?? []);
}

/** What a change does to whom. Pure: it knows the roles there are, and is told of each user. */
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

  /** What the role permits when all is done. */
  get permissions(): readonly BookedPermission[] {
    return this.after.role(this.change.role.id)?.permissions ?? [];
  }

  /**
   * Those who hold the role and are not named in the change: each of these sets of other roles shields from one gain
   * or loss. Who holds a role of every set is not affected, everyone else is.
   * @returns undefined: nobody is affected; else sets of ids, none of which holds another: one empty set when
   *   nothing shields
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

/** Who holds a role of a set holds one of every set around it. */
function smallest(sets: readonly string[][]): string[][] {
  const kept: string[][] = [];
  for (const set of sets.toSorted((one, other) => one.length - other.length))
    if (!kept.some((within) => within.every((id) => set.includes(id)))) kept.push(set);
  return kept;
}
