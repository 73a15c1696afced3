import type { EntityManager } from '@mikro-orm/postgresql';
import { isUuid } from '../database/uuid.js';

/** An account as a change finds it. Named by table, since accounts/ stands above access/. */
export interface LockedUser {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly isAdmin: boolean;
  readonly isActive: boolean;
  readonly isVerified: boolean;
  readonly emailNotifications: boolean;
}

const columns = `id, username, email, is_admin as "isAdmin", is_active as "isActive", is_verified as "isVerified",
  email_notifications as "emailNotifications"`;

/**
 * Locks accounts until the transaction ends, always in the order of their ids, so that no two transactions wait for
 * each other. Whoever writes a row that names two accounts locks both: deleting one of them would wait for that row.
 * @param also a further condition on `users`
 * @returns those there are, as whoever held them before has left them
 */
export function lockUsers(em: EntityManager, ids: readonly string[], also = 'false'): Promise<LockedUser[]> {
  const wanted = ids.filter(isUuid);
  const named = wanted.length > 0 ? `id in (${wanted.map(() => '?').join(', ')})` : 'false';
  // Of this strength, which lets others refer to the accounts: deleting takes more by itself.
  return em.execute(`select ${columns} from users where ${named} or (${also}) order by id for no key update`, wanted);
}
