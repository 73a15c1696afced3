import { might } from '../access/policy.js';
import { isUuid } from '../database/uuid.js';
import { refuse } from '../errors.js';
import { inSession, type Operation } from '../operation.js';
import { Session } from './session.entity.js';
import { endSession } from './sessions.js';

/**
 * Ends one session: the caller's own, or anybody's for callers who may update users. One that has ended already stays as it
 * ended. Whose else an id is, is told to nobody.
 * @throws Refusal NOT_FOUND
 */
export async function revokeSession(operation: Operation, sessionId: string): Promise<Session> {
  const caller = inSession(operation);
  const { database, principals } = operation.services;
  const session = await database.transaction(async (em) => {
    const found = isUuid(sessionId) ? await em.findOne(Session, sessionId) : null;
    const isWithinReach = found?.userId === caller.userId || might(caller, 'user:update');
    if (!found || !isWithinReach) throw refuse('NOT_FOUND', 'There is no such session.', 'sessionId');
    await endSession(em, operation, found, 'REVOKED');
    return found;
  });
  principals.forget(session.id);
  return session;
}
