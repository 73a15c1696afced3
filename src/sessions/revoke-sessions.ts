import { administer } from '../access/administer-account.js';
import type { Operation } from '../operation.js';
import type { Session } from './session.entity.js';
import { endSessions } from './sessions.js';

/**
 * Ends every session of a user.
 * @returns those that this call ended
 * @throws Refusal NOT_FOUND, ABOVE_OWN_LEVEL; FORBIDDEN
 */
export async function revokeUserSessions(operation: Operation, userId: string): Promise<Session[]> {
  const { database, principals } = operation.services;
  const ended = await database.transaction(async (em) => {
    const { user } = await administer(em, operation, { userId, power: 'update' });
    return endSessions(em, operation, user.id, 'REVOKED');
  });
  for (const { id } of ended) principals.forget(id);
  return ended;
}
