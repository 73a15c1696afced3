import { administerOwnerOf } from '../access/administer-account.js';
import { isUuid } from '../database/uuid.js';
import { refuse } from '../errors.js';
import { type Operation, requireSession } from '../operation.js';
import { endSession } from './end-sessions.js';
import { Session } from './session.entity.js';

/**
 * Ends one session of the caller, or of an account that the caller may update. An ended session is not changed. A
 * session that the caller may not know of is answered like one that does not exist.
 * @throws Refusal NOT_FOUND, ABOVE_OWN_LEVEL; UNAUTHENTICATED; FORBIDDEN for an API token
 */
export async function revokeSession(operation: Operation, sessionId: string): Promise<Session> {
  const caller = requireSession(operation);
  const { database, principals } = operation.services;
  const session = await database.transaction(async (tx) => {
    const found = isUuid(sessionId) ? await tx.em.findOne(Session, sessionId) : null;
    const unknown = refuse('NOT_FOUND', 'There is no such session.', 'sessionId');
    if (!found) throw unknown;
    if (found.userId !== caller.userId)
      await administerOwnerOf(tx, operation, { userId: found.userId, field: 'sessionId' }, unknown);
    await endSession(tx, operation, found, 'REVOKED');
    return found;
  });
  principals.forget(session.id);
  return session;
}
