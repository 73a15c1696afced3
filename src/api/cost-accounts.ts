import type { Points } from './cost-store.js';

/** Of one process and window. Whoever is forgotten is known again once the store has answered. */
const mostAccounts = 50_000;

/** What one caller has spent in the present window, as far as this process knows. */
export interface Account {
  readonly owner: string;
  /** In all processes, when the store was last asked. */
  shared: number;
  /** On its way to the store. */
  sending: number;
  /** Here, since. */
  unshared: number;
}

export const spentOf = ({ shared, sending, unshared }: Account): number => shared + sending + unshared;

/** The accounts of one window. Windows begin and end at the same instant for everybody, so all begin anew together. */
export class CostAccounts {
  private readonly accounts = new Map<string, Account>();
  private news = new Set<Account>();

  /** @param end of the window, in milliseconds since 1970 */
  constructor(readonly end: number) {}

  of(owner: string): Account {
    const known = this.accounts.get(owner);
    if (known) return known;
    const account = { owner, shared: 0, sending: 0, unshared: 0 };
    this.accounts.set(owner, account);
    if (this.accounts.size > mostAccounts) this.forgetOldest();
    return account;
  }

  spend(account: Account, cost: number): void {
    account.unshared += cost;
    this.news.add(account);
  }

  get hasNews(): boolean {
    return this.news.size > 0;
  }

  /** Tells the store what is new. What could not be told is told the next time. */
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
