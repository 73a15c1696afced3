import { grantInForce } from '../access/grants.js';
import { Parameters } from '../database/keyset.js';
import type { Operation } from '../operation.js';
import { contains } from './search-text.js';

/** An account in the operator's list. */
export interface ListedAccount {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly isVerified: boolean;
  readonly isAdmin: boolean;
  /** Names of the roles in force, in alphabetical order. */
  readonly roles: readonly string[];
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
}

export interface AccountQuery {
  /** Part of a username, e-mail address, first or last name; case-insensitive. */
  readonly search?: string;
  /** Name of a role in force. */
  readonly role?: string;
  /** Only active ones, or only deactivated ones. */
  readonly isActive?: boolean;
}

const batchSize = 1000;

/** Lists accounts for the operator of the service, in the order of their names; reads them in batches. */
export async function* listAccounts({ services }: Operation, query: AccountQuery): AsyncGenerator<ListedAccount> {
  const { sql } = services.database;
  for (let after = ''; ; ) {
    const parameters = new Parameters();
    const where = [`u.username > ${parameters.add(after)}`, ...conditions(query, parameters, services)];
    const roles = `select r.name from role_grants g join roles r on r.id = g.role_id
      where g.user_id = u.id and ${grantInForce('g', parameters.add(services.clock.now()))} order by r.name`;
    const rows = await sql.rows<ListedAccount>(
      `select u.id, u.username, u.email, u.is_active as "isActive", u.is_verified as "isVerified", u.is_admin as "isAdmin",
         array(${roles}) as roles, u.created_at as "createdAt", u.last_login_at as "lastLoginAt"
       from users u where ${where.join(' and ')} order by u.username limit ${batchSize}`,
      parameters.values,
    );
    yield* rows;
    const last = rows.at(-1);
    if (rows.length < batchSize || !last) return;
    after = last.username;
  }
}

function conditions(
  { search, role, isActive }: AccountQuery,
  parameters: Parameters,
  { clock, searchIndex }: Operation['services'],
): string[] {
  const found: string[] = [];
  if (isActive !== undefined) found.push(`u.is_active = ${parameters.add(isActive)}`);
  if (search) found.push(contains(search.normalize('NFKC'), searchIndex.isUsable, (text) => parameters.add(text)));
  if (role !== undefined)
    found.push(`exists (select from role_grants g join roles r on r.id = g.role_id where g.user_id = u.id
      and lower(r.name) = lower(${parameters.add(role)}) and ${grantInForce('g', parameters.add(clock.now()))})`);
  return found;
}
