import type { EntityManager } from '@mikro-orm/postgresql';
import { erase } from '../accounts/delete-user.js';
import { holdForWithdrawal } from '../accounts/last-administrator.js';
import { invalidLink, ownerOfToken, useToken } from '../accounts/mailed-tokens.js';
import { User } from '../accounts/user.entity.js';
import { registrationDisownedMail } from '../mail/account-mails.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { mailResetLink, shutOut } from './take-back.js';

export interface Disowned {
  /** The account, which has nobody signed in and no password any more; absent when it was deleted. */
  readonly user?: User;
  readonly deletedUserId?: string;
}

/**
 * Takes an account from whoever registered it with somebody else's address: ends sessions, API tokens, password and second
 * factor, and mails a link to set a new password; or deletes the account. The token was mailed to the address with each link
 * that verifies it, and works after the confirmation too.
 * @throws Refusal INVALID_TOKEN, also when the account has another address by now; LAST_ADMINISTRATOR for a deletion
 */
export async function disownRegistration(
  operation: Operation,
  { token, deleteAccount }: { readonly token: string; readonly deleteAccount?: boolean | null | undefined },
): Promise<Disowned> {
  const { database, principals, signals } = operation.services;
  const user = await database.transaction((em) => disown(em, operation, token, deleteAccount === true));
  principals.forgetUser(user.id);
  if (!deleteAccount) return { user };
  // With an account goes what it wrote.
  signals.announce('content');
  return { deletedUserId: user.id };
}

async function disown(em: EntityManager, operation: Operation, token: string, deletes: boolean): Promise<User> {
  if (deletes) await holdOwner(em, token);
  const claim = await useToken(em, operation, 'disown-registration', token);
  // Using the token has locked the account's row, so no sign-in slips past.
  const user = claim && (await em.findOne(User, { id: claim.userId, email: claim.email, isActive: true }));
  if (!user) throw invalidLink();
  record(em, operation, { type: 'REGISTRATION_DISOWNED', subjectId: user.id, actorId: user.id });
  if (deletes) await erase(em, operation, user);
  else await takeBack(em, operation, user);
  return user;
}

/** Before the token's own lock, so that accounts are locked in one order everywhere. */
async function holdOwner(em: EntityManager, token: string): Promise<void> {
  const owner = await ownerOfToken(em, 'disown-registration', token);
  if (owner) await holdForWithdrawal(em, owner);
}

async function takeBack(em: EntityManager, operation: Operation, user: User): Promise<void> {
  await shutOut(em, operation, user, 'REGISTRATION_DISOWNED');
  await mailResetLink(em, operation, user, registrationDisownedMail);
}
