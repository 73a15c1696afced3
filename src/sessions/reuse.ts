import { seconds } from '../clock.js';
import type { SqlValue } from '../database/sql-values.js';
import type { Transaction } from '../database/transaction.js';
import { type Recipient, spokenColumns } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { deviceName } from '../texts/device-name.js';
import { endSession } from './end-sessions.js';
import { Session } from './session.entity.js';

/**
 * In milliseconds. For this long, the previous token is answered again with the same successor, for lost responses and
 * parallel tabs.
 */
const successorWindow = seconds(10);

export const isRecent = ({ services }: Operation, exchangedAt: Date): boolean =>
  services.clock.now().getTime() - exchangedAt.getTime() <= successorWindow;

/**
 * Locks an open session.
 * @param columns of `sessions s` to select besides those of its user
 * @param condition with the parameters from the third on
 * @returns undefined if it has ended or expired, its user is deactivated or the condition is not met
 */
export const lockLiving = <Row>(
  tx: Transaction,
  { services }: Operation,
  sessionId: string,
  { columns, condition, values }: { columns: string; condition: string; values: readonly SqlValue[] },
): Promise<(Recipient & Row) | undefined> =>
  tx.row<Recipient & Row>(
    `select u.username, u.email, ${spokenColumns}, ${columns} from sessions s join users u on u.id = s.user_id
     where s.id = $1 and s.ended_at is null and s.expires_at > $2 and u.is_active and ${condition} for update of s`,
    [sessionId, services.clock.now(), ...values],
  );

/**
 * The thief cannot be told from the owner, so the session ends for both, and the owner is notified.
 * @returns the session, ended
 */
export async function endReused(
  tx: Transaction,
  operation: Operation,
  sessionId: string,
  owner: Recipient,
): Promise<Session> {
  const { outbox, mails, clock } = operation.services;
  const session = await tx.em.findOneOrFail(Session, sessionId);
  await endSession(tx, operation, session, 'REFRESH_TOKEN_REUSED');
  const device = deviceName(session.userAgent ?? null);
  outbox.enqueue(tx, mails.write('refresh-token-reused', owner, { device, time: clock.now() }));
  return session;
}
