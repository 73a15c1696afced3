import type { GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter, Store } from 'graphql-rate-limit';
import ipaddr from 'ipaddr.js';
import { normalizeIdentifier } from '../accounts/identifiers.js';
import type { Config, Rate } from '../config.js';
import type { Sql } from '../database/sql.js';
import { type CodedError, rateLimited } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { SecretBox } from '../secrets.js';
import { BudgetCounter } from './budget-counter.js';

export type LimitName = keyof Config['rateLimits'];

/** One budget: its size by name, and whose it is. */
export interface Limit {
  readonly name: LimitName;
  /** Separates this budget from others of the same name, of any length; undefined: nobody's, so nothing is counted. */
  readonly key: (context: Context, args: Record<string, unknown>) => string | undefined;
}

export const perAddress = (name: LimitName): Limit => ({
  name,
  key: ({ client }) => `address:${networkOf(client.address)}`,
});

/** One household or server has a whole IPv6 /64 to call from, so that counts as one address. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv6'
    ? parsed
        .toByteArray()
        .slice(0, 64 / 8)
        .join('.')
    : parsed.toString();
}

export const perCaller = (name: LimitName): Limit => ({
  name,
  key: ({ caller }) => (caller ? `caller:${caller.userId}` : undefined),
});

/**
 * For mail: whoever asks for it, one mailbox gets so much and no more, whether or not it has an account.
 * @param field of the input, holding an e-mail address
 */
export const perMailbox = (name: LimitName, field: string): Limit => ({
  name,
  key: (_context, args) => {
    const { input } = args as { input?: Record<string, unknown> };
    return `mailbox:${normalizeIdentifier(String(input?.[field]))}`;
  },
});

type Take = (
  budget: string,
  context: Context,
  args: Record<string, unknown>,
  info: GraphQLResolveInfo,
) => Promise<CodedError | undefined>;

/**
 * Counts every execution of a field: aliases, fragments, batches and sockets draw on one budget,
 * and so do all processes on the database.
 */
export class RateLimits {
  private readonly takers: Record<LimitName, Take>;

  /** @param secrets what can be guessed, as addresses can, is kept as digests under a key */
  constructor(
    config: Config['rateLimits'],
    sql: Sql,
    private readonly secrets: SecretBox,
  ) {
    const entries = Object.entries(config).map(([name, rate]) => [name, takerOf(name, rate, sql)]);
    this.takers = Object.fromEntries(entries) as Record<LimitName, Take>;
  }

  /** Takes one from each budget. @returns the error when one of them is used up */
  async take(
    limits: readonly Limit[],
    context: Context,
    args: Record<string, unknown>,
    info: GraphQLResolveInfo,
  ): Promise<CodedError | undefined> {
    for (const { name, key } of limits) {
      const owner = key(context, args);
      if (owner === undefined) continue;
      const budget = `${info.fieldName}:${this.secrets.derive('rate-limit', owner)}`;
      const exceeded = await this.takers[name](budget, context, args, info);
      if (exceeded) return exceeded;
    }
    return undefined;
  }
}

function takerOf(name: string, rate: Rate, sql: Sql): Take {
  const counter = new BudgetCounter(name, rate, sql);
  return async (budget, context, args, info) => {
    const store = new AtomicStore(counter, budget, rate.points);
    const limiter = getGraphQLRateLimiter({ identifyContext: () => budget, store });
    const parent = undefined;
    const exceeded = await limiter({ parent, args, context, info }, { max: 1, window: `${rate.seconds}s` });
    return exceeded ? rateLimited(store.retryAfter) : undefined;
  };
}

/** A store for graphql-rate-limit whose read is the atomic count; the library's own reads, then writes, and loses counts. */
class AtomicStore extends Store {
  /** In seconds. */
  retryAfter = 0;

  constructor(
    private readonly counter: BudgetCounter,
    private readonly budget: string,
    private readonly points: number,
  ) {
    super();
  }

  /** @returns one timestamp when the budget is used up, none otherwise: the library compares their number with its `max` */
  override async getForIdentity(): Promise<number[]> {
    const { number, freshIn } = await this.counter.take(this.budget);
    this.retryAfter = Math.max(1, Math.ceil(freshIn / 1000));
    return number > this.points ? [Date.now()] : [];
  }

  override setForIdentity(): void {}
}
