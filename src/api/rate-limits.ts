import type { GraphQLResolveInfo } from 'graphql';
import { getGraphQLRateLimiter, Store } from 'graphql-rate-limit';
import { normalizeIdentifier } from '../accounts/identifiers.js';
import type { Config, Rate } from '../config.js';
import { type CodedError, rateLimited } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { SecretBox } from '../secrets.js';
import type { CountPlaces } from './count-places.js';
import { networkOf } from './networks.js';
import { noteRateLimited } from './note-refusal.js';
import { RateCounter } from './rate-counter.js';
import { rateCounts } from './rate-counts.js';

type Sizes = Config['rateLimits'];

/** What has no variable of its own in the configuration shares the size of another limit. Counts are never shared. */
const sizesOf = (sizes: Sizes) => ({
  ...sizes,
  /** Uses of links and codes that were mailed. */
  mailedLink: sizes.login,
  preview: sizes.mutation,
  subscription: sizes.mutation,
});

type LimitName = keyof ReturnType<typeof sizesOf>;

/** A rate limit of a field: the name of its size in the configuration, and whose calls it counts. */
export interface Limit {
  readonly name: LimitName;
  /** Whose calls are counted. */
  readonly of: 'address' | 'caller' | 'mailbox';
  /** Identifies whose calls are counted together; may be of any length. Undefined: the call is not counted. */
  readonly key: (context: Context, args: Record<string, unknown>) => string | undefined;
}

/** Limits calls per client address; see networks.ts. */
export const perAddress = (name: LimitName): Limit => ({
  name,
  of: 'address',
  key: ({ client }) => `address:${networkOf(client.address)}`,
});

/** Limits calls per account, across its sessions and API tokens. Anonymous calls are not counted. */
export const perCaller = (name: LimitName): Limit => ({
  name,
  of: 'caller',
  key: ({ caller }) => (caller ? `caller:${caller.userId}` : undefined),
});

/**
 * Limits mail to one address, whoever requests it and whether or not the address has an account.
 * @param field field of the input that holds the e-mail address
 */
export const perMailbox = (name: LimitName, field: string): Limit => ({
  name,
  of: 'mailbox',
  key: (_context, args) => {
    const { input } = args as { input?: Record<string, unknown> };
    return `mailbox:${normalizeIdentifier(String(input?.[field]))}`;
  },
});

type Take = (
  key: string,
  context: Context,
  args: Record<string, unknown>,
  info: GraphQLResolveInfo,
) => Promise<CodedError | undefined>;

/**
 * Counts every execution of a field. Aliases, fragments, batches and sockets draw on the same counter, and so do all
 * processes that share the database and Redis.
 */
export class RateLimits {
  private readonly takers: Record<LimitName, Take>;

  /** @param secrets keys the digests of owners; plain hashes of addresses could be reversed by guessing */
  constructor(
    sizes: Sizes,
    places: CountPlaces,
    private readonly secrets: SecretBox,
  ) {
    const entries = Object.entries(sizesOf(sizes)).map(([name, rate]) => [name, takerOf(name, rate, places)]);
    this.takers = Object.fromEntries(entries) as Record<LimitName, Take>;
  }

  /**
   * Counts one call against each limit, in order, and stops at the first that is exceeded.
   * @returns RATE_LIMITED with `retryAfter` in seconds when a limit is exceeded, otherwise undefined
   * @example
   * const exceeded = await rateLimits.take([perAddress('login')], context, args, info);
   * if (exceeded) throw exceeded;
   */
  async take(
    limits: readonly Limit[],
    context: Context,
    args: Record<string, unknown>,
    info: GraphQLResolveInfo,
  ): Promise<CodedError | undefined> {
    for (const { name, of, key } of limits) {
      const owner = key(context, args);
      if (owner === undefined) continue;
      const counterKey = `${info.fieldName}:${this.secrets.derive('rate-limit', owner)}`;
      const exceeded = await this.takers[name](counterKey, context, args, info);
      if (!exceeded) continue;
      noteRateLimited(context, { limit: name, of, field: `${info.parentType.name}.${info.fieldName}` });
      return exceeded;
    }
    return undefined;
  }
}

function takerOf(name: string, rate: Rate, places: CountPlaces): Take {
  const counter = new RateCounter(rateCounts(name, rate, places));
  return async (key, context, args, info) => {
    const store = new AtomicStore(counter, key, rate.points);
    const limiter = getGraphQLRateLimiter({ identifyContext: () => key, store });
    const parent = undefined;
    const exceeded = await limiter({ parent, args, context, info }, { max: 1, window: `${rate.seconds}s` });
    return exceeded ? rateLimited(store.retryAfter) : undefined;
  };
}

/**
 * A store for graphql-rate-limit whose read is the atomic count. The library reads first and writes later, which loses
 * concurrent counts.
 */
class AtomicStore extends Store {
  /** In seconds. */
  retryAfter = 0;

  constructor(
    private readonly counter: RateCounter,
    private readonly key: string,
    private readonly points: number,
  ) {
    super();
  }

  /**
   * @returns one timestamp when the limit is exceeded, otherwise none: the library compares their number with its `max`
   */
  override async getForIdentity(): Promise<number[]> {
    const { number, freshIn } = await this.counter.take(this.key);
    this.retryAfter = Math.max(1, Math.ceil(freshIn / 1000));
    return number > this.points ? [Date.now()] : [];
  }

  override setForIdentity(): void {}
}
