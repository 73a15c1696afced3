import { assertProofForTerms } from '../access/proof-for-roles.js';
import { rightsWithin } from '../access/standing.js';
import type { Transaction } from '../database/transaction.js';
import { refuse, unauthenticated } from '../errors.js';
import { type Recipient, spokenColumns } from '../mail/recipient.js';
import { type Operation, requireSession } from '../operation.js';
import { named } from '../policy/permission-name.js';
import { hashToken } from '../secrets.js';
import { record } from '../security-events/record.js';
import { ApiToken } from './api-token.entity.js';
import { newApiToken } from './token-format.js';
import { checkedTerms, type NewApiToken, type TokenTerms } from './token-terms.js';

interface Owner extends Recipient {
  readonly id: string;
}

/** Highest number of active tokens of one account; expired and revoked ones do not count. */
const mostTokens = 50;

/**
 * Creates an API token for the caller.
 * @returns the token's row and the token itself, which is not stored and cannot be shown again
 * @throws Refusal INVALID_INPUT, SCOPE_NOT_HELD, REAUTHENTICATION_REQUIRED; UNAUTHENTICATED; FORBIDDEN for an API token
 */
export async function createApiToken(
  operation: Operation,
  input: NewApiToken,
): Promise<{ apiToken: ApiToken; token: string }> {
  const { clock, database } = operation.services;
  const now = clock.now();
  const terms = checkedTerms(input, now);
  const token = newApiToken();
  const apiToken = await database.transaction(async (tx) => {
    const owner = await lockOwner(tx, operation, now);
    await assertRoom(tx, owner, now);
    await assertHeld(tx, operation, owner, terms.scopes);
    await assertProofForTerms(tx, operation, terms.scopes.map(named));
    return insert(tx, operation, owner, { ...terms, tokenHash: hashToken(token), createdAt: now });
  });
  return { apiToken, token };
}

/**
 * Locks the owner, so that the tokens of one user are created one at a time. Checks the session again under the lock: a
 * session that a password reset has ended meanwhile must not leave a token behind.
 */
async function lockOwner(tx: Transaction, operation: Operation, now: Date): Promise<Owner> {
  const { userId, sessionId } = requireSession(operation);
  const owner = await tx.row<Owner>(
    `select u.id, u.username, u.email, ${spokenColumns} from users u
     where u.id = $1 and u.is_active for no key update`,
    [userId],
  );
  const session = await tx.row('select 1 from sessions where id = $1 and ended_at is null and expires_at > $2', [
    sessionId,
    now,
  ]);
  if (!owner || !session) throw unauthenticated();
  return owner;
}

async function assertRoom(tx: Transaction, owner: Owner, now: Date): Promise<void> {
  const alive = { userId: owner.id, revokedAt: null, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] };
  if ((await tx.em.count(ApiToken, alive)) >= mostTokens)
    throw refuse('INVALID_INPUT', `There are ${mostTokens} tokens already; revoke one first.`);
}

/**
 * A permission with conditions counts as held, because its conditions are evaluated when it is used. `resource:*`
 * requires a permission for at least one action.
 */
async function assertHeld(
  tx: Transaction,
  operation: Operation,
  owner: Owner,
  scopes: readonly string[],
): Promise<void> {
  const rights = (await rightsWithin(tx, operation, [owner.id])).get(owner.id);
  const missing = scopes.filter((scope) => !rights?.reaches(scope));
  if (missing.length > 0)
    throw refuse('SCOPE_NOT_HELD', `You may not do this yourself: ${missing.join(', ')}`, 'scopes');
}

function insert(
  tx: Transaction,
  operation: Operation,
  owner: Owner,
  row: TokenTerms & Pick<ApiToken, 'tokenHash' | 'createdAt'>,
): ApiToken {
  const { outbox, mails } = operation.services;
  const userId = owner.id;
  const apiToken = tx.em.create(ApiToken, { ...row, userId }, { persist: true });
  const { id: tokenId, name, scopes } = apiToken;
  const details = { name, scopes, tokenId, expiresAt: row.expiresAt?.toISOString() ?? null };
  record(tx, operation, { type: 'API_TOKEN_CREATED', subjectId: userId, details });
  outbox.enqueue(tx, mails.write('api-token-created', owner, { name, scopes: scopes.join(', '), time: row.createdAt }));
  return apiToken;
}
