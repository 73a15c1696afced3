import { ConfigError } from '../config.js';
import { takeAdvisoryLock } from '../database/advisory-locks.js';
import type { Transaction } from '../database/transaction.js';
import { Refusal } from '../errors.js';
import type { Operation } from '../operation.js';
import { randomToken } from '../secrets.js';
import { checkedAccount, insertUser, type NewUser } from './create-user.js';
import { refuseTaken } from './taken.js';

/** How the first administrator was created. `none`: not at all; the operator has to do it. */
export type FirstAdministrator =
  | { readonly kind: 'present' | 'configured' | 'none' }
  | { readonly kind: 'generated'; readonly username: string; readonly password: string };

/**
 * Makes sure that somebody can administer the service. Creates the configured administrator or, if `mayGenerate`, one
 * with a random password, which the caller must show once.
 * @throws ConfigError if the configured account is not acceptable
 */
export async function ensureAdministrator(operation: Operation, mayGenerate: boolean): Promise<FirstAdministrator> {
  const { database } = operation.services;
  if (await database.sql.row(anAdministrator)) return { kind: 'present' };
  const first = firstOf(operation, mayGenerate);
  if (!first) return { kind: 'none' };
  const account = await checkedAccount(operation, { ...first.account, isAdmin: true }).catch(nameVariable);
  const make = async (tx: Transaction): Promise<FirstAdministrator> => {
    // Held until the account is made: of two processes starting at once one makes it.
    await takeAdvisoryLock(tx, 'firstAdministrator');
    if ((await tx.rows(anAdministrator)).length > 0) return { kind: 'present' };
    await insertUser(tx, operation, account);
    return first.told;
  };
  return database.transaction(make).catch(refuseTaken).catch(nameVariable);
}

const anAdministrator = 'select 1 from users where is_admin and is_active limit 1';

/** The account to create, and what to return about it. */
interface First {
  readonly account: NewUser;
  readonly told: FirstAdministrator;
}

function firstOf({ services: { config } }: Operation, mayGenerate: boolean): First | undefined {
  if (config.administrator) return { account: config.administrator, told: { kind: 'configured' } };
  if (!mayGenerate) return undefined;
  const [username, password] = ['admin', randomToken()];
  const account = { username, email: 'admin@localhost.localdomain', password };
  return { account, told: { kind: 'generated', username, password } };
}

/**
 * Converts a refusal to an error that names environment variables, since no input was sent whose fields it could name.
 */
function nameVariable(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  const lines = error.errors.map(
    ({ field, message }) => `ADMIN_${field?.at(-1)?.toUpperCase() ?? 'USERNAME'}: ${message}`,
  );
  throw new ConfigError(lines.join('; '));
}
