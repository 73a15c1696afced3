import type { Transaction } from './database/transaction.js';
import { refuse } from './errors.js';
import type { Operation } from './operation.js';

/**
 * Step-up authentication (RFC 9470): what does most harm in the wrong hands takes a recent proof of who the caller is, by
 * the sign-in or by `reauthenticate`. See docs/decisions/0030-step-up.md.
 */

const recent = 'select 1 from sessions where id = $1 and coalesce(reauthenticated_at, created_at) > $2';

/**
 * Asks the caller for a proof no older than REAUTHENTICATION_AFTER. It is read within the transaction of the action, so
 * it is that of the session in which the action is done. Call it when everything else allows the action: then it tells a
 * caller without the right nothing, and nobody types a password in vain. An API token cannot prove anything; it was
 * asked for when it was created.
 * @throws Refusal REAUTHENTICATION_REQUIRED
 */
export async function assertRecentProof(tx: Pick<Transaction, 'row'>, { services, caller }: Operation): Promise<void> {
  const { config, clock } = services;
  if (!caller || caller.apiToken || config.reauthenticationAfter === null) return;
  const since = new Date(clock.now().getTime() - config.reauthenticationAfter);
  if (!(await tx.row(recent, [caller.sessionId, since])))
    throw refuse('REAUTHENTICATION_REQUIRED', 'Prove that it is you, by your password or a code, and do this again.');
}
