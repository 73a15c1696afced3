import { revokeApiTokens } from '../api-tokens/revoke-api-tokens.js';
import { type Operation, requireSession } from '../operation.js';
import { type EndedSessions, endSessions } from '../sessions/end-sessions.js';

/**
 * Ends every session of the caller except the current one.
 * @param alsoApiTokens whether to revoke API tokens too: one created from a stolen session would outlive that session
 * @returns the sessions that this call ended
 */
export async function revokeOtherSessions(operation: Operation, alsoApiTokens: boolean): Promise<EndedSessions> {
  const { userId, sessionId } = requireSession(operation);
  const { database, principals } = operation.services;
  const ended = await database.transaction(async (tx) => {
    // API tokens first, because that locks the account's row, which is locked before sessions everywhere.
    if (alsoApiTokens) await revokeApiTokens(tx, operation, userId);
    return endSessions(tx, operation, userId, 'REVOKED', sessionId);
  });
  principals.forgetUser(userId);
  return ended;
}
