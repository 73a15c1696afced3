import type { Meter } from '../../operations/meter.js';
import { isRefusedAnywhere } from '../connection-failure.js';
import type { Route, Sql } from '../sql.js';
import type { Replica } from './replica.js';

/**
 * Where the lists of one operation are read: chosen once, so that a page and its count see the same database. When the
 * replica fails, the rest of the operation is read from the primary.
 */
export class ReplicaRoute implements Route {
  private chosen: Promise<Replica | undefined> | undefined;
  private replica: Replica | undefined;
  private hasFailed = false;

  constructor(
    private readonly choose: () => Promise<Replica | undefined>,
    private readonly meter: Meter,
  ) {}

  async place(): Promise<Sql | undefined> {
    this.chosen ??= this.choose();
    this.replica = await this.chosen;
    return this.hasFailed ? undefined : this.replica?.sql.within(this.meter);
  }

  takesBack(error: unknown): boolean {
    // The operation has ended, or the primary would say the same.
    if (this.meter.endedBy || isRefusedAnywhere(error)) return false;
    this.hasFailed = true;
    this.replica?.noteFailure(error);
    this.meter.forgive();
    return true;
  }
}
