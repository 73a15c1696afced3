import type { Caller } from './caller.js';
import type { Attributes } from './condition-matching.js';
import type { OwnPermission, PermissionForOneself } from './permission-catalogue.js';

/** Whether the caller may do this to something with these attributes. */
export const may = (caller: Caller | null, permission: OwnPermission, attributes?: Attributes): boolean =>
  caller?.rights.may(permission, attributes) ?? false;

/** Whether there is anything the caller may do this to: what it is, is asked once it is known. */
export const might = (caller: Caller | null, permission: OwnPermission): boolean =>
  caller !== null && caller.rights.extentOf(permission) !== 'none';

/** Whether the caller may do this to what is their own. */
export const mayOwn = (caller: Caller | null, permission: PermissionForOneself): boolean =>
  caller?.rights.may(permission, { userId: caller.userId }) ?? false;
