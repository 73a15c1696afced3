import type { ExecutionResult } from 'graphql';
import { type Clock, seconds } from '../clock.js';
import type { Rate } from '../config.js';
import { CodedError } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { Logger } from '../operations/logging.js';
import { rowsCounted, rowsIn } from './answer-rows.js';
import { type Account, type CostAccounts, spentOf } from './cost-accounts.js';
import { CostLedger } from './cost-ledger.js';
import type { CostStore } from './cost-store.js';
import type { Cost } from './limits.js';
import { networkOf } from './rate-limits.js';

/** What one process lets a caller spend ahead of the store: this part of the budget, or one operation. */
const lead = 1 / 10;
/** An API token has this part of its account's budget, so that a script cannot shut its owner out. */
const tokenShare = 1 / 2;
/** Events may take this part: a stream waits for the next window then, and queries go on. */
const eventShare = 1 / 2;
/** From this part on it is told without being asked for. */
const tellingFrom = 1 / 2;

/** In points: no operation puts more aside, and one whose answer comes to more pays this. */
const mostRows = 20_000;
/** Below this, in points, nobody counts what has come. */
const smallRows = 2;

/** Whose a cost is, and how much that one has in a window. */
interface Purse {
  readonly account: Account;
  readonly points: number;
}

/** Where a caller stands, as `extensions.cost` tells it. */
export interface Standing {
  readonly spent: number;
  readonly remaining: number;
  /** In seconds. */
  readonly resetsIn: number;
}

/** What was taken for an operation that is under way. */
interface Reservation {
  readonly accounts: CostAccounts;
  readonly purses: readonly Purse[];
  readonly cost: Cost;
  readonly taken: number;
}

declare module '../graphql/context.js' {
  interface Context {
    reservation?: Reservation;
  }
}

/**
 * How much one caller may ask for in a window: an account with all its sessions, an API token (whose cost is its account's,
 * too), a network address for whoever is anonymous. A process counts in its memory, exactly, and shares its counts
 * with the others through the database, for all callers in one statement. Each other process can be ahead by a tenth of
 * a budget at most: who would be further waits until the store has answered. While it is away each process counts for itself.
 */
export class CostBudget {
  private readonly ledger: CostLedger;

  constructor(
    private readonly rate: Rate,
    store: CostStore,
    clock: Clock,
    log: Logger,
  ) {
    this.ledger = new CostLedger(seconds(rate.seconds), store, clock, log);
  }

  /**
   * Takes what an operation may cost, before it runs. A promise where the store has to be heard first.
   * @throws RATE_LIMITED with `retryAfter`; then nothing is taken
   */
  take(context: Context, cost: Cost): void | Promise<void> {
    const taken = Math.ceil(cost.fixed + Math.min(cost.rows, mostRows));
    const purses = this.pursesWith(context, taken);
    if (purses.some((purse) => isAhead(purse, taken))) return this.takeOnceHeard(context, cost, taken);
    this.reserve(context, purses, cost, taken);
  }

  /** Gives back what the answer did not cost. */
  settle({ reservation, meter }: Context): void {
    if (!reservation || reservation.cost.rows <= smallRows) return;
    const { accounts, purses, cost, taken } = reservation;
    const back = taken - Math.ceil(cost.fixed + Math.min(cost.rows, rowsCounted(meter.answered)));
    if (back > 0 && accounts === this.ledger.accounts) this.spend(purses, -back);
  }

  /** Whether a stream may tell another event now; what it costs is taken afterwards. */
  hasForEvents(context: Context): boolean {
    return this.pursesOf(context).every(({ account, points }) => spentOf(account) < points * eventShare);
  }

  /** Takes the cost of an event that is told. */
  takeForEvent(context: Context, { fixed }: Cost, result: ExecutionResult): void {
    this.takeAfterwards(context, Math.ceil(fixed + rowsIn(result)));
  }

  /** Takes what was not known beforehand. */
  takeAfterwards(context: Context, cost: number): void {
    this.spend(this.pursesOf(context), cost);
  }

  /** Asked before anything is read of what is wanted. @returns RATE_LIMITED when nothing is left */
  refusalOf(context: Context): CodedError | undefined {
    return this.refusal(this.pursesOf(context), 1);
  }

  /** @param isAsked whether the client wants to know; otherwise it is told once it matters */
  tell(context: Context, isAsked = false): Standing | undefined {
    const purses = context.reservation?.purses ?? this.pursesOf(context);
    if (!isAsked && !purses.some(({ account, points }) => spentOf(account) >= points * tellingFrom)) return undefined;
    return this.standing(purses.reduce((one, other) => (leftIn(other) < leftIn(one) ? other : one)));
  }

  close(): Promise<void> {
    return this.ledger.close();
  }

  private pursesOf(context: Context): readonly Purse[] {
    const { caller } = context;
    const accounts = this.ledger.present();
    const { points } = this.rate;
    // Where somebody calls from is worked out when it is asked for.
    if (!caller) return [{ account: accounts.of(networkOf(context.client.address)), points }];
    const own = { account: accounts.of(caller.userId), points };
    return caller.apiToken ? [{ account: accounts.of(caller.apiToken.id), points: points * tokenShare }, own] : [own];
  }

  /** @throws RATE_LIMITED where so much is not left */
  private pursesWith(context: Context, cost: number): readonly Purse[] {
    const purses = this.pursesOf(context);
    const refusal = this.refusal(purses, cost);
    if (refusal) throw refusal;
    return purses;
  }

  private async takeOnceHeard(context: Context, cost: Cost, taken: number): Promise<void> {
    for (let isHeard = true; ; ) {
      isHeard = await this.ledger.heard();
      const purses = this.pursesWith(context, taken);
      if (isHeard && purses.some((purse) => isAhead(purse, taken))) continue;
      return this.reserve(context, purses, cost, taken);
    }
  }

  private reserve(context: Context, purses: readonly Purse[], cost: Cost, taken: number): void {
    this.spend(purses, taken);
    context.reservation = { accounts: this.ledger.accounts, purses, cost, taken };
  }

  private spend(purses: readonly Purse[], cost: number): void {
    for (const { account } of purses) this.ledger.accounts.spend(account, cost);
    this.ledger.note();
  }

  private refusal(purses: readonly Purse[], cost: number): CodedError | undefined {
    const short = purses.find((purse) => cost > leftIn(purse));
    if (!short) return undefined;
    const standing = this.standing(short);
    const details = { retryAfter: standing.resetsIn, cost: { operation: cost, ...standing } };
    return new CodedError('RATE_LIMITED', 'The budget of this caller is spent for now.', details);
  }

  private standing(purse: Purse): Standing {
    const { resetsIn } = this.ledger;
    return { spent: spentOf(purse.account), remaining: Math.max(0, leftIn(purse)), resetsIn };
  }
}

const leftIn = ({ account, points }: Purse): number => points - spentOf(account);

/** Whether a process would spend too much of a budget before it has heard from the others. */
const isAhead = ({ account: { sending, unshared }, points }: Purse, cost: number): boolean =>
  sending + unshared > 0 && sending + unshared + cost > points * lead;
