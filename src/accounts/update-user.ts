import { attributesOfUser } from '../access/account-attributes.js';
import { accountPowers, assertMayTakeOver } from '../access/account-powers.js';
import type { Administered } from '../access/administer-account.js';
import type { Transaction } from '../database/transaction.js';
import { forbidden, Refusal, refuse } from '../errors.js';
import { recipientOf } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { assertRecentProof } from '../recent-proof.js';
import { record } from '../security-events/record.js';
import { assertVersion } from '../versions.js';
import { addressChange } from './address-change.js';
import { accountFor } from './change-account.js';
import { checkEmail, checkUsername, normalizeIdentifier } from './identifiers.js';
import { MailedToken } from './mailed-token.entity.js';
import { applyChanges, type Changes, type Profile, readProfile } from './profile.js';
import { checkReserved } from './reserved-names.js';
import { refuseTaken } from './taken.js';
import type { User } from './user.entity.js';

export interface UpdateUser extends Profile {
  readonly userId: string;
  /** Null: unchanged. */
  readonly username?: string | null | undefined;
  /** Null: unchanged. */
  readonly email?: string | null | undefined;
  /** Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
}

/**
 * Changes an account on behalf of an administrator, who vouches for the address they set. Administrators change their
 * own address with `requestEmailChange`, which asks for the password and mails both addresses; otherwise a stolen
 * session would be enough to take the account over.
 * @throws Refusal NOT_FOUND, INVALID_INPUT, VERSION_CONFLICT, USERNAME_TAKEN, EMAIL_TAKEN, ABOVE_OWN_LEVEL; of an
 * address OWN_ACCOUNT and REAUTHENTICATION_REQUIRED; FORBIDDEN, also for an API token that sets an address
 */
export async function updateUser(
  operation: Operation,
  { userId, expectedVersion, ...input }: UpdateUser,
): Promise<User> {
  // Reset mails go to the address, so setting it is enough to take the account over.
  if (input.email != null && operation.caller?.apiToken) throw forbidden();
  const changes = readChanges(input);
  const change = async (tx: Transaction) => {
    const { user, by } = await accountFor(tx, operation, { userId, power: 'update' });
    assertVersion(user, expectedVersion);
    const { email: before, isVerified } = user;
    if (by && changes.email !== undefined && changes.email !== before) {
      assertMaySetAddress(by);
      await assertRecentProof(tx, operation);
    }
    if (by && changes.username !== undefined && changes.username !== user.username)
      assertMayTakeName(operation, by, changes.username);
    const details = applyChanges(user, changes);
    assertStillTheirs(by, user);
    if (details) record(tx, operation, { type: 'USER_UPDATED', subjectId: user.id, details });
    if (user.email !== before) await replaceAddress(tx, operation, user, { email: before, isVerified });
    return user;
  };
  const { database, principals } = operation.services;
  const user = await database.transaction(change).catch(refuseTaken);
  // Permission conditions may refer to the caller's address, so cached rights are dropped.
  principals.forgetUser(user.id);
  return user;
}

/**
 * Checks that the caller may set this account's address.
 * @throws Refusal OWN_ACCOUNT, ABOVE_OWN_LEVEL
 */
function assertMaySetAddress({ rights, subject }: NonNullable<Administered['by']>): void {
  if (rights.standing.userId === subject.rights.standing.userId)
    throw refuse('OWN_ACCOUNT', 'Your own address is changed by requestEmailChange.', 'email');
  assertMayTakeOver(rights, subject.rights, 'email');
}

/**
 * Checks reserved names for users who change their own name through `user:update` without being an administrator.
 * @throws Refusal USERNAME_TAKEN
 */
function assertMayTakeName(
  { services }: Operation,
  { rights, subject }: NonNullable<Administered['by']>,
  name: string,
) {
  const { userId, isAdmin } = rights.standing;
  if (isAdmin || userId !== subject.rights.standing.userId) return;
  const errors = checkReserved(name, services.config.serviceName);
  if (errors.length > 0) throw new Refusal(errors);
}

/**
 * Checks that the caller may also update the account as it is after the change; otherwise conditions of the permission
 * could be left that way.
 * @throws FORBIDDEN
 */
function assertStillTheirs(by: Administered['by'], changed: User): void {
  if (by && !by.rights.may(accountPowers.update.permission, attributesOfUser(changed))) throw forbidden();
}

function readChanges({ username, email, ...profile }: Omit<UpdateUser, 'userId' | 'expectedVersion'>): Changes {
  const { changes, errors } = readProfile(profile);
  if (username != null) {
    changes.username = normalizeIdentifier(username);
    errors.push(...checkUsername(changes.username));
  }
  if (email != null) {
    Object.assign(changes, { email: normalizeIdentifier(email), isVerified: true });
    errors.push(...checkEmail(changes.email ?? ''));
  }
  if (errors.length > 0) throw new Refusal(errors);
  return changes;
}

/** Notifies the owner at the previous address and invalidates everything that was mailed to it. */
async function replaceAddress(
  tx: Transaction,
  operation: Operation,
  user: User,
  before: Pick<User, 'email' | 'isVerified'>,
): Promise<void> {
  const { outbox, mails } = operation.services;
  record(tx, operation, {
    type: 'EMAIL_CHANGED',
    subjectId: user.id,
    details: { changes: addressChange(before, user) },
  });
  outbox.enqueue(tx, mails.write('address-replaced', { ...recipientOf(user), email: before.email }, {}));
  // Tokens are checked against the account's address; they would become valid again if the address came back.
  await tx.em.nativeDelete(MailedToken, { userId: user.id });
}
