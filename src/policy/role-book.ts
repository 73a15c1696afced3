import { isDeepStrictEqual } from 'node:util';
import { Ability } from '@casl/ability';
import { type Attributes, type Binding, type Predicate, predicateOf } from './condition-matching.js';
import { type Conditions, checkedConditions } from './conditions.js';

/** Stands for any action or any resource. */
export const wildcard = '*';

/** A permission's content. `conditions` is null when it applies without conditions. */
export interface PermissionTerms {
  readonly resource: string;
  readonly action: string;
  readonly conditions: Conditions | null;
}

/** The permission of administrators. */
export const everything = {
  name: `${wildcard}:${wildcard}`,
  resource: wildcard,
  action: wildcard,
  conditions: null,
} as const;

/** A permission of a role, with its conditions compiled. */
export interface BookedPermission extends PermissionTerms {
  readonly id: string;
  readonly roleId: string;
  readonly name: string;
  readonly predicate: Predicate | null;
}

/** A role without its permissions. Higher levels outrank lower ones. */
interface RoleFacts {
  readonly id: string;
  readonly name: string;
  readonly description?: string | null;
  readonly level: number;
  readonly version: number;
  readonly isSystem: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt?: Date | null;
}

export type BookedRole = RoleFacts & { readonly permissions: readonly BookedPermission[] };

/** The object that a decision is about, with the values of the placeholders. */
export class Question {
  constructor(
    readonly resource: string,
    readonly attributes: Attributes,
    readonly binding: Binding,
  ) {}
}

/** How much of a resource an action covers: `some` depends on the attributes. */
export type Extent = 'all' | 'some' | 'none';

/**
 * The combined permissions of a set of roles. All users with the same roles share one: placeholders are bound per
 * question.
 */
export class RuleSet {
  readonly permissions: readonly BookedPermission[];
  readonly names: readonly string[];
  /** The level of the highest role; -1 without roles. */
  readonly level: number;
  private readonly ability: Ability<[string, Question | string], Predicate>;
  /** Cache; only permissions that Gatehouse itself checks are asked for, so it stays small. */
  private readonly extents = new Map<string, Extent>();

  constructor(readonly roles: readonly BookedRole[]) {
    this.permissions = roles.flatMap(({ permissions }) => permissions);
    this.names = roles.map(({ name }) => name);
    this.level = Math.max(-1, ...roles.map(({ level }) => level));
    this.ability = new Ability(
      this.permissions.map(({ action, resource, predicate }) => ({
        action,
        subject: resource,
        ...(predicate && { conditions: predicate }),
      })),
      {
        anyAction: wildcard,
        anySubjectType: wildcard,
        detectSubjectType: (question) => (question as Question).resource,
        // CASL types the subject as a plain record; here it is always a Question.
        conditionsMatcher: (predicate) => (question) =>
          predicate.matches(question['attributes'] as Attributes, question['binding'] as Binding),
      },
    );
  }

  allows(action: string, question: Question): boolean {
    return this.ability.can(action, question);
  }

  extentOf(action: string, resource: string): Extent {
    const key = `${resource}:${action}`;
    const known = this.extents.get(key);
    if (known) return known;
    const rules = this.ability.rulesFor(action, resource);
    const extent = rules.length === 0 ? 'none' : rules.some(({ conditions }) => !conditions) ? 'all' : 'some';
    this.extents.set(key, extent);
    return extent;
  }

  /** @returns the permissions that apply, whether or not their conditions match */
  matching(action: string, resource: string): BookedPermission[] {
    return this.permissions.filter((permission) => reaches(permission, action, resource));
  }
}

const mostSets = 10_000;

/** True when a permission applies to this action on this resource; does not look at its conditions. */
export const reaches = (
  terms: Pick<PermissionTerms, 'resource' | 'action'>,
  action: string,
  resource: string,
): boolean =>
  (terms.resource === wildcard || terms.resource === resource) &&
  (terms.action === wildcard || terms.action === action);

/**
 * True when one of the held permissions has no conditions or the same ones. Conditions are compared as written, so a
 * logically narrower condition is not recognised as covered.
 */
export const covers = (held: readonly PermissionTerms[], { action, resource, conditions }: PermissionTerms): boolean =>
  held.some(
    (one) =>
      reaches(one, action, resource) && (one.conditions === null || isDeepStrictEqual(one.conditions, conditions)),
  );

/** All roles, at present or at a past instant, highest level first. */
export class RoleBook {
  private readonly byId: ReadonlyMap<string, BookedRole>;
  private readonly sets = new Map<string, RuleSet>();

  constructor(readonly roles: readonly BookedRole[]) {
    this.byId = new Map(roles.map((role) => [role.id, role]));
  }

  role(id: string): BookedRole | undefined {
    return this.byId.get(id);
  }

  /** @param ids of roles; unknown ones are ignored */
  rulesOf(ids: readonly string[]): RuleSet {
    const key = ids.length === 1 ? (ids[0] ?? '') : [...new Set(ids)].sort().join();
    return this.rulesOfList(key);
  }

  /** @param list role ids, sorted and joined by commas */
  rulesOfList(list: string): RuleSet {
    const known = this.sets.get(list);
    if (known) return known;
    const ids = new Set(list.split(','));
    const made = new RuleSet(this.roles.filter(({ id }) => ids.has(id)));
    if (this.sets.size < mostSets) this.sets.set(list, made);
    return made;
  }
}

/** @param roles highest level first */
export const bookOf = (roles: readonly RoleRow[]): RoleBook =>
  new RoleBook(roles.map((role) => ({ ...role, permissions: role.permissions.map(booked) })));

/** As read from the database. */
export type PermissionRow = Omit<BookedPermission, 'predicate'>;
export type RoleRow = RoleFacts & { readonly permissions: readonly PermissionRow[] };

const booked = (row: PermissionRow): BookedPermission => ({ ...row, predicate: predicateOfRow(row) });

const never = predicateOf({ id: { $in: [] } });

/**
 * Conditions edited directly in SQL may be invalid; such a permission never matches, and everything else still works.
 */
export function predicateOfRow({ conditions }: Pick<PermissionRow, 'conditions'>): Predicate | null {
  try {
    const checked = checkedConditions(conditions);
    return checked && predicateOf(checked);
  } catch {
    return never;
  }
}
