import { unauthenticated } from '../errors.js';
import { type Operation, requireSession } from '../operation.js';
import { endSession } from './end-sessions.js';
import { Session } from './session.entity.js';

/**
 * Ends the caller's session. Every process refuses its access and refresh tokens from then on.
 * @throws UNAUTHENTICATED; FORBIDDEN for an API token
 */
export async function logout(operation: Operation): Promise<Session> {
  const { sessionId } = requireSession(operation);
  const { database, principals } = operation.services;
  const session = await database.transaction(async (tx) => {
    const found = await tx.em.findOne(Session, sessionId);
    if (!found) throw unauthenticated();
    await endSession(tx, operation, found, 'LOGOUT');
    return found;
  });
  principals.forget(sessionId);
  return session;
}
