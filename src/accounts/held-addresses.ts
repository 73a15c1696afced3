import type { Transaction } from '../database/transaction.js';
import { type Recipient, spokenColumns } from '../mail/recipient.js';
import type { Operation } from '../operation.js';

/** As a recipient at the address that was looked up. */
interface Holder extends Recipient {
  readonly id: string;
}

/** A previous address stays reserved for its owner while the change can be undone. */
const holder = `
  select u.id, u.username, $1::text as email, ${spokenColumns} from users u where u.email = $1
  union all
  select u.id, u.username, t.email, ${spokenColumns} from mailed_tokens t join users u on u.id = t.user_id
  where t.purpose = 'undo-email-change' and t.email = $1 and t.used_at is null and t.expires_at > $2 and u.email <> t.email
  limit 1`;

/** @returns the account that an address belongs to or is reserved for, if any */
export function holderOf(tx: Transaction, { services }: Operation, email: string): Promise<Holder | undefined> {
  return tx.row(holder, [email, services.clock.now()]);
}
