import type { EntityManager } from '@mikro-orm/postgresql';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import type { ApiToken } from './api-token.entity.js';

/**
 * Revokes every active token of a user within a larger transaction; the caller must invoke `principals.forgetUser`
 * after the commit. It takes the same lock as `createApiToken`, so that no token is created concurrently.
 */
export async function revokeApiTokens(em: EntityManager, operation: Operation, userId: string): Promise<void> {
  const now = operation.services.clock.now();
  await em.execute('select 1 from users where id = ? for no key update', [userId]);
  const ended: Pick<ApiToken, 'id' | 'name'>[] = await em.execute(
    `update api_tokens set revoked_at = ?
     where user_id = ? and revoked_at is null and (expires_at is null or expires_at > ?) returning id, name`,
    [now, userId, now],
  );
  for (const token of ended) recordEnd(em, operation, userId, token);
}

/** Records the revocation of a token, whatever caused it. */
export function recordEnd(
  em: EntityManager,
  operation: Operation,
  subjectId: string,
  { id: tokenId, name }: Pick<ApiToken, 'id' | 'name'>,
): void {
  record(em, operation, { type: 'API_TOKEN_REVOKED', subjectId, details: { name, tokenId } });
}
