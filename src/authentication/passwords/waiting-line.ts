/** How many of those known to the service have their turn in a row while a stranger waits: strangers get every fourth. */
const mostInARow = 3;

/**
 * An order in which those known to the service go before strangers, without shutting strangers out. An account has
 * one place before strangers at a time; whatever else is asked for it meanwhile waits as a stranger does. So nobody
 * holds up others by many requests for accounts of their own.
 */
export class WaitingLine<Item> {
  private readonly known: { readonly item: Item; readonly account: string }[] = [];
  private readonly strangers: Item[] = [];
  private readonly accounts = new Set<string>();
  /** How many known ones have had their turn since a stranger had, or since none waited. */
  private inARow = 0;

  get size(): number {
    return this.known.length + this.strangers.length;
  }

  /** @param account whose owner is known to the service; undefined: a stranger */
  add(item: Item, account: string | undefined): void {
    if (!this.goesFirst(account)) return void this.strangers.push(item);
    this.accounts.add(account);
    this.known.push({ item, account });
  }

  /** Takes out whose turn it is. */
  next(): Item | undefined {
    const isStrangersTurn = this.known.length === 0 || (this.strangers.length > 0 && this.inARow >= mostInARow);
    if (isStrangersTurn) {
      this.inARow = 0;
      return this.strangers.shift();
    }
    const first = this.known.shift();
    if (first) this.accounts.delete(first.account);
    this.inARow = this.strangers.length > 0 ? this.inARow + 1 : 0;
    return first?.item;
  }

  /** How many have their turn before one that would be added now, if nobody comes after it. */
  ahead(account: string | undefined): number {
    const [known, strangers] = [this.known.length, this.strangers.length];
    if (this.goesFirst(account)) return known + Math.min(strangers, Math.floor((this.inARow + known) / mostInARow));
    return strangers + Math.min(known, mostInARow * (strangers + 1) - this.inARow);
  }

  private goesFirst(account: string | undefined): account is string {
    return account !== undefined && !this.accounts.has(account);
  }
}
