import { type CacheUse, SignalledCache } from '../database/signalled-cache.js';
import type { Signals } from '../database/signals.js';
import type { Sql } from '../database/sql.js';
import type { Transaction } from '../database/transaction.js';
import { type BookedRole, bookOf, type RoleBook, type RoleRow } from '../policy/role-book.js';
import { livingRoles } from './role-rows.js';

declare module '../services.js' {
  interface Services {
    readonly roleCatalogue: RoleCatalogue;
  }
}

const all = livingRoles();
const named = livingRoles('r.id in (select value::uuid from json_array_elements_text($1::json))');

const key = 'roles';

/**
 * The roles that exist now and what they permit. They are few and change seldom, so they are kept in memory, and
 * decisions and lists of users read only ids of roles.
 */
export class RoleCatalogue {
  private readonly books: SignalledCache<RoleBook>;

  constructor(
    private readonly sql: Sql,
    signals: Signals,
  ) {
    this.books = new SignalledCache(signals, { topics: ['roles'], bounds: { max: 1 } });
  }

  get cacheUse(): CacheUse {
    return this.books.use;
  }

  /** @returns all roles that are not deleted: from the cache, or read from the database when it cannot be used */
  async current(): Promise<RoleBook> {
    return this.books.peek(key) ?? this.books.get(key, () => this.read());
  }

  /** Reads only these roles, within a transaction, for decisions under its locks. */
  async within(tx: Transaction, ids: readonly string[]): Promise<RoleBook> {
    return bookOf(await tx.rows<RoleRow>(named, [JSON.stringify(ids)]));
  }

  /**
   * @param idLists each a list of role ids, sorted and joined by commas
   * @returns the roles of each list, highest level first
   */
  async pick(idLists: readonly string[]): Promise<(readonly BookedRole[])[]> {
    const book = await this.current();
    return idLists.map((list) => book.rulesOfList(list).roles);
  }

  private async read(): Promise<RoleBook> {
    return bookOf(await this.sql.rows<RoleRow>(all));
  }
}
