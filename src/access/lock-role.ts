import type { Transaction } from '../database/transaction.js';
import { isUuid } from '../database/uuid.js';
import { type Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import type { Rights } from '../policy/rights.js';
import { assertVersion } from '../versions.js';
import { type LockedUser, lockCaller } from './lock-users.js';
import { Role } from './role.entity.js';
import { assertMayUpdate } from './role-powers.js';
import { callersRightsWithin } from './standing.js';

/**
 * Row locks on a role. To avoid deadlocks, everything that changes roles, permissions or grants locks in the same
 * order: accounts by id (lockUsers), then roles (here), then permissions and grants. An edit locks a single role
 * exclusively; granting takes a shared lock, so several grants in one transaction do not block each other.
 */
const strengths = {
  /** Weaker than `for update`, which would block registrations: their grants reference the role `user`. */
  edit: 'for no key update',
  grant: 'for share',
};

/** @returns the role as of the lock; undefined when it does not exist or is deleted */
export async function lockRole(
  tx: Transaction,
  roleId: string,
  purpose: keyof typeof strengths,
): Promise<Role | undefined> {
  if (!isUuid(roleId)) return undefined;
  const text = `select id from roles where id = $1 and deleted_at is null ${strengths[purpose]}`;
  const found = await tx.row<{ id: string }>(text, [roleId]);
  return found && tx.em.findOneOrFail(Role, found.id, { refresh: true });
}

export const noSuchRole = (field = 'roleId'): Refusal => refuse('NOT_FOUND', 'There is no such role.', field);

export interface RoleTarget {
  readonly roleId: string;
  /** Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
  /** Ids of accounts to lock together with the caller's. */
  readonly userIds?: readonly string[];
  /** Name of the input field that identified the role; default: `roleId`. */
  readonly field?: string;
  /** Thrown when there is no such role. */
  readonly unknown?: Refusal;
}

export interface RoleEdit {
  readonly role: Role;
  /** The caller's rights, read under the locks; undefined when the service itself acts. */
  readonly rights: Rights | undefined;
  /** The accounts locked by this call. */
  readonly locked: readonly LockedUser[];
}

/** Checks whether the caller may make an edit; throws when they may not. */
type EditCheck = (rights: Rights | undefined, role: Role, field: string) => void;

/**
 * Begins an edit of a role: every change of a role or its permissions goes through here. Locks the caller's account and
 * the role, and checks what holds for all edits.
 * @param assertMay runs before the version is compared, so that only those who may edit the role learn of it
 * @throws Refusal NOT_FOUND, VERSION_CONFLICT, and what the check throws; UNAUTHENTICATED
 */
export async function lockForEdit(
  tx: Transaction,
  operation: Operation,
  { roleId, expectedVersion, userIds, field = 'roleId', unknown = noSuchRole(field) }: RoleTarget,
  assertMay: EditCheck = assertMayUpdate,
): Promise<RoleEdit> {
  const locked = await lockCaller(tx, operation, userIds);
  const role = await lockRole(tx, roleId, 'edit');
  if (!role) throw unknown;
  const rights = await callersRightsWithin(tx, operation);
  assertMay(rights, role, field);
  assertVersion(role, expectedVersion);
  return { role, rights, locked };
}
