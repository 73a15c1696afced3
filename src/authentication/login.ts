import type { EntityManager } from '@mikro-orm/postgresql';
import { identifierColumn } from '../accounts/account-id.js';
import { normalizeIdentifier } from '../accounts/identifiers.js';
import { User } from '../accounts/user.entity.js';
import { type Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { type Credentials, credentialsFor, openSession } from '../sessions/sessions.js';
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
  return enter(operation, account.id, input.rememberMe, upgraded);
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

async function enter(operation: Operation, userId: string, rememberMe: boolean, passwordHash: string | undefined) {
  const opened = await operation.services.database.transaction(async (em) => {
    const user = await lockAccount(em, userId);
    Object.assign(user, { lastLoginAt: operation.services.clock.now() }, passwordHash ? { passwordHash } : {});
    const { session, refreshToken } = openSession(em, operation, userId, rememberMe);
    record(em, operation, { type: 'LOGIN_SUCCEEDED', subjectId: userId, actorId: userId, sessionId: session.id });
    return { session, refreshToken };
  });
  return credentialsFor(operation, opened.session, opened.refreshToken);
}

/** Deactivation while the password was being verified must not let the session through. */
async function lockAccount(em: EntityManager, userId: string): Promise<User> {
  await em.execute('select 1 from users where id = ? for no key update', [userId]);
  const user = await em.findOne(User, { id: userId, isActive: true });
  if (!user) throw wrongCredentials();
  return user;
}
