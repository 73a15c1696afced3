import type { EntityManager } from '@mikro-orm/postgresql';
import { rowsWithin } from '../database/rows-within.js';
import type { Signals } from '../database/signals.js';
import type { Sql } from '../database/sql.js';
import { SharedWork } from '../operations/shared-work.js';
import { type BookedRole, bookOf, type RoleBook, type RoleRow } from '../policy/role-book.js';
import { livingRoles } from './role-rows.js';

declare module '../services.js' {
  interface Services {
    readonly roleCatalogue: RoleCatalogue;
  }
}

const all = livingRoles();
const named = livingRoles('r.id in (select value::uuid from json_array_elements_text($1::json))');

/**
 * Cache of all roles that are not deleted, with their permissions. They are few and change rarely, so decisions and
 * lists of users read only role ids from the database. Every process drops its cache as soon as a commit changes a
 * role, and does not use it while signals do not arrive.
 */
export class RoleCatalogue {
  private book: RoleBook | undefined;
  /** Counts invalidations: a read that started before a change must not fill the cache after it. */
  private changes = 0;
  /** Concurrent callers without a usable cache share one read. */
  private readonly reading = new SharedWork(() => this.read());

  constructor(
    private readonly sql: Sql,
    private readonly signals: Signals,
  ) {
    for (const topic of ['roles', 'reset'] as const) signals.on(topic, () => this.forget());
  }

  /** @returns all roles that are not deleted: from the cache, or read from the database when it cannot be used */
  async current(): Promise<RoleBook> {
    // The common case does not wait.
    if (this.book && this.signals.isListening) return this.book;
    return (await this.remembered()) ?? this.reading.run();
  }

  /** Reads only these roles, within a transaction, for decisions under its locks. */
  async within(em: EntityManager, ids: readonly string[]): Promise<RoleBook> {
    return bookOf(await rowsWithin<RoleRow>(em, named, [JSON.stringify(ids)]));
  }

  /**
   * @param idLists each a list of role ids, sorted and joined by commas
   * @returns the roles of each list, highest level first
   */
  async pick(idLists: readonly string[]): Promise<(readonly BookedRole[])[]> {
    const book = await this.current();
    return idLists.map((list) => book.rulesOfList(list).roles);
  }

  private async remembered(): Promise<RoleBook | undefined> {
    return this.book && (await this.signals.hears()) ? this.book : undefined;
  }

  private async read(): Promise<RoleBook> {
    // A caller that came during a read waits for the next one, and can use the result of the first if it is still
    // valid.
    const known = await this.remembered();
    if (known) return known;
    const before = this.changes;
    const book = bookOf(await this.sql.rows<RoleRow>(all));
    if (before === this.changes) this.book = book;
    return book;
  }

  private forget(): void {
    this.changes += 1;
    this.book = undefined;
  }
}
