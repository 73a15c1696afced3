import type { Points } from './cost-store.js';

/**
 * Per process and window. The oldest account is dropped beyond this; its count comes back with the store's next answer.
 */
const mostAccounts = 50_000;

/** What one caller has spent in the current window, as far as this process knows, in points. */
export interface Account {
  readonly owner: string;
  /** Sum over all processes when the store last answered. */
  shared: number;
  /** Part of the local spending that is being sent to the store. */
  sending: number;
  /** Spent in this process since the last send. */
  unshared: number;
}

/** All that a caller has spent in the window, as far as this process knows, in points. */
export const spentOf = ({ shared, sending, unshared }: Account): number => shared + sending + unshared;

/**
 * The accounts of one window. Windows start and end at the same instants for all callers, so each window gets a new
 * instance.
 */
export class CostAccounts {
  private readonly accounts = new Map<string, Account>();
  private news = new Set<Account>();

  /** @param end end of the window, in milliseconds since 1970 */
  constructor(readonly end: number) {}

  /** Returns the account of a caller, and starts one at 0 if there is none. */
  of(owner: string): Account {
    const known = this.accounts.get(owner);
    if (known) return known;
    const account = { owner, shared: 0, sending: 0, unshared: 0 };
    this.accounts.set(owner, account);
    if (this.accounts.size > mostAccounts) this.forgetOldest();
    return account;
  }

  /**
   * Charges an account.
   * @param cost in points; negative for a refund
   */
  spend(account: Account, cost: number): void {
    account.unshared += cost;
    this.news.add(account);
  }

  get hasNews(): boolean {
    return this.news.size > 0;
  }

  /**
   * Sends unsent spending to the store and takes over the sums it returns. If that fails, the amounts stay unsent and
   * go with the next call.
   * @throws the error of `tell`
   */
  async share(tell: (spent: Points, windowEnd: number) => Promise<Points>): Promise<void> {
    const { news } = this;
    this.news = new Set();
    for (const account of news) send(account);
    try {
      const sums = await tell(new Map([...news].map(({ owner, sending }) => [owner, sending])), this.end);
      for (const account of news) settle(account, sums.get(account.owner) ?? account.shared + account.sending);
    } catch (error) {
      for (const account of news) this.takeBack(account);
      throw error;
    }
  }

  private forgetOldest(): void {
    const [oldest] = this.accounts.keys();
    if (oldest !== undefined) this.accounts.delete(oldest);
  }

  private takeBack(account: Account): void {
    account.unshared += account.sending;
    account.sending = 0;
    this.news.add(account);
  }
}

function send(account: Account): void {
  account.sending = account.unshared;
  account.unshared = 0;
}

function settle(account: Account, sum: number): void {
  account.shared = sum;
  account.sending = 0;
}
