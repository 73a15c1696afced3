import type { Transaction } from '../database/transaction.js';
import { unauthenticated } from '../errors.js';
import { type Operation, requireSession } from '../operation.js';

const account =
  'select 1 from users where id = $1 and is_active and ($2::text is null or password_hash = $2) for no key update';
const session = 'select 1 from sessions where id = $1 and ended_at is null';

/**
 * Locks the caller's account until the end of the transaction, so that changes of its second factor or address run one
 * after another. Checks that the account is active, the session is open and the proved password is still current.
 * @param passwordHash hash that was verified; null if no password was asked for
 * @throws UNAUTHENTICATED
 */
export async function holdAccount(tx: Transaction, operation: Operation, passwordHash: string | null): Promise<void> {
  const { userId, sessionId } = requireSession(operation);
  const accounts = await tx.rows(account, [userId, passwordHash]);
  // Read after the lock was acquired, so that it sees changes of the transaction it waited for.
  const sessions = await tx.rows(session, [sessionId]);
  if (accounts.length === 0 || sessions.length === 0) throw unauthenticated();
}
