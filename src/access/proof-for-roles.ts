import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import type { OwnPermission } from '../policy/permission-catalogue.js';
import { named } from '../policy/permission-name.js';
import { type PermissionTerms, reaches } from '../policy/role-book.js';
import { assertRecentProof } from '../recent-proof.js';

/** Permissions for mutations that ask for a recent proof, always or depending on their input. */
const permissionsThatAsk: readonly OwnPermission[] = [
  'user:update',
  'user:delete',
  'user:administer',
  'role:update',
  'role:delete',
  'role:grant',
];

const heldByOthers = `
  select 1 from role_grants where role_id = $1 and user_id <> $2 and revoked_at is null
    and (expires_at is null or expires_at > $3) limit 1`;

/** Asks for a recent proof before a role is edited that somebody else than the caller holds. Call it under the role's lock. */
export async function assertProofForRole(tx: Transaction, operation: Operation, roleId: string): Promise<void> {
  const { caller, services } = operation;
  if (caller && (await tx.row(heldByOthers, [roleId, caller.userId, services.clock.now()])))
    await assertRecentProof(tx, operation);
}

/** Asks for a recent proof before anybody is given permissions for mutations that ask for one. */
export async function assertProofForTerms(
  tx: Transaction,
  operation: Operation,
  terms: readonly Pick<PermissionTerms, 'resource' | 'action'>[],
): Promise<void> {
  const asks = permissionsThatAsk.map(named);
  if (terms.some((one) => asks.some(({ action, resource }) => reaches(one, action, resource))))
    await assertRecentProof(tx, operation);
}
