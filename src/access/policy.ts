import type { Caller } from './caller.js';

/** `resource:action`. */
export type PermissionName = `${string}:${string}`;

/** Whether the caller may do this to what is not their own. */
export const may = (caller: Caller | null, permission: PermissionName): boolean =>
  !!caller?.isAdmin && isInScope(caller, permission);

/** Whether the caller may do this to what is their own: everyone may, an API token within its scopes. */
export const mayOwn = (caller: Caller | null, permission: PermissionName): boolean =>
  caller !== null && isInScope(caller, permission);

/** Sessions have no scopes: they may whatever their user may. */
function isInScope({ apiToken }: Caller, permission: PermissionName): boolean {
  if (!apiToken) return true;
  const [resource] = permission.split(':');
  return apiToken.scopes.includes(permission) || apiToken.scopes.includes(`${resource}:*`);
}
