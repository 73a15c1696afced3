import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import type { ApiToken } from './api-token.entity.js';

/**
 * Revokes every active token of a user within a larger transaction; the caller must invoke `principals.forgetUser`
 * after the commit. It takes the same lock as `createApiToken`, so that no token is created concurrently.
 */
export async function revokeApiTokens(tx: Transaction, operation: Operation, userId: string): Promise<void> {
  const now = operation.services.clock.now();
  await tx.rows('select 1 from users where id = $1 for no key update', [userId]);
  const ended = await tx.rows<Pick<ApiToken, 'id' | 'name'>>(
    `update api_tokens set revoked_at = $2
     where user_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2) returning id, name`,
    [userId, now],
  );
  for (const token of ended) recordEnd(tx, operation, userId, token, now);
}

/** Records the revocation of a token, whatever caused it. */
export function recordEnd(
  tx: Transaction,
  operation: Operation,
  subjectId: string,
  { id: tokenId, name }: Pick<ApiToken, 'id' | 'name'>,
  revokedAt: Date,
): void {
  const changes = changesBetween<{ revokedAt: Date | null }>({ revokedAt: null }, { revokedAt });
  record(tx, operation, { type: 'API_TOKEN_REVOKED', subjectId, details: { name, tokenId, changes } });
}
