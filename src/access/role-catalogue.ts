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
 * The roles there are now and what they permit: few, and they change seldom, so decisions and lists of users read
 * ids alone. Forgotten in every process as soon as a commit changes one, and not used while that cannot be heard.
 */
export class RoleCatalogue {
  private book: RoleBook | undefined;
  /** Counts what was forgotten: roles read before a change must not be remembered after it. */
  private changes = 0;
  /** A crowd that finds nothing to believe reads once. */
  private readonly reading = new SharedWork(() => this.read());

  constructor(
    private readonly sql: Sql,
    private readonly signals: Signals,
  ) {
    for (const topic of ['roles', 'reset'] as const) signals.on(topic, () => this.forget());
  }

  async current(): Promise<RoleBook> {
    // The common case waits for nothing.
    if (this.book && this.signals.isListening) return this.book;
    return (await this.remembered()) ?? this.reading.run();
  }

  /** These roles alone, as a transaction finds them: for what is decided under its locks. */
  async within(em: EntityManager, ids: readonly string[]): Promise<RoleBook> {
    return bookOf(await rowsWithin<RoleRow>(em, named, [JSON.stringify(ids)]));
  }

  /**
   * @param idLists ids joined by commas
   * @returns for each list its roles, highest first
   */
  async pick(idLists: readonly string[]): Promise<(readonly BookedRole[])[]> {
    const book = await this.current();
    return idLists.map((list) => book.rulesOfList(list).roles);
  }

  private async remembered(): Promise<RoleBook | undefined> {
    return this.book && (await this.signals.hears()) ? this.book : undefined;
  }

  private async read(): Promise<RoleBook> {
    // Whoever asked during a reading waits for the next, and need not where the first is believed by now.
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
