import { administer } from '../access/administer-account.js';
import type { Operation } from '../operation.js';
import { type EndedSessions, endSessions } from './end-sessions.js';

/**
 * Ends every session of a user.
 * @returns the sessions that this call ended
 * @throws Refusal NOT_FOUND, ABOVE_OWN_LEVEL; FORBIDDEN
 */
export async function revokeUserSessions(operation: Operation, userId: string): Promise<EndedSessions> {
  const { database, principals } = operation.services;
  const ended = await database.transaction(async (tx) => {
    const { user } = await administer(tx, operation, { userId, power: 'update' });
    return endSessions(tx, operation, user.id, 'REVOKED');
  });
  principals.forgetUser(userId.toLowerCase());
  return ended;
}
