import type { Transaction } from '../database/transaction.js';
import { refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import type { OwnPermission } from '../policy/permission-catalogue.js';
import { named } from '../policy/permission-name.js';
import { type PermissionTerms, reaches } from '../policy/role-book.js';

/**
 * Step-up authentication (RFC 9470): what does most harm in the wrong hands takes a recent proof of who the caller is, by
 * the sign-in or by `reauthenticate`. See docs/decisions/0030-step-up.md.
 */

/** Permissions for mutations that ask for a recent proof, always or depending on their input. */
const permissionsThatAsk: readonly OwnPermission[] = [
  'user:update',
  'user:delete',
  'user:administer',
  'role:update',
  'role:delete',
  'role:grant',
];

const recent = 'select 1 from sessions where id = $1 and coalesce(reauthenticated_at, created_at) > $2';

/**
 * Asks the caller for a proof no older than REAUTHENTICATION_AFTER. It is read within the transaction of the action, so
 * it is that of the session in which the action is done. Call it when everything else allows the action: then it tells a
 * caller without the right nothing, and nobody types a password in vain. An API token cannot prove anything; it was
 * asked for when it was created.
 * @throws Refusal REAUTHENTICATION_REQUIRED
 */
export async function assertRecentProof(tx: Pick<Transaction, 'row'>, { services, caller }: Operation): Promise<void> {
  const { config, clock } = services;
  if (!caller || caller.apiToken || config.reauthenticationAfter === null) return;
  const since = new Date(clock.now().getTime() - config.reauthenticationAfter);
  if (!(await tx.row(recent, [caller.sessionId, since])))
    throw refuse('REAUTHENTICATION_REQUIRED', 'Prove that it is you, by your password or a code, and do this again.');
}

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
