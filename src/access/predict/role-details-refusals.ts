import { refuse } from '../../errors.js';
import { passes } from '../../policy/passes.js';
import { assertRoleBelow } from '../../policy/rank.js';
import type { Rights } from '../../policy/rights.js';
import type { BookedRole } from '../../policy/role-book.js';
import { assertMayUpdate } from '../role-powers.js';
import { assertUnlike } from '../roles/role-terms.js';
import { assertMayWidenBy, type DetailChanges, detailChanges } from '../roles/update-role.js';
import { roleAfter } from './role-change.js';
import type { Findings, RoleChangeInput } from './role-change-refusals.js';

/** Whether the input changes the role itself or its permissions. */
export const isEdit = ({ name, level, description, addPermissions, removePermissionIds }: RoleChangeInput): boolean =>
  name != null ||
  level != null ||
  description !== undefined ||
  Boolean(addPermissions?.length || removePermissionIds?.length);

/** Whether the input grants or revokes the role. */
export const isAssignment = ({ grantTo, revokeFrom }: RoleChangeInput): boolean =>
  Boolean(grantTo?.length || revokeFrom?.length);

/** Collects the refusals that follow from the role alone, whatever is changed about it. */
export function roleRefused(findings: Findings, rights: Rights, role: BookedRole, input: RoleChangeInput): void {
  if (role.isSystem && (input.delete || isAssignment(input)))
    findings.add(refuse('SYSTEM_ROLE', 'A system role is neither deleted, given nor taken by itself.', 'roleId'));
  if (!role.isSystem || isEdit(input)) findings.of(() => assertRoleBelow(rights, role.level, 'roleId'));
}

interface Named {
  readonly rights: Rights;
  readonly role: BookedRole;
  /** Names of all other roles. */
  readonly otherNames: readonly string[];
}

/**
 * Checks the changes to name, level and description, collecting refusals.
 * @returns the changes; none when one of them is invalid
 */
export function detailsRefused(
  findings: Findings,
  { rights, role, otherNames }: Named,
  input: RoleChangeInput,
): DetailChanges {
  const details = findings.of(() => detailChanges(role, input)) ?? {};
  const { name, level } = details;
  if (level !== undefined) findings.of(() => assertRoleBelow(rights, level, 'level'));
  if (passes(() => assertMayUpdate(rights, roleAfter({ role, details }), 'level')))
    findings.of(() => assertMayWidenBy(rights, role, details));
  if (name !== undefined) findings.of(() => assertUnlike(name, otherNames));
  return details;
}
