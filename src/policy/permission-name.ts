/** A permission's name: `resource:action`. */
export type PermissionName = `${string}:${string}`;

interface Named {
  readonly resource: string;
  readonly action: string;
}

/** Cache of split names. Bounded, because scopes of API tokens may hold arbitrary names. */
const names = new Map<string, Named>();
const mostNames = 1000;

/** Splits a permission's name at the colon. */
export function named(permission: PermissionName): Named {
  const known = names.get(permission);
  if (known) return known;
  const [resource = '', action = ''] = permission.split(':');
  if (names.size < mostNames) names.set(permission, { resource, action });
  return { resource, action };
}
