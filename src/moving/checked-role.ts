import { checkedDescription, checkedLevel, checkedRoleName } from '../access/roles/role-terms.js';
import { checkedPermissions, type PermissionRow } from './checked-permissions.js';
import { faultIn, roleShape } from './record-shapes.js';
import type { Terms } from './terms.js';
import { Unusable } from './unusable.js';

/** A role as a record has it. Instants are texts, because a Date would lose microseconds. */
export interface CheckedRole {
  readonly id: string;
  readonly name: string;
  readonly isSystem: boolean;
  readonly level: number;
  readonly description: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly deletedAt: string | null;
  /** The oldest first. */
  readonly names: readonly { readonly name: string; readonly since: string }[];
  /** Undefined: the role only has to be there. */
  readonly permissions: readonly PermissionRow[] | undefined;
}

/** Level of a role whose record has none, as in files of other systems: the lowest. */
const lowestLevel = 1;
const system: Readonly<Record<string, number>> = { user: 0, admin: 100 };

/** Checks a role as the API checks its inputs. @throws Unusable MALFORMED, INVALID_INPUT; Refusal INVALID_INPUT */
export function checkedRole(value: unknown, terms: Terms): CheckedRole {
  const parsed = roleShape.safeParse(value);
  if (!parsed.success) throw new Unusable('MALFORMED', faultIn(parsed.error));
  const record = parsed.data;
  const name = checkedRoleName(record.name);
  const createdAt = record.createdAt ?? terms.now.toISOString();
  const deletedAt = record.deletedAt ?? null;
  const fixed = deletedAt === null ? system[name.toLowerCase()] : undefined;
  return {
    id: record.id == null ? crypto.randomUUID() : terms.ids(record.id),
    name,
    isSystem: fixed !== undefined,
    level: fixed ?? checkedLevel(record.level ?? lowestLevel),
    description: checkedDescription(record.description),
    createdAt,
    updatedAt: record.updatedAt ?? createdAt,
    deletedAt,
    names: (record.names ?? [{ name, since: createdAt }]).map((each) => ({
      ...each,
      name: checkedRoleName(each.name),
    })),
    permissions: record.permissions ? checkedPermissions(record.permissions, createdAt, terms) : undefined,
  };
}
