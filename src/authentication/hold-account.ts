import type { EntityManager } from '@mikro-orm/postgresql';
import { unauthenticated } from '../errors.js';
import { type Operation, requireSession } from '../operation.js';

const account =
  'select 1 from users where id = ? and is_active and (?::text is null or password_hash = ?) for no key update';
const session = 'select 1 from sessions where id = ? and ended_at is null';

/**
 * Locks the caller's account until the end of the transaction, so that changes of its second factor or address run one
 * after another. Checks that the account is active, the session is open and the proved password is still current.
 * @param passwordHash hash that was verified; null if no password was asked for
 * @throws UNAUTHENTICATED
 */
export async function holdAccount(em: EntityManager, operation: Operation, passwordHash: string | null): Promise<void> {
  const { userId, sessionId } = requireSession(operation);
  const accounts = await em.execute(account, [userId, passwordHash, passwordHash]);
  // Read after the lock was acquired, so that it sees changes of the transaction it waited for.
  const sessions = await em.execute(session, [sessionId]);
  if (accounts.length === 0 || sessions.length === 0) throw unauthenticated();
}
