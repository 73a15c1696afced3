import type { ExecutionResult } from 'graphql';
import { type Clock, seconds } from '../clock.js';
import type { Rate } from '../config.js';
import { CodedError } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { Logger } from '../operations/logging.js';
import type { Caller } from '../policy/caller.js';
import { rowsCounted, rowsIn } from './answer-rows.js';
import { type Account, type CostAccounts, spentOf } from './cost-accounts.js';
import { CostLedger } from './cost-ledger.js';
import type { Costs } from './cost-store.js';
import { networkOf } from './networks.js';
import { noteRateLimited } from './note-refusal.js';
import type { Cost } from './operation-cost.js';

/**
 * Share of a budget that one process lets a caller spend before it has synchronized with the store. A single operation
 * may exceed it when nothing is unsent.
 */
const lead = 1 / 10;
/** Share of its account's budget that an API token may spend, so that a script cannot lock its owner out. */
const tokenShare = 1 / 2;
/**
 * Share of a budget up to which events are delivered. Beyond it a stream waits for the next window, so that queries
 * still run.
 */
const eventShare = 1 / 2;
/** From this share on, `extensions.cost` is sent without being requested. */
const tellingFrom = 1 / 2;

/** Highest number of points that an operation reserves, and pays, for the rows of its answer. */
const mostRows = 20_000;
/** Operations that reserve at most this many points for rows get no refund, so their answers need not be counted. */
const smallRows = 2;

/** An account to charge and the points it has per window. */
interface Purse {
  readonly account: Account;
  readonly points: number;
}

/** A caller's consumption in the current window, as `extensions.cost` reports it, in points. */
export interface CostUsage {
  readonly spent: number;
  readonly remaining: number;
  /** Time until the window ends, in seconds. */
  readonly resetsIn: number;
}

/** The points reserved for a running operation. */
interface Reservation {
  readonly accounts: CostAccounts;
  readonly purses: readonly Purse[];
  readonly cost: Cost;
  readonly taken: number;
}

/** An event that is delivered at once. */
interface Told {
  readonly result: ExecutionResult;
  /** Whether the client wants to be told its consumption. */
  readonly isAsked: boolean;
  /** Now. */
  readonly at: Date;
}

declare module '../graphql/context.js' {
  interface Context {
    reservation?: Reservation;
  }
}

/** Points of results that many streams tell. */
const counted = new WeakMap<ExecutionResult, number>();

/**
 * Limits the cost of one caller's operations per window. The caller is an account with all its sessions, an API token
 * (whose cost is also charged to its account), or the network address of an anonymous client. A process counts exactly
 * in memory and synchronizes with the other processes through Redis or the database, for all callers at once. Each process
 * may be ahead of them by a tenth of a budget; beyond that, operations wait for the next
 * synchronization. While neither is available each process counts alone.
 */
export class CostBudget {
  private readonly ledger: CostLedger;
  /** Those of the current window, because each event of a stream asks for them several times. */
  private known: { readonly accounts: CostAccounts; readonly purses: WeakMap<Caller, readonly Purse[]> } | undefined;

  constructor(
    private readonly rate: Rate,
    store: Costs,
    clock: Clock,
    log: Logger,
  ) {
    this.ledger = new CostLedger(seconds(rate.seconds), store, clock, log);
  }

  /**
   * Reserves what an operation may cost, before it runs. `settle` returns the unused part.
   * @returns a promise if the process has to synchronize first, otherwise nothing
   * @throws RATE_LIMITED with `retryAfter` in seconds when the budget does not suffice; nothing is charged then
   * @example
   * await budget.take(context, checkOperation(schema, { document, operationName, variables }));
   */
  take(context: Context, cost: Cost): void | Promise<void> {
    const taken = Math.ceil(cost.fixed + Math.min(cost.rows, mostRows));
    const purses = this.pursesWith(context, taken);
    if (purses.some((purse) => isAhead(purse, taken))) return this.takeOnceHeard(context, cost, taken);
    this.reserve(context, purses, cost, taken);
  }

  /** Refunds the points that were reserved but that the answer did not cost, unless the window has ended meanwhile. */
  settle({ reservation, meter }: Context): void {
    if (!reservation || reservation.cost.rows <= smallRows) return;
    const { accounts, purses, cost, taken } = reservation;
    const back = taken - Math.ceil(cost.fixed + Math.min(cost.rows, rowsCounted(meter.answered)));
    if (back > 0 && accounts === this.ledger.accounts) this.spend(purses, -back);
  }

  /** Whether a stream may deliver another event now. Its cost is charged afterwards, by `takeForEvent`. */
  hasForEvents(context: Context): boolean {
    return hasForEvents(this.pursesOf(context));
  }

  /** Charges the cost of a delivered event. */
  takeForEvent(context: Context, cost: Cost, result: ExecutionResult): void {
    this.takeAfterwards(context, pointsOf(cost, result));
  }

  /**
   * Does for a delivery at once what `hasForEvents`, `takeForEvent` and `tell` do, looking the accounts up once.
   * @returns the consumption if it is to be told; false, without a charge, when the stream has to wait
   */
  payForEvent(context: Context, cost: Cost, { result, isAsked, at }: Told): CostUsage | undefined | false {
    const purses = this.pursesOf(context, at);
    if (!hasForEvents(purses)) return false;
    this.spend(purses, pointsOf(cost, result));
    return this.tellOf(purses, isAsked);
  }

  /** Charges a cost that was not known beforehand; the budget may be exceeded by it. */
  takeAfterwards(context: Context, cost: number): void {
    this.spend(this.pursesOf(context), cost);
  }

  /**
   * Checks the budget before any part of the request is parsed.
   * @returns RATE_LIMITED when the caller has no points left
   */
  refusalOf(context: Context): CodedError | undefined {
    return this.refusal(context, this.pursesOf(context), 1);
  }

  /**
   * Returns the caller's consumption, of the account with the fewest points left.
   * @param isAsked whether the client requested it; otherwise it is returned only from `tellingFrom` on
   */
  tell(context: Context, isAsked = false): CostUsage | undefined {
    const { reservation } = context;
    // A stream lasts longer than the window in which it was paid for.
    const isOfNow = reservation?.accounts === this.ledger.present();
    return this.tellOf(reservation && isOfNow ? reservation.purses : this.pursesOf(context), isAsked);
  }

  private tellOf(purses: readonly Purse[], isAsked: boolean): CostUsage | undefined {
    if (!isAsked && !purses.some(({ account, points }) => spentOf(account) >= points * tellingFrom)) return undefined;
    return this.usage(purses.reduce((one, other) => (leftIn(other) < leftIn(one) ? other : one)));
  }

  /** Sends unsent costs to the other processes, so that a restart loses none. */
  close(): Promise<void> {
    return this.ledger.close();
  }

  private pursesOf(context: Context, at?: Date): readonly Purse[] {
    const { caller } = context;
    const accounts = this.ledger.present(at);
    // The client's address is determined lazily, so it is read for anonymous callers only.
    if (!caller) return [{ account: accounts.of(networkOf(context.client.address)), points: this.rate.points }];
    if (this.known?.accounts !== accounts) this.known = { accounts, purses: new WeakMap() };
    const purses = this.known.purses.get(caller) ?? this.pursesOfCaller(accounts, caller);
    this.known.purses.set(caller, purses);
    return purses;
  }

  private pursesOfCaller(accounts: CostAccounts, { userId, apiToken }: Caller): readonly Purse[] {
    const { points } = this.rate;
    const own = { account: accounts.of(userId), points };
    return apiToken ? [{ account: accounts.of(apiToken.id), points: points * tokenShare }, own] : [own];
  }

  /** @throws RATE_LIMITED when one account has less than `cost` left */
  private pursesWith(context: Context, cost: number): readonly Purse[] {
    const purses = this.pursesOf(context);
    const refusal = this.refusal(context, purses, cost);
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

  private refusal(context: Context, purses: readonly Purse[], cost: number): CodedError | undefined {
    const short = purses.find((purse) => cost > leftIn(purse));
    if (!short) return undefined;
    noteRateLimited(context, { limit: 'cost', of: context.caller ? 'caller' : 'address' });
    const usage = this.usage(short);
    const details = { retryAfter: usage.resetsIn, cost: { operation: cost, ...usage } };
    return new CodedError('RATE_LIMITED', 'The budget of this caller is spent for now.', details);
  }

  private usage(purse: Purse): CostUsage {
    const { resetsIn } = this.ledger;
    return { spent: spentOf(purse.account), remaining: Math.max(0, leftIn(purse)), resetsIn };
  }
}

const hasForEvents = (purses: readonly Purse[]): boolean =>
  purses.every(({ account, points }) => spentOf(account) < points * eventShare);

/** The cost of an event that is delivered. */
function pointsOf({ fixed }: Cost, result: ExecutionResult): number {
  const rows = counted.get(result) ?? rowsIn(result);
  counted.set(result, rows);
  return Math.ceil(fixed + rows);
}

const leftIn = ({ account, points }: Purse): number => points - spentOf(account);

/** Whether this process would spend too much of a budget without having synchronized with the others. */
const isAhead = ({ account: { sending, unshared }, points }: Purse, cost: number): boolean =>
  sending + unshared > 0 && sending + unshared + cost > points * lead;
