import { administerOwnerOf } from '../access/administer-account.js';
import type { Transaction } from '../database/transaction.js';
import { isUuid } from '../database/uuid.js';
import { refuse } from '../errors.js';
import { type Operation, requireSession } from '../operation.js';
import { ApiToken } from './api-token.entity.js';
import { recordEnd } from './revoke-api-tokens.js';

/**
 * Revokes a token of the caller, or of an account that the caller may update. A revoked token is not changed.
 * @throws Refusal NOT_FOUND, also for a token that the caller may not know of; ABOVE_OWN_LEVEL; UNAUTHENTICATED;
 * FORBIDDEN for an API token
 */
export async function revokeApiToken(operation: Operation, apiTokenId: string): Promise<ApiToken> {
  const { clock, database, principals } = operation.services;
  const apiToken = await database.transaction(async (tx) => {
    const found = await findOf(tx, operation, apiTokenId);
    const unrevoked = { id: found.id, revokedAt: null };
    const revokedAt = clock.now();
    const changed = await tx.em.nativeUpdate(ApiToken, unrevoked, { revokedAt });
    if (changed > 0) recordEnd(tx, operation, found.userId, found, revokedAt);
    return tx.em.refreshOrFail(found);
  });
  principals.forgetUser(apiToken.userId);
  return apiToken;
}

async function findOf(tx: Transaction, operation: Operation, id: string): Promise<ApiToken> {
  const caller = requireSession(operation);
  const found = isUuid(id) ? await tx.em.findOne(ApiToken, id) : null;
  const unknown = refuse('NOT_FOUND', 'There is no such token.', 'apiTokenId');
  if (!found) throw unknown;
  if (found.userId !== caller.userId)
    await administerOwnerOf(tx, operation, { userId: found.userId, field: 'apiTokenId' }, unknown);
  return found;
}
