import { revokeApiTokens } from '../api-tokens/revoke-api-tokens.js';
import { inSession, type Operation } from '../operation.js';
import { type EndedSessions, endSessions } from '../sessions/end-sessions.js';

/**
 * Ends every session of the caller but the one that asks.
 * @param alsoApiTokens whether API tokens end too: one made from a stolen session would outlive it
 * @returns the sessions that this call ended
 */
export async function revokeOtherSessions(operation: Operation, alsoApiTokens: boolean): Promise<EndedSessions> {
  const { userId, sessionId } = inSession(operation);
  const { database, principals } = operation.services;
  const ended = await database.transaction(async (em) => {
    // The account's row comes first, as wherever tokens end.
    if (alsoApiTokens) await revokeApiTokens(em, operation, userId);
    return endSessions(em, operation, userId, 'REVOKED', sessionId);
  });
  principals.forgetUser(userId);
  return ended;
}
