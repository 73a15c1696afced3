import type { Caller } from './caller.js';
import type { Attributes } from './condition-matching.js';
import type { OwnPermission, PermissionForOneself } from './permission-catalogue.js';

/** True when the caller has the permission for something with these attributes. */
export const may = (caller: Caller | null, permission: OwnPermission, attributes?: Attributes): boolean =>
  caller?.rights.may(permission, attributes) ?? false;

/**
 * True when the caller has the permission for at least some objects. For a check before the object is read; `may`
 * decides once its attributes are known.
 */
export const might = (caller: Caller | null, permission: OwnPermission): boolean =>
  caller !== null && caller.rights.extentOf(permission) !== 'none';

/** True when the caller has the permission for their own data. */
export const mayOwn = (caller: Caller | null, permission: PermissionForOneself): boolean =>
  caller?.rights.may(permission, { userId: caller.userId }) ?? false;
