import type { Clock } from '../clock.js';
import type { Logger } from '../operations/logging.js';
import { SharedWork } from '../operations/shared-work.js';
import { CostAccounts } from './cost-accounts.js';
import type { Costs } from './cost-store.js';

/** Both in milliseconds: the least time between two exchanges with the store, and how long a caller waits for one. */
const sharingPause = 100;
const longestSharing = 1000;

/**
 * The accounts of the current window. They are synchronized with the other processes shortly after something is spent.
 */
export class CostLedger {
  /** Accounts of the window that was current when `present` was last called. */
  accounts = new CostAccounts(0);
  private readonly sharing = new SharedWork(() => this.share(), sharingPause);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    /** Length of a window, in milliseconds. */
    private readonly length: number,
    private readonly store: Costs,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Returns the accounts of the current window and starts a new window when the last one has ended. */
  present(at = this.clock.now()): CostAccounts {
    const now = at.getTime();
    if (now >= this.accounts.end || now < this.accounts.end - this.length)
      this.accounts = new CostAccounts((Math.floor(now / this.length) + 1) * this.length);
    return this.accounts;
  }

  /** Time until the window ends, in whole seconds, at least 1. */
  get resetsIn(): number {
    return Math.max(1, Math.ceil((this.accounts.end - this.clock.now().getTime()) / 1000));
  }

  /** Schedules a synchronization after something was spent. */
  note(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.heard();
    }, sharingPause).unref();
  }

  /**
   * Synchronizes with the store.
   * @returns whether the store answered in time; if not, the local count goes on and another attempt is scheduled
   */
  async heard(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, longestSharing, false);
    });
    const answer = this.sharing.run().then(
      () => true,
      (error) => {
        this.log.debug({ reason: error instanceof Error ? error.name : 'unknown' }, 'Costs could not be shared');
        this.note();
        return false;
      },
    );
    return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
  }

  /** Sends unsent spending, so that a restart loses none. */
  async close(): Promise<void> {
    if (this.accounts.hasNews) await this.heard();
    clearTimeout(this.timer);
  }

  private async share(): Promise<void> {
    const { accounts } = this;
    if (accounts.hasNews) await accounts.share((spent, windowEnd) => this.store.add(spent, windowEnd));
  }
}
