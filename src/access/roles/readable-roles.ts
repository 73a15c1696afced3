import { forbidden } from '../../errors.js';
import type { Operation } from '../../operation.js';
import type { Caller } from '../../policy/caller.js';
import { may } from '../../policy/policy.js';
import { administratorLevel } from '../../policy/rights.js';
import type { BookedRole, PermissionTerms } from '../../policy/role-book.js';
import { attributesOfRole } from '../role-attributes.js';

export const mayReadRole = (caller: Caller | null, role: BookedRole): boolean =>
  may(caller, 'role:read', attributesOfRole(role));

/** @returns the roles that are not deleted and that the caller may read, highest level first */
export async function readableRoles({ services, caller }: Operation): Promise<BookedRole[]> {
  const { roles } = await services.roleCatalogue.current();
  return roles.filter((role) => mayReadRole(caller, role));
}

/** @returns the roles whose name contains the text, case-insensitively; all of them for an empty one */
export function named(roles: readonly BookedRole[], search: string | null | undefined): readonly BookedRole[] {
  const text = (search ?? '').trim().toLowerCase();
  return roles.filter(({ name }) => name.toLowerCase().includes(text));
}

/** @returns undefined when there is no such role @throws FORBIDDEN when the caller may not read it */
export async function readableRole({ services, caller }: Operation, id: string): Promise<BookedRole | undefined> {
  const role = (await services.roleCatalogue.current()).role(id.toLowerCase());
  if (role && !mayReadRole(caller, role)) throw forbidden();
  return role;
}

/** Sort value for pages of roles: highest level first, then by name. */
export const placeOfRole = ({ level, name }: Pick<BookedRole, 'level' | 'name'>): string =>
  `${String(administratorLevel - level).padStart(3, '0')} ${name}`;

/** Sort value for pages of permissions: by resource, then by action. */
export const placeOfPermission = ({ resource, action }: PermissionTerms): string => `${resource} ${action}`;
