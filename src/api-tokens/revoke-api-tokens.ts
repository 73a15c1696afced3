import type { EntityManager } from '@mikro-orm/postgresql';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { ApiToken } from './api-token.entity.js';

/** Revokes every token of a user as part of a larger change. */
export async function revokeApiTokens(em: EntityManager, operation: Operation, userId: string): Promise<void> {
  const living = await em.find(ApiToken, { userId, revokedAt: null });
  for (const token of living) {
    token.revokedAt = operation.services.clock.now();
    record(em, operation, {
      type: 'API_TOKEN_REVOKED',
      subjectId: userId,
      details: { tokenId: token.id, name: token.name },
    });
  }
}
