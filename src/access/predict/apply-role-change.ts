import type { Transaction } from '../../database/transaction.js';
import type { Operation } from '../../operation.js';
import type { Services } from '../../services.js';
import { insertGrant, tellHolder } from '../grants/grant-role.js';
import { unendedGrantsOf } from '../grants/lock-for-grant.js';
import { endGrants } from '../grants/revoke-role.js';
import type { RoleEdit } from '../lock-role.js';
import { Permission } from '../permission.entity.js';
import { insertPermission } from '../roles/add-permission.js';
import { endPermission } from '../roles/remove-permission.js';
import { changeDetails } from '../roles/update-role.js';
import type { RoleChange } from './role-change.js';

/** A change that has been checked. */
export interface Applicable extends Omit<RoleChange, 'role' | 'isDeleted'> {
  /** End of the grants; null: until they are revoked. */
  readonly expiresAt: Date | null;
}

/** Writes a change with the events and mails of the single mutations. Call it under the locks of the edit. */
export async function applyRoleChange(
  tx: Transaction,
  operation: Operation,
  edit: RoleEdit,
  change: Applicable,
): Promise<void> {
  const now = operation.services.clock.now();
  const frozen = atInstant(operation, now);
  await applyTerms(tx, frozen, edit, change);
  await assign(tx, frozen, edit, change, now);
}

/** The same operation with a clock that stands still, so that history shows no moment between the parts. */
function atInstant({ services, client, caller, work }: Operation, now: Date): Operation {
  const own = { clock: { now: () => now } };
  return { client, caller, work, services: Object.assign<Services, object>(Object.create(services), own) };
}

const byName = { orderBy: { resource: 'asc', action: 'asc' } } as const;

async function applyTerms(
  tx: Transaction,
  operation: Operation,
  { role }: RoleEdit,
  { details, removals, additions }: Applicable,
): Promise<void> {
  if (Object.keys(details).length > 0) changeDetails(tx, operation, role, details);
  const removed = removals.size > 0 ? await tx.em.find(Permission, { id: { $in: [...removals] } }, byName) : [];
  for (const permission of removed) endPermission(tx, operation, role, permission);
  // A role has one permission for each resource and action: the removed ones must be gone before others are inserted.
  await tx.em.flush();
  for (const terms of additions) insertPermission(tx, operation, role, terms);
}

async function assign(
  tx: Transaction,
  operation: Operation,
  { role, locked }: RoleEdit,
  { grantTo, revokeFrom, expiresAt }: Applicable,
  now: Date,
): Promise<void> {
  const held = await unendedGrantsOf(tx, role, [...grantTo], now);
  for (const user of locked.filter(({ id }) => grantTo.has(id))) {
    const unended = held.filter(({ userId }) => userId === user.id);
    const { grant, isNew } = insertGrant(tx, operation, { user, role }, { expiresAt, unended, now });
    if (isNew) tellHolder(tx, operation, user, role, grant);
  }
  // Whoever is in both lists has a grant by now.
  await tx.em.flush();
  endGrants(tx, operation, role, await unendedGrantsOf(tx, role, [...revokeFrom], now), now);
}
