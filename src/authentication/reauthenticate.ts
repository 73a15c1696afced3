import type { Transaction } from '../database/transaction.js';
import { refuse, unauthenticated } from '../errors.js';
import { type Recipient, spokenColumns } from '../mail/recipient.js';
import { type Operation, requireSession } from '../operation.js';
import { record } from '../security-events/record.js';
import { holdAccount } from './hold-account.js';
import { provePassword } from './prove-password.js';
import { type MatchedCode, TwoFactorMethod } from './second-factor/second-factor-code.js';
import { withCode } from './with-code.js';

/** One of the two proofs. */
export interface Reauthentication {
  readonly password?: string | null | undefined;
  readonly code?: string | null | undefined;
  /** Of the code; null: determined from its shape. */
  readonly method?: TwoFactorMethod | null | undefined;
}

/**
 * Proves once more who the caller is, by the password or, instead of it, a code of the second factor. The proof counts
 * for this session alone; other sessions of the account stay as they are. Wrong proofs count and lock as at sign-in.
 * @returns the id of the session
 * @throws Refusal INVALID_CREDENTIALS and INVALID_CODE, also while locked; INVALID_INPUT without a proof, with two, or
 * with a code when no second factor is enabled; UNAUTHENTICATED; FORBIDDEN for an API token
 */
export async function reauthenticate(operation: Operation, input: Reauthentication): Promise<string> {
  const { sessionId } = requireSession(operation);
  const { password, code, method } = input;
  if ((password == null) === (code == null))
    throw refuse('INVALID_INPUT', 'Enter either your password or a code.', code == null ? 'password' : 'code');
  if (code != null) await byCode(operation, code, method ?? null);
  else await byPassword(operation, password ?? '');
  return sessionId;
}

async function byPassword(operation: Operation, password: string): Promise<void> {
  const { passwordHash } = await provePassword(operation, password, 'password');
  await operation.services.database.transaction(async (tx) => {
    await holdAccount(tx, operation, passwordHash);
    await renewProof(tx, operation, 'PASSWORD');
  });
}

async function byCode(operation: Operation, code: string, method: TwoFactorMethod | null): Promise<void> {
  const owner = await ownerOf(operation);
  await withCode(operation, { ...owner, passwordHash: null }, { code, method }, async (tx, used) => {
    await renewProof(tx, operation, used.method);
    tellOfRecoveryCode(tx, operation, owner, used);
  });
}

interface Owner extends Recipient {
  readonly id: string;
}

const ownAccount = `select u.id, u.username, u.email, ${spokenColumns} from users u where u.id = $1`;

async function ownerOf(operation: Operation): Promise<Owner> {
  const { userId } = requireSession(operation);
  const owner = await operation.services.database.sql.row<Owner>(ownAccount, [userId]);
  if (!owner) throw unauthenticated();
  return owner;
}

const renewing = 'update sessions set reauthenticated_at = $2 where id = $1';

/** Call it while the account is held: its session is open then. */
async function renewProof(tx: Transaction, operation: Operation, method: string): Promise<void> {
  const { userId, sessionId } = requireSession(operation);
  await tx.rows(renewing, [sessionId, operation.services.clock.now()]);
  record(tx, operation, { type: 'REAUTHENTICATED', subjectId: userId, details: { method } });
}

function tellOfRecoveryCode(tx: Transaction, { services }: Operation, owner: Owner, used: MatchedCode): void {
  if (used.method !== TwoFactorMethod.RECOVERY_CODE) return;
  services.outbox.enqueue(tx, services.mails.write('recovery-code-used', owner, { left: used.unused - 1 }));
}
