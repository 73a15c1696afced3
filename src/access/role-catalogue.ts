import type { Signals } from '../database/signals.js';
import type { Sql } from '../database/sql.js';
import type { Role } from './role.entity.js';
import { allRoles } from './role-rows.js';

/** Sets of roles remembered at most; users hold few different ones. */
const mostSets = 10_000;

/**
 * Finds the roles behind lists of ids: roles are few and change seldom, so lists of users read ids alone.
 * Forgotten in every process as soon as a commit changes a role, and not used while that cannot be heard.
 */
export class RoleCatalogue {
  private readonly sets = new Map<string, readonly Role[]>();
  /** Counts what was forgotten: roles read before a change must not be remembered after it. */
  private changes = 0;

  constructor(
    private readonly sql: Sql,
    private readonly signals: Signals,
  ) {
    for (const topic of ['roles', 'reset'] as const) signals.on(topic, () => this.forget());
  }

  /**
   * @param idLists ids joined by commas
   * @returns for each list its roles, highest first
   */
  async pick(idLists: readonly string[]): Promise<(readonly Role[])[]> {
    if (!this.signals.isListening) this.forget();
    const isKnown = idLists.every((list) => this.sets.has(list));
    const sets = isKnown ? this.sets : await this.read(idLists);
    return idLists.map((list) => sets.get(list) ?? []);
  }

  private async read(idLists: readonly string[]): Promise<Map<string, readonly Role[]>> {
    const before = this.changes;
    const all = await allRoles(this.sql);
    const read = new Map(idLists.map((list) => [list, rolesIn(list, all)]));
    const isCurrent = before === this.changes && this.signals.isListening;
    if (isCurrent && this.sets.size + read.size <= mostSets)
      for (const [list, roles] of read) this.sets.set(list, roles);
    return read;
  }

  private forget(): void {
    this.changes += 1;
    this.sets.clear();
  }
}

/** `all` is in order already. */
function rolesIn(list: string, all: readonly Role[]): readonly Role[] {
  const ids = new Set(list.split(','));
  return all.filter(({ id }) => ids.has(id));
}
