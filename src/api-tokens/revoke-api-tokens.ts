import type { EntityManager } from '@mikro-orm/postgresql';
import { may } from '../access/policy.js';
import { isUuid } from '../database/uuid.js';
import { refuse } from '../errors.js';
import { inSession, type Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { ApiToken } from './api-token.entity.js';

/**
 * Ends one of the caller's own tokens, or anybody's for callers who may update users. One that is revoked
 * already stays as it is.
 * @throws Refusal NOT_FOUND, also for a token the caller may not know of
 */
export async function revokeApiToken(operation: Operation, apiTokenId: string): Promise<ApiToken> {
  const { clock, database, principals } = operation.services;
  const apiToken = await database.transaction(async (em) => {
    const found = await findOf(em, operation, apiTokenId);
    const unrevoked = { id: found.id, revokedAt: null };
    const changed = await em.nativeUpdate(ApiToken, unrevoked, { revokedAt: clock.now() });
    if (changed > 0) recordEnd(em, operation, found.userId, found);
    return em.refreshOrFail(found);
  });
  principals.forgetUser(apiToken.userId);
  return apiToken;
}

/**
 * Ends every living token of a user as part of a larger change; forget the user in `principals` after it.
 * Takes the same lock as the making of a token, so that none is made beside it.
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

async function findOf(em: EntityManager, operation: Operation, id: string): Promise<ApiToken> {
  const caller = inSession(operation);
  const found = isUuid(id) ? await em.findOne(ApiToken, id) : null;
  if (found && (found.userId === caller.userId || may(caller, 'user:update'))) return found;
  throw refuse('NOT_FOUND', 'There is no such token.', 'apiTokenId');
}

function recordEnd(
  em: EntityManager,
  operation: Operation,
  subjectId: string,
  { id: tokenId, name }: Pick<ApiToken, 'id' | 'name'>,
): void {
  record(em, operation, { type: 'API_TOKEN_REVOKED', subjectId, details: { name, tokenId } });
}
