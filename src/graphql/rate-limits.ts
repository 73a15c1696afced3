import { createHash } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter, Store } from 'graphql-rate-limit';
import ipaddr from 'ipaddr.js';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { normalizeIdentifier } from '../accounts/identifiers.js';
import type { Config, Rate } from '../config.js';
import type { Sql } from '../database/sql.js';
import { type CodedError, rateLimited } from '../errors.js';
import type { Context } from './context.js';

export type LimitName = keyof Config['rateLimits'];

/** One budget: its size by name, and whose it is. */
export interface Limit {
  readonly name: LimitName;
  /** Separates this budget from others of the same name; undefined: nobody's, so nothing is counted. */
  readonly key: (context: Context, args: Record<string, unknown>) => string | undefined;
}

export const perAddress = (name: LimitName): Limit => ({
  name,
  key: ({ client }) => `address:${networkOf(client.address)}`,
});

/** One household or server has a whole IPv6 /64 to call from, so that counts as one address. */
function networkOf(address: string): string {
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
    return `mailbox:${digest(normalizeIdentifier(String(input?.[field])))}`;
  },
});

/** Keys have a bounded length and tell nobody's address. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

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

  constructor(config: Config['rateLimits'], sql: Sql) {
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
      const exceeded = owner && (await this.takers[name](`${info.fieldName}:${owner}`, context, args, info));
      if (exceeded) return exceeded;
    }
    return undefined;
  }
}

function takerOf(name: string, { points, seconds }: Rate, sql: Sql): Take {
  const counter = new RateLimiterPostgres({
    storeClient: sql.pool,
    tableName: 'rate_limits',
    tableCreated: true,
    keyPrefix: name,
    points,
    duration: seconds,
    // Once a budget is used up, the process that saw it refuses without asking the database.
    inMemoryBlockOnConsumed: points + 1,
  });
  return async (budget, context, args, info) => {
    const store = new AtomicStore(counter, budget, points);
    const limiter = getGraphQLRateLimiter({ identifyContext: () => budget, store });
    const parent = undefined;
    const exceeded = await limiter({ parent, args, context, info }, { max: points, window: `${seconds}s` });
    return exceeded ? rateLimited(store.retryAfter) : undefined;
  };
}

/** A store for graphql-rate-limit whose read is the atomic count; the library's own reads, then writes, and loses counts. */
class AtomicStore extends Store {
  /** In seconds. */
  retryAfter = 0;

  constructor(
    private readonly counter: RateLimiterPostgres,
    private readonly budget: string,
    private readonly points: number,
  ) {
    super();
  }

  /** @returns as many timestamps as there were executions before this one in the window */
  override async getForIdentity(): Promise<number[]> {
    const { consumedPoints, msBeforeNext } = await this.consume();
    this.retryAfter = Math.max(1, Math.ceil(msBeforeNext / 1000));
    return new Array(Math.min(consumedPoints - 1, this.points)).fill(Date.now());
  }

  override setForIdentity(): void {}

  private async consume(): Promise<RateLimiterRes> {
    try {
      return await this.counter.consume(this.budget);
    } catch (result) {
      // The library rejects with the count when the budget is used up, and with an Error when the count failed.
      // A refusal out of the library's memory comes without the count.
      if (result instanceof RateLimiterRes) return Object.assign(result, { consumedPoints: this.points + 1 });
      throw result;
    }
  }
}
