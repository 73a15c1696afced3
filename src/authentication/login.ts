import { identifierColumn } from '../accounts/account-id.js';
import { normalizeIdentifier } from '../accounts/identifiers.js';
import type { User } from '../accounts/user.entity.js';
import { type Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { type Credentials, credentialsFor } from '../sessions/sessions.js';
import { enter } from './enter.js';
import { recordFailure } from './login-attempts.js';

export interface Login {
  /** Username or e-mail address. */
  readonly identifier: string;
  readonly password: string;
  readonly rememberMe: boolean;
}

type Account = Pick<User, 'id' | 'passwordHash' | 'isActive' | 'isVerified'>;

/**
 * Signs in. An unknown user and a wrong password are one answer after the same work; what else is
 * wrong with an account is told only to a caller who proved the password.
 * @throws Refusal INVALID_CREDENTIALS, ACCOUNT_DEACTIVATED, EMAIL_NOT_VERIFIED; SERVICE_UNAVAILABLE
 */
export async function login(operation: Operation, input: Login): Promise<Credentials> {
  const account = await findAccount(operation, input.identifier);
  const matches = await operation.services.passwords.verify(account?.passwordHash, input.password);
  const refusal = refusalFor(account, matches);
  if (refusal || !account) {
    await recordFailure(operation, account?.id, matches);
    throw refusal ?? wrongCredentials();
  }
  const upgraded = await upgradedHash(operation, account.passwordHash, input.password);
  const entered = await enter(operation, account.id, input.rememberMe, upgraded);
  if (!entered) throw wrongCredentials();
  return credentialsFor(operation, entered.session, entered.refreshToken);
}

const wrongCredentials = (): Refusal => refuse('INVALID_CREDENTIALS', 'The name or the password is wrong.');

function refusalFor(account: Account | undefined, matches: boolean): Refusal | undefined {
  if (!account || !matches) return wrongCredentials();
  if (!account.isActive) return refuse('ACCOUNT_DEACTIVATED', 'This account is deactivated.');
  if (!account.isVerified) return refuse('EMAIL_NOT_VERIFIED', 'Confirm your e-mail address first.');
  return undefined;
}

async function findAccount({ services }: Operation, identifier: string): Promise<Account | undefined> {
  const normalized = normalizeIdentifier(identifier);
  const column = identifierColumn(normalized);
  return services.database.sql.row<Account>(
    `select id, password_hash as "passwordHash", is_active as "isActive", is_verified as "isVerified" from users where ${column} = $1`,
    [normalized],
  );
}

async function upgradedHash(
  { services: { passwords } }: Operation,
  hash: string,
  password: string,
): Promise<string | undefined> {
  return passwords.isOutdated(hash) ? passwords.hash(password) : undefined;
}
