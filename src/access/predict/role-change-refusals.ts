import { Refusal, refuse, type UserError } from '../../errors.js';
import { passes } from '../../policy/passes.js';
import { assertAdministers, assertCovered, assertNotOutranked } from '../../policy/rank.js';
import type { Rights } from '../../policy/rights.js';
import type { BookedRole } from '../../policy/role-book.js';
import { assertRoomForRole } from '../grants/held-roles.js';
import { assertMayAdd, assertMayGrant, assertMayGrantOneself, assertMayWiden } from '../role-powers.js';
import {
  assertRoomBeside,
  checkedPermission,
  type NamedPermissionTerms,
  type NewPermission,
} from '../roles/permission-terms.js';
import type { RoleDetails } from '../roles/update-role.js';
import { isOfAdministrators, type Prediction, type RoleChange, roleAfter } from './role-change.js';

export interface RoleChangeInput extends RoleDetails {
  readonly roleId: string;
  /** Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
  readonly removePermissionIds?: readonly string[] | null | undefined;
  readonly addPermissions?: readonly NewPermission[] | null | undefined;
  readonly grantTo?: readonly string[] | null | undefined;
  readonly grantExpiresAt?: Date | null | undefined;
  readonly revokeFrom?: readonly string[] | null | undefined;
  readonly delete?: boolean | null | undefined;
}

/** Collects the refusals of several mutations, with their paths in the input. */
export class Findings {
  readonly errors: UserError[] = [];

  add(refusal: Refusal, ...path: string[]): void {
    for (const { field = ['input'], ...error } of refusal.errors) {
      const [root = 'input', ...rest] = field;
      this.errors.push({ ...error, field: [root, ...path, ...rest] });
    }
  }

  /** @returns the result of the work; undefined when it throws a Refusal, which is collected */
  of<T>(work: () => T, ...path: string[]): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.add(error, ...path);
      return undefined;
    }
  }
}

/**
 * Checks the changes to the role's permissions, collecting refusals.
 * @returns the possible additions and removals, including those that the caller may not make
 */
export function termsRefused(
  findings: Findings,
  rights: Rights,
  { role, details }: Pick<RoleChange, 'role' | 'details'>,
  { addPermissions, removePermissionIds }: RoleChangeInput,
): Pick<RoleChange, 'additions' | 'removals'> {
  const removals = removalsOf(findings, role, removePermissionIds ?? []);
  const kept = role.permissions.filter(({ id }) => !removals.has(id));
  const additions = additionsOf(findings, rights, kept, addPermissions ?? []);
  const after = roleAfter({ role, details });
  const mayAdd = (then: Rights) => assertMayAdd(then, after, additions);
  if (additions.length > 0 && passes(() => mayAdd(rights)))
    findings.of(() => assertMayWiden(rights, role, mayAdd, 'roleId'));
  return { removals, additions };
}

function removalsOf(findings: Findings, { permissions }: BookedRole, ids: readonly string[]): Set<string> {
  const found = new Set<string>();
  ids.forEach((id, place) => {
    const permission = permissions.find((one) => one.id === id.toLowerCase());
    if (permission) found.add(permission.id);
    else findings.add(refuse('NOT_FOUND', 'The role has no such permission.'), 'removePermissionIds', String(place));
  });
  return found;
}

/** A role has at most one permission for each resource and action. */
function additionsOf(
  findings: Findings,
  rights: Rights,
  kept: readonly NamedPermissionTerms[],
  inputs: readonly NewPermission[],
): NamedPermissionTerms[] {
  const added: NamedPermissionTerms[] = [];
  inputs.forEach((input, place) => {
    const path = ['addPermissions', String(place)];
    const terms = findings.of(() => checkedPermission(input), ...path);
    if (!terms) return;
    findings.of(() => assertCovered(rights, [terms], 'action'), ...path);
    const isThere = [...kept, ...added].some((one) => one.resource === terms.resource && one.action === terms.action);
    if (isThere) {
      findings.add(refuse('NAME_TAKEN', 'The role has a permission for this already.', 'action'), ...path);
      return;
    }
    findings.of(() => assertRoomBeside(kept.length + added.length), ...path);
    added.push(terms);
  });
  return added;
}

interface Named {
  readonly rights: Rights;
  readonly prediction: Prediction;
  /** Rights by user id, of the users whom the caller may read. */
  readonly users: ReadonlyMap<string, Rights>;
  readonly grantTo: readonly string[];
  readonly revokeFrom: readonly string[];
  /** False when the requested end is in the past. */
  readonly isGrantable: boolean;
  /** The requested end, in milliseconds since 1970; Infinity without one. */
  readonly until: number;
}

/** Collects the refusals of granting and revoking the role. */
export function grantsRefused(findings: Findings, named: Named): void {
  const { rights, prediction, users, grantTo, revokeFrom, isGrantable, until } = named;
  const { role } = prediction.change;
  const after = roleAfter(prediction.change);
  if (!isGrantable) findings.add(refuse('INVALID_INPUT', 'The end lies in the past.', 'grantExpiresAt'));
  if (grantTo.length > 0 && isOfAdministrators(role)) findings.of(() => assertAdministers(rights, 'grantTo'));
  else if (grantTo.length > 0 && !role.isSystem)
    findings.of(() => assertCovered(rights, prediction.permissions, 'roleId'));
  const terms = prediction.permissions;
  if (grantTo.includes(rights.standing.userId) && passes(() => assertMayGrant(rights, after, terms, 'roleId')))
    findings.of(() => assertMayGrantOneself(rights, after, terms, until, 'grantExpiresAt'));
  for (const [list, ids] of Object.entries({ grantTo, revokeFrom }))
    ids.forEach((id, place) => {
      const user = users.get(id);
      if (user) findings.of(() => assertTakes(rights, user, role, { list, place: String(place) }), list);
      else findings.add(refuse('NOT_FOUND', 'There is no such user.'), list, String(place));
    });
  revokeFrom.forEach((id, place) => {
    const user = users.get(id);
    if (user && !holds(user, role) && !prediction.change.grantTo.has(id))
      findings.add(refuse('NOT_FOUND', 'The user does not hold this role.'), 'revokeFrom', String(place));
  });
}

/** Checks one account that would be granted the role, or lose it. */
function assertTakes(rights: Rights, user: Rights, role: BookedRole, at: { list: string; place: string }): void {
  assertNotOutranked(rights, user, at.place);
  if (at.list === 'grantTo' && !role.isSystem && !holds(user, role)) assertRoomForRole(user, at.place);
}

/** For the role `admin` the administrator flag decides. */
const holds = ({ standing, rules }: Rights, role: BookedRole): boolean =>
  isOfAdministrators(role) ? standing.isAdmin : rules.roles.some(({ id }) => id === role.id);
