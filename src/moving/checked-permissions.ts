import { checkedPermission, mostPermissions } from '../access/roles/permission-terms.js';
import type { RoleRecord } from './record-shapes.js';
import type { Terms } from './terms.js';
import { Unusable } from './unusable.js';

export interface PermissionRow {
  readonly name: string;
  readonly resource: string;
  readonly action: string;
  readonly conditions: object | null;
  readonly createdAt: string;
  readonly removedAt: string | null;
}

/** @throws Unusable INVALID_INPUT; Refusal INVALID_INPUT */
export function checkedPermissions(
  permissions: NonNullable<RoleRecord['permissions']>,
  createdAt: string,
  { roles }: Terms,
): PermissionRow[] {
  const rows = permissions.map((permission) => ({
    ...checkedPermission({
      ...permission,
      conditions: translated(permission.conditions, roles.translated.bind(roles)),
    }),
    createdAt: permission.createdAt ?? createdAt,
    removedAt: permission.removedAt ?? null,
  }));
  const living = rows.filter(({ removedAt }) => removedAt === null);
  if (living.length > mostPermissions)
    throw new Unusable('INVALID_INPUT', `A role has at most ${mostPermissions} permissions.`);
  if (new Set(living.map(({ resource, action }) => `${resource}:${action}`)).size < living.length)
    throw new Unusable('INVALID_INPUT', 'The role permits an action twice.');
  return rows;
}

/** Conditions may compare with ids of roles, and those of system roles differ from one installation to another. */
function translated<T>(value: T, translate: (text: string) => string): T {
  if (typeof value === 'string') return translate(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => translated(item, translate)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, translated(part, translate)])) as T;
}
