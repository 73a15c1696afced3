import type { Caller } from './caller.js';

/** `resource:action`. */
export type PermissionName = `${string}:${string}`;

/**
 * What everyone may do to their own things, by resource; the scope `resource:*` means the whole line.
 * Whatever a person may do to themself beyond this takes a session.
 */
const ownThings = {
  profile: ['read', 'update'],
  session: ['read'],
} as const;
type OwnThings = typeof ownThings;
export type OwnPermission = { [R in keyof OwnThings]: `${R}:${OwnThings[R][number]}` }[keyof OwnThings];

/** Whether the caller may do this to what is not their own. */
export const may = (caller: Caller | null, permission: PermissionName): boolean =>
  !!caller?.isAdmin && isInScope(caller, permission);

/** Whether the caller may do this to what is their own: everyone may, an API token within its scopes. */
export const mayOwn = (caller: Caller | null, permission: OwnPermission): boolean =>
  caller !== null && isInScope(caller, permission);

/** Whether a scope asks for nothing but what everyone may do to their own things. */
export function isOwnScope(scope: PermissionName): boolean {
  const [resource, action] = scope.split(':');
  const own = Object.entries<readonly string[]>(ownThings).find(([name]) => name === resource);
  return own !== undefined && (action === '*' || own[1].includes(action ?? ''));
}

/** Sessions have no scopes: they may whatever their user may. */
function isInScope({ apiToken }: Caller, permission: PermissionName): boolean {
  if (!apiToken) return true;
  const [resource] = permission.split(':');
  return apiToken.scopes.includes(permission) || apiToken.scopes.includes(`${resource}:*`);
}
