import type { EntityManager } from '@mikro-orm/postgresql';
import type { Operation } from '../operation.js';

interface Holder {
  readonly id: string;
  readonly username: string;
  /** The address that was looked up. */
  readonly email: string;
}

/** A previous address stays reserved for its owner while the change can be undone. */
const holder = `
  select id, username, ?::text as email from users where email = ?
  union all
  select u.id, u.username, t.email from mailed_tokens t join users u on u.id = t.user_id
  where t.purpose = 'undo-email-change' and t.email = ? and t.used_at is null and t.expires_at > ? and u.email <> t.email
  limit 1`;

/** @returns the account that an address belongs to or is reserved for, if any */
export async function holderOf(em: EntityManager, { services }: Operation, email: string): Promise<Holder | undefined> {
  const rows: Holder[] = await em.execute(holder, [email, email, email, services.clock.now()]);
  return rows[0];
}
