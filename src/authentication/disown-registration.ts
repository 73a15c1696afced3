import { erase } from '../accounts/delete-user.js';
import { holdForWithdrawal } from '../accounts/last-administrator.js';
import { invalidLink, ownerOfToken, useToken } from '../accounts/mailed-tokens.js';
import { User } from '../accounts/user.entity.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import type { FieldChanges } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { mailResetLink, shutOut } from './take-back.js';

export interface Disowned {
  /** The account, now without password and sessions; absent if it was deleted. */
  readonly user?: User;
  readonly deletedUserId?: string;
}

/**
 * Takes an account away from somebody who registered it with another person's address. It ends sessions and API tokens,
 * removes password and second factor, and mails a link to set a new password; or it deletes the account. The token is
 * in every mail that verifies the address, and also works after the verification.
 * @throws Refusal INVALID_TOKEN, also when the account's address has changed; LAST_ADMINISTRATOR for a deletion
 */
export async function disownRegistration(
  operation: Operation,
  { token, deleteAccount }: { readonly token: string; readonly deleteAccount?: boolean | null | undefined },
): Promise<Disowned> {
  const { database, principals, signals } = operation.services;
  const user = await database.transaction((tx) => disown(tx, operation, token, deleteAccount === true));
  principals.forgetUser(user.id);
  if (!deleteAccount) return { user };
  // The account's posts and comments are deleted with it.
  signals.announce('content');
  return { deletedUserId: user.id };
}

async function disown(tx: Transaction, operation: Operation, token: string, deletes: boolean): Promise<User> {
  if (deletes) await holdOwner(tx, operation, token);
  const claim = await useToken(tx, operation, 'disown-registration', token);
  // useToken has locked the account's row, so no sign-in can run in between.
  const user = claim && (await tx.em.findOne(User, { id: claim.userId, email: claim.email, isActive: true }));
  if (!user) throw invalidLink();
  const disowned = { type: 'REGISTRATION_DISOWNED', subjectId: user.id, actorId: user.id } as const;
  if (deletes) {
    record(tx, operation, disowned);
    await erase(tx, operation, user);
  } else record(tx, operation, { ...disowned, details: { changes: await takeBack(tx, operation, user) } });
  return user;
}

/** Locks the accounts before the token, because accounts are locked first everywhere. */
async function holdOwner(tx: Transaction, operation: Operation, token: string): Promise<void> {
  const owner = await ownerOfToken(tx, 'disown-registration', token);
  if (owner) await holdForWithdrawal(tx, operation, owner);
}

async function takeBack(tx: Transaction, operation: Operation, user: User): Promise<FieldChanges> {
  const changes = await shutOut(tx, operation, user, 'REGISTRATION_DISOWNED');
  await mailResetLink(tx, operation, user, 'registration-disowned');
  return changes;
}
