import { identifierColumn } from '../accounts/identifier-column.js';
import { normalizeIdentifier } from '../accounts/identifiers.js';
import { Refusal, refuse } from '../errors.js';
import { type Recipient, spokenColumns } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { counterOfNobody, passwordCounterOf } from './attempts/lockout-counter.js';
import { recordRefusal } from './attempts/login-attempts.js';
import { attemptPassword } from './attempts/password-attempt.js';
import type { RunningAttempt } from './attempts/running-attempt.js';
import { type Entered, enter, isElsewhere } from './enter.js';
import { type Challenge, challenge } from './second-factor/two-factor-challenge.js';

export interface Login {
  /** Username or e-mail address. */
  readonly identifier: string;
  readonly password: string;
  readonly rememberMe: boolean;
  readonly usesCookie: boolean;
}

interface Account extends Recipient {
  readonly id: string;
  readonly passwordHash: string;
  readonly isActive: boolean;
  readonly isVerified: boolean;
  readonly hasTwoFactor: boolean;
  readonly isElsewhere: boolean;
}

/**
 * Signs in, or returns a challenge for the second factor. An unknown user, a wrong password and a locked account get
 * the same answer after the same work. Other reasons for a refusal are revealed only to a caller who proved the
 * password.
 * @throws Refusal INVALID_CREDENTIALS, ACCOUNT_DEACTIVATED, EMAIL_NOT_VERIFIED; SERVICE_UNAVAILABLE
 * @example
 * const result = await login(operation, { identifier, password, rememberMe: false, usesCookie: true });
 * if ('session' in result) sendCredentials(result);
 */
export async function login(operation: Operation, input: Login): Promise<Entered | Challenge> {
  // Who shows neither a device nor a session is a stranger to every account, and is refused before anything is read or written.
  const isStranger = operation.client.deviceToken === null && operation.caller === null;
  if (isStranger) operation.services.passwords.queue.assertRoom();
  const name = normalizeIdentifier(input.identifier);
  const account = await findAccount(operation, name);
  const counter = account ? passwordCounterOf(operation, account.id) : counterOfNobody(operation, name);
  const tried = { counter, account, password: input.password };
  const outcome = await attemptPassword(operation, tried, (owner, attempt) => admit(operation, owner, attempt, input));
  if (!outcome) throw wrongCredentials();
  if (outcome instanceof Refusal) throw outcome;
  return outcome;
}

/**
 * Continues after a correct password.
 * @returns the refusal, for an account that may not sign in: its password was right, so the attempt is a success
 */
async function admit(
  operation: Operation,
  owner: Account,
  attempt: RunningAttempt,
  { password, rememberMe, usesCookie }: Login,
): Promise<Entered | Challenge | Refusal> {
  const refusal = refusalFor(owner);
  if (refusal) await recordRefusal(operation, owner.id);
  if (refusal) return refusal;
  const hash = await upgradedHash(operation, owner, password);
  if (owner.hasTwoFactor) return challenge(operation, { userId: owner.id, passwordHash: hash, rememberMe, usesCookie });
  const { isElsewhere } = owner;
  const proof = { by: 'password', hash } as const;
  const entered = await enter(operation, { user: owner, isRemembered: rememberMe, proof, attempt, isElsewhere });
  if (!entered) throw wrongCredentials();
  return entered;
}

const wrongCredentials = (): Refusal => refuse('INVALID_CREDENTIALS', 'The name or the password is wrong.');

function refusalFor(account: Account): Refusal | undefined {
  if (!account.isActive) return refuse('ACCOUNT_DEACTIVATED', 'This account is deactivated.');
  if (!account.isVerified) return refuse('EMAIL_NOT_VERIFIED', 'Confirm your e-mail address first.');
  return undefined;
}

const accountBy = (column: 'email' | 'username'): string => `
  select u.id, u.username, u.email, ${spokenColumns}, u.password_hash as "passwordHash", u.is_active as "isActive",
    u.is_verified as "isVerified",
    exists (select from two_factors f where f.user_id = u.id and f.confirmed_at is not null) as "hasTwoFactor",
    ${isElsewhere('$2', '$3')}
  from users u where u.${column} = $1`;

const findAccount = ({ services, client }: Operation, name: string): Promise<Account | undefined> =>
  services.database.sql.row<Account>(accountBy(identifierColumn(name)), [name, client.address, client.userAgent]);

/**
 * Replaces a hash that was imported or computed with outdated parameters, while the password is available.
 * @returns the account's current hash
 */
async function upgradedHash({ services }: Operation, account: Account, password: string): Promise<string> {
  const { passwords, database } = services;
  if (!passwords.isOutdated(account.passwordHash)) return account.passwordHash;
  // The password is proved by now, so this does not wait again behind strangers.
  const hash = await passwords.hash(password, account.id);
  const replace = 'update users set password_hash = $3 where id = $1 and password_hash = $2 returning id';
  if (await database.sql.row(replace, [account.id, account.passwordHash, hash])) return hash;
  // Another sign-in replaced the hash, or the password was changed: verifying the password tells which.
  const current = await database.sql.row<{ hash: string }>(hashOf, [account.id]);
  return current && (await passwords.verify(current.hash, password, account.id)) ? current.hash : account.passwordHash;
}

const hashOf = 'select password_hash as hash from users where id = $1';
