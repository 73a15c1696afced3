import { type CacheUse, SignalledCache } from '../database/signalled-cache.js';
import type { Signals } from '../database/signals.js';

declare module '../services.js' {
  interface Services {
    readonly publicPosts: PublicPosts;
  }
}

/** Size of the cache in UTF-16 units of text, each of which takes at most two bytes. */
const mostRemembered = 8 * 2 ** 20;

/** Estimated size of an entry beside its text, in UTF-16 units. */
const overhead = 500;

interface Remembered {
  readonly value: object;
  readonly size: number;
}

/**
 * What everyone may read: the first pages of published posts and their counts, kept in memory. Nothing that depends on
 * the caller may be kept here.
 */
export class PublicPosts {
  private readonly known: SignalledCache<Remembered>;

  constructor(signals: Signals) {
    const sizeCalculation = ({ size }: Remembered, key: string) => overhead + key.length + size;
    const bounds = { maxSize: mostRemembered, sizeCalculation };
    this.known = new SignalledCache(signals, { topics: ['content'], bounds });
  }

  get cacheUse(): CacheUse {
    return this.known.use;
  }

  /** Changes whenever the cache is dropped. */
  get version(): number {
    return this.known.version;
  }

  /**
   * Returns the cached value, or reads it.
   * @param key identifies the read completely, filters and page size included
   * @param sizeOf approximate text size of the value, in UTF-16 units
   */
  async read<Value extends object>(
    key: string,
    read: () => Promise<Value>,
    sizeOf: (value: Value) => number,
  ): Promise<Value> {
    const weighed = async () => {
      const value = await read();
      return { value, size: sizeOf(value) };
    };
    const { value } = this.known.peek(key) ?? (await this.known.get(key, weighed));
    return value as Value;
  }
}

/** Call after a commit that affects posts: drops the caches of this process without waiting for the notification. */
export function announcePost({ signals }: { readonly signals: Signals }, authorId: string): void {
  signals.announce('content');
  signals.announce('author', authorId);
}
