import type { Signals } from './signals.js';

/**
 * The lock belongs to the session, which a further call would take it a second time for; hence the look at what it holds.
 */
const take = `
  select exists (
    select from pg_locks where locktype = 'advisory' and objid = $1::text::oid and pid = pg_backend_pid() and granted
  ) or pg_try_advisory_lock($1::text::bigint) as held`;

/**
 * An advisory lock that one process at a time holds, as long as its signal connection lasts: when the process dies, the
 * database frees the lock at once. Behind a pooler in transaction mode nobody may hold it, or several may think so: what is
 * done under it must be safe to do twice at a time, and must be looked after by the others.
 */
export class Leadership {
  private held = false;

  /** @param lock one of `advisoryLocks` */
  constructor(
    private readonly signals: Signals,
    private readonly lock: number,
  ) {
    signals.on('reset', () => {
      this.held = false;
    });
  }

  /** As of the last call of `take`. */
  get isHeld(): boolean {
    return this.held;
  }

  /** Takes the lock if it is free. @returns whether this process holds it; false while it cannot ask */
  async take(): Promise<boolean> {
    if (!this.held)
      this.held = await this.signals.ask<{ held: boolean }>(take, [String(this.lock)]).then(
        ([row]) => row?.held ?? false,
        () => false,
      );
    return this.held;
  }
}
