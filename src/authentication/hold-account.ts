import type { EntityManager } from '@mikro-orm/postgresql';
import { unauthenticated } from '../errors.js';
import { inSession, type Operation } from '../operation.js';

const account =
  'select 1 from users where id = ? and is_active and (?::text is null or password_hash = ?) for no key update';
const session = 'select 1 from sessions where id = ? and ended_at is null';

/**
 * Locks the caller's account for the transaction: whatever changes its second factor or its address happens one after another,
 * and not at all once the account was deactivated, the session ended or the proved password replaced.
 * @throws UNAUTHENTICATED
 */
export async function holdAccount(em: EntityManager, operation: Operation, passwordHash: string | null): Promise<void> {
  const { userId, sessionId } = inSession(operation);
  const accounts = await em.execute(account, [userId, passwordHash, passwordHash]);
  // Read after the wait for the lock, so that it sees what the wait was for.
  const sessions = await em.execute(session, [sessionId]);
  if (accounts.length === 0 || sessions.length === 0) throw unauthenticated();
}
