import type { Transaction } from '../database/transaction.js';
import { isUuid } from '../database/uuid.js';
import { type Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import type { Rights } from '../policy/rights.js';
import { lockCaller } from './lock-users.js';
import { Role } from './role.entity.js';
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

export interface RoleEdit {
  readonly role: Role;
  /** The caller's rights, read under the locks; undefined when the service itself acts. */
  readonly rights: Rights | undefined;
}

/** Locks the caller's account and a role for an edit. @throws Refusal NOT_FOUND; UNAUTHENTICATED */
export async function lockForEdit(tx: Transaction, operation: Operation, roleId: string): Promise<RoleEdit> {
  await lockCaller(tx, operation);
  const role = await lockRole(tx, roleId, 'edit');
  if (!role) throw noSuchRole();
  return { role, rights: await callersRightsWithin(tx, operation) };
}
