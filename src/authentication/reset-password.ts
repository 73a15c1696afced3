import { invalidLink, useToken } from '../accounts/mailed-tokens.js';
import type { User } from '../accounts/user.entity.js';
import { revokeApiTokens } from '../api-tokens/revoke-api-tokens.js';
import type { Transaction } from '../database/transaction.js';
import { Refusal } from '../errors.js';
import type { Operation } from '../operation.js';
import { hashToken } from '../secrets.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { unlock } from './attempts/lockout-counter.js';
import { setPassword } from './set-password.js';

interface Owner {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

const ownerOf = `
  select u.id, u.username, u.email, u.first_name as "firstName", u.last_name as "lastName"
  from mailed_tokens t join users u on u.id = t.user_id and u.email = t.email
  where t.token_hash = $1 and t.purpose = 'reset-password' and t.used_at is null and t.expires_at > $2 and u.is_active`;

/**
 * Sets a new password with a mailed token. Ends every session, revokes every API token and lifts a lock caused by wrong
 * passwords. The second factor stays enabled, and so does a lock caused by wrong codes: otherwise access to the mailbox
 * would be enough to keep guessing codes. An administrator's lock stays, too. If the password is refused, the token stays valid.
 * @throws Refusal INVALID_TOKEN, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_WEAK
 */
export async function resetPassword(
  operation: Operation,
  { token, newPassword }: { readonly token: string; readonly newPassword: string },
): Promise<User> {
  const { database, passwords, principals, clock } = operation.services;
  const owner = await database.sql.row<Owner>(ownerOf, [hashToken(token), clock.now()]);
  if (!owner) throw invalidLink();
  const errors = await passwords.check(newPassword, owner, 'newPassword');
  if (errors.length > 0) throw new Refusal(errors);
  const hash = await passwords.hash(newPassword);
  const user = await database.transaction((tx) => reset(tx, operation, token, hash));
  principals.forgetUser(user.id);
  return user;
}

async function reset(tx: Transaction, operation: Operation, token: string, hash: string): Promise<User> {
  const claim = await useToken(tx, operation, 'reset-password', token);
  if (!claim) throw invalidLink();
  const terms = { hash, reason: 'PASSWORD_RESET', except: null } as const;
  const { user, changes } = await setPassword(tx, operation, claim.userId, terms);
  if (user.email !== claim.email || !user.isActive) throw invalidLink();
  // The link proves access to the mailbox, so the address counts as verified. Somebody who registered with another
  // person's address no longer knows the password.
  if (!user.isVerified) recordVerification(tx, operation, user);
  user.isVerified = true;
  const lifted = await unlock(tx, user.id, operation.services.clock.now(), 'password');
  await revokeApiTokens(tx, operation, user.id);
  const details = { changes: { ...changes, ...lifted } };
  record(tx, operation, { type: 'PASSWORD_RESET', subjectId: user.id, actorId: user.id, details });
  return user;
}

function recordVerification(tx: Transaction, operation: Operation, { id }: User): void {
  const changes = changesBetween({ isVerified: false }, { isVerified: true });
  record(tx, operation, { type: 'EMAIL_VERIFIED', subjectId: id, actorId: id, details: { changes } });
}
