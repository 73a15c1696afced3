import { isUuid } from '../database/uuid.js';
import { refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { identifierColumn } from './identifier-column.js';
import { normalizeIdentifier } from './identifiers.js';

/** An account as its operator names it. */
export interface FoundAccount {
  readonly id: string;
  readonly username: string;
}

/**
 * Finds the account that the operator of the service means.
 * @param named username, e-mail address or id
 * @throws Refusal NOT_FOUND
 */
export async function findAccount({ services }: Operation, named: string): Promise<FoundAccount> {
  const normalized = normalizeIdentifier(named);
  const column = isUuid(normalized) ? 'id' : identifierColumn(normalized);
  const text = `select id, username from users where ${column} = $1`;
  const account = await services.database.sql.row<FoundAccount>(text, [normalized]);
  if (!account) throw refuse('NOT_FOUND', 'There is no account of this name, address or id.');
  return account;
}
