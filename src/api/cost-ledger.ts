import type { Clock } from '../clock.js';
import type { Logger } from '../operations/logging.js';
import { SharedWork } from '../operations/shared-work.js';
import { CostAccounts } from './cost-accounts.js';
import type { CostStore } from './cost-store.js';

/** All in milliseconds: least time between two words with the store, and how long it is waited for. */
const sharingPause = 100;
const sharingPatience = 1000;

/** The accounts of the present window, shared with the other processes a while after something was spent. */
export class CostLedger {
  /** Of the window that was present when it was last asked for. */
  accounts = new CostAccounts(0);
  private readonly sharing = new SharedWork(() => this.share(), sharingPause);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    /** Length of a window, in milliseconds. */
    private readonly length: number,
    private readonly store: CostStore,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  present(): CostAccounts {
    const now = this.clock.now().getTime();
    if (now >= this.accounts.end || now < this.accounts.end - this.length)
      this.accounts = new CostAccounts((Math.floor(now / this.length) + 1) * this.length);
    return this.accounts;
  }

  /** Until the window ends, in whole seconds. */
  get resetsIn(): number {
    return Math.max(1, Math.ceil((this.accounts.end - this.clock.now().getTime()) / 1000));
  }

  /** Something was spent: the store is told soon. */
  note(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.heard();
    }, sharingPause).unref();
  }

  /** Tells the store and reads the sums. @returns whether it has answered; while it is away, the local count goes on */
  async heard(): Promise<boolean> {
    let impatience: NodeJS.Timeout | undefined;
    const tooLate = new Promise<boolean>((resolve) => {
      impatience = setTimeout(resolve, sharingPatience, false);
    });
    const answer = this.sharing.run().then(
      () => true,
      (error) => {
        this.log.debug({ reason: error instanceof Error ? error.name : 'unknown' }, 'Costs could not be shared');
        this.note();
        return false;
      },
    );
    return Promise.race([answer, tooLate]).finally(() => clearTimeout(impatience));
  }

  /** Shares what is still to be told, so that a restart forgets nothing. */
  async close(): Promise<void> {
    if (this.accounts.hasNews) await this.heard();
    clearTimeout(this.timer);
  }

  private async share(): Promise<void> {
    const { accounts } = this;
    if (accounts.hasNews) await accounts.share((spent, windowEnd) => this.store.add(spent, windowEnd));
  }
}
