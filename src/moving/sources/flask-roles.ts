import type { Row } from './copied-rows.js';
import { booleanIn, instantIn, objectIn, textIn } from './flask-values.js';

export interface Tables {
  readonly roles: Row[];
  readonly permissions: Row[];
  readonly rolePermissions: Row[];
  readonly userRoles: Row[];
}

/** For a grant that is over, nobody knows since when. */
const longAgo = '1970-01-01T00:00:00Z';

const system: ReadonlySet<string> = new Set(['user', 'admin']);

/** Records of the roles. The system roles only have to be there: what they permit is up to this installation. */
export function flaskRoles({ roles, permissions, rolePermissions }: Tables): object[] {
  const linked = rolePermissions.map((row) => [textIn(row, 'role_id'), textIn(row, 'permission_id')] as const);
  return roles.map((row) => {
    const [id, name = ''] = [textIn(row, 'id'), textIn(row, 'name')];
    const ids = new Set(linked.filter(([roleId]) => roleId === id).map(([, permissionId]) => permissionId));
    const own = permissions.filter((one) => textIn(one, 'role_id') === id || ids.has(textIn(one, 'id')));
    const level = Number(textIn(row, 'level', 'priority') ?? Number.NaN);
    return {
      type: 'role',
      name,
      description: textIn(row, 'description'),
      createdAt: instantIn(row, 'created_at'),
      ...(Number.isInteger(level) && { level }),
      ...(!system.has(name.toLowerCase()) && { permissions: own.map(permissionOf) }),
    };
  });
}

/** A permission has `resource` and `action`, or a name such as `post:update`. */
function permissionOf(row: Row): object {
  const name = textIn(row, 'name', 'codename') ?? '';
  const [resource = '', action = '*'] = name.split(/[:.]/);
  const conditions = objectIn(row, 'conditions');
  return {
    resource: textIn(row, 'resource') ?? resource,
    action: textIn(row, 'action') ?? action,
    ...(Object.keys(conditions).length > 0 && { conditions }),
  };
}

/** The grants of each user id. */
export function flaskGrants({ roles, userRoles }: Tables) {
  const names = new Map(roles.map((row) => [textIn(row, 'id'), textIn(row, 'name') ?? '']));
  const grants = new Map<string, { readonly isAdministrator: boolean; readonly grant: object }[]>();
  for (const row of userRoles) {
    const [userId = '', roleId] = [textIn(row, 'user_id'), textIn(row, 'role_id')];
    const role = names.get(roleId) ?? `role ${roleId}`;
    const isOver = booleanIn(row, 'is_active', 'active') === false;
    const grant = {
      role,
      grantedAt: instantIn(row, 'granted_at', 'assigned_at', 'created_at'),
      grantedBy: textIn(row, 'granted_by_id', 'granted_by', 'assigned_by_id', 'assigned_by'),
      expiresAt: instantIn(row, 'expires_at'),
      revokedAt: instantIn(row, 'revoked_at') ?? (isOver ? (instantIn(row, 'updated_at') ?? longAgo) : undefined),
      revokedBy: textIn(row, 'revoked_by_id', 'revoked_by'),
    };
    const held = grants.get(userId) ?? [];
    held.push({ isAdministrator: role.toLowerCase() === 'admin', grant });
    grants.set(userId, held);
  }
  return grants;
}
