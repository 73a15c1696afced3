import type { Operation } from '../operation.js';
import { randomToken } from '../secrets.js';
import { createUser } from './create-user.js';

/** How the first administrator came to be; `none` leaves it to the operator. */
export type FirstAdministrator =
  | { readonly kind: 'present' | 'configured' | 'none' }
  | { readonly kind: 'generated'; readonly username: string; readonly password: string };

/** Any number will do, as long as nothing else in this database locks it. */
const lock = 7_041_003;

/**
 * Sees to it that somebody can administer the service: the configured administrator, or,
 * where `mayGenerate`, one with a random password that the caller shows once.
 * @throws Refusal when the configured one is not acceptable
 */
export async function ensureAdministrator(operation: Operation, mayGenerate: boolean): Promise<FirstAdministrator> {
  const { database, config } = operation.services;
  return database.transaction(async (em) => {
    // Held until the account is made: of two processes starting at once one makes it.
    await em.execute('select pg_advisory_xact_lock(?)', [lock]);
    const [present] = await em.execute('select 1 from users where is_admin and is_active limit 1');
    if (present) return { kind: 'present' };
    if (config.administrator) {
      await createUser(operation, { ...config.administrator, isAdmin: true });
      return { kind: 'configured' };
    }
    return mayGenerate ? generate(operation) : { kind: 'none' };
  });
}

async function generate(operation: Operation): Promise<FirstAdministrator> {
  const [username, password] = ['admin', randomToken()];
  await createUser(operation, { username, email: 'admin@localhost.localdomain', password, isAdmin: true });
  return { kind: 'generated', username, password };
}
