import { attributesOfUser } from '../access/account-attributes.js';
import { grantWithin } from '../access/grants/grant-role.js';
import { grantSystemRole } from '../access/grants.js';
import { lockCaller } from '../access/lock-users.js';
import { callersRightsWithin } from '../access/standing.js';
import type { Transaction } from '../database/transaction.js';
import { forbidden, Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { might } from '../policy/policy.js';
import { assertAdministers } from '../policy/rank.js';
import { assertRecentProof } from '../recent-proof.js';
import { record } from '../security-events/record.js';
import { normalized, problemsOf, type Registration } from './register.js';
import { refuseTaken } from './taken.js';
import { User } from './user.entity.js';

export interface NewUser extends Registration {
  readonly isAdmin?: boolean | null | undefined;
  readonly roleIds?: readonly string[] | null | undefined;
}

/** Highest number of roles of one input; more than anybody needs. */
const mostRoles = 100;

/**
 * Creates an account whose address an administrator vouches for, so its user can sign in at once.
 * @throws Refusal INVALID_INPUT, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_WEAK, USERNAME_TAKEN, EMAIL_TAKEN,
 * NOT_FOUND or SYSTEM_ROLE (of a role), ABOVE_OWN_LEVEL, REAUTHENTICATION_REQUIRED (of an administrator or a role); FORBIDDEN,
 * also for an API token that creates an administrator or grants roles beyond its scopes
 */
export async function createUser(operation: Operation, input: NewUser): Promise<User> {
  const account = await checkedAccount(operation, input);
  const make = (tx: Transaction) => insertUser(tx, operation, account);
  return operation.services.database.transaction(make).catch(refuseTaken);
}

/** A validated account with the hash of its password. */
type CheckedAccount = NewUser & { readonly passwordHash: string };

/**
 * Validates an account and hashes its password; both need no transaction.
 * @throws Refusal and FORBIDDEN, as in `createUser`
 */
export async function checkedAccount(operation: Operation, input: NewUser): Promise<CheckedAccount> {
  const { passwords } = operation.services;
  // With an API token one could set the password, sign in as the new administrator and so act beyond the token's scopes.
  if (input.isAdmin && operation.caller?.apiToken) throw forbidden();
  if (input.roleIds?.length && operation.caller && !might(operation.caller, 'role:grant')) throw forbidden();
  const account = normalized(input);
  const errors = [...problemsOf(account), ...(await passwords.check(input.password, account))];
  if (errors.length > 0) throw new Refusal(errors);
  if (input.roleIds && input.roleIds.length > mostRoles)
    throw refuse('INVALID_INPUT', `An account is given at most ${mostRoles} roles at once.`, 'roleIds');
  return { ...account, passwordHash: await passwords.hash(input.password) };
}

/**
 * Inserts a validated account within a transaction.
 * @throws as `createUser`, but a taken name or address as a constraint violation; see `refuseTaken`
 */
export async function insertUser(tx: Transaction, operation: Operation, account: CheckedAccount): Promise<User> {
  const now = operation.services.clock.now();
  const isAdmin = account.isAdmin ?? false;
  const { username, email, firstName, lastName, passwordHash } = account;
  const names = { firstName: firstName ?? null, lastName: lastName ?? null };
  const user = tx.em.create(
    User,
    { username, email, ...names, isAdmin, isVerified: true, passwordHash, passwordChangedAt: now, createdAt: now },
    { persist: true },
  );
  await assertMayMake(tx, operation, user);
  await tx.em.flush();
  record(tx, operation, { type: 'USER_CREATED', subjectId: user.id, details: { username, isAdmin } });
  await grantSystemRole(tx, user.id, 'user', now);
  if (isAdmin) await grantSystemRole(tx, user.id, 'admin', now);
  for (const roleId of new Set(account.roleIds ?? []))
    await grantWithin(tx, operation, { userId: user.id, roleId, field: 'roleIds' });
  return user;
}

/**
 * Checks that the caller may create this account, and locks the caller so that their rights last until it is created.
 * @throws Refusal ABOVE_OWN_LEVEL, REAUTHENTICATION_REQUIRED; FORBIDDEN, UNAUTHENTICATED
 */
async function assertMayMake(tx: Transaction, operation: Operation, user: User): Promise<void> {
  await lockCaller(tx, operation);
  const rights = await callersRightsWithin(tx, operation);
  if (!rights) return;
  if (!rights.may('user:create', attributesOfUser(user))) throw forbidden();
  if (!user.isAdmin) return;
  assertAdministers(rights, 'isAdmin');
  await assertRecentProof(tx, operation);
}
