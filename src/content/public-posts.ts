import { LRUCache } from 'lru-cache';
import type { Signals } from '../database/signals.js';
import { SharedWorks } from '../operations/shared-work.js';

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
 * Cache of public content: the first pages of published posts, and their counts. Every process drops it as soon as a
 * commit changes a post, and does not use it while signals do not arrive. Must never hold anything that depends on the
 * caller.
 */
export class PublicPosts {
  private readonly known = new LRUCache<string, Remembered>({
    maxSize: mostRemembered,
    sizeCalculation: ({ size }, key) => overhead + key.length + size,
  });
  /**
   * Reads in progress, shared by concurrent callers. A change replaces the map, so later callers do not join old reads.
   */
  private reading = new Map<string, Promise<object>>();

  /** Reads while signals do not arrive: callers only join reads that start after their call. */
  private readonly distrusted = new SharedWorks<object>();
  private changes = 0;

  constructor(private readonly signals: Signals) {
    for (const topic of ['content', 'reset'] as const) signals.on(topic, () => this.forget());
  }

  /** Changes whenever the cache is dropped. */
  get version(): number {
    return this.changes;
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
    // A read in progress may have started before a change whose signal was missed.
    if (!(await this.signals.hears())) return (await this.distrusted.run(key, read)) as Value;
    const known = this.known.get(key)?.value ?? this.reading.get(key) ?? this.begin(key, read, sizeOf);
    return known as Value | Promise<Value>;
  }

  private async begin<Value extends object>(
    key: string,
    read: () => Promise<Value>,
    sizeOf: (value: Value) => number,
  ): Promise<Value> {
    const { reading } = this;
    const promise = read();
    reading.set(key, promise);
    try {
      const value = await promise;
      // The map was replaced during the read, so the value may be outdated.
      if (reading === this.reading) this.known.set(key, { value, size: sizeOf(value) });
      return value;
    } finally {
      reading.delete(key);
    }
  }

  private forget(): void {
    this.changes += 1;
    this.known.clear();
    this.reading = new Map();
  }
}

/** Call after a commit that affects posts: drops the caches of this process without waiting for the notification. */
export function announcePost({ signals }: { readonly signals: Signals }, authorId: string): void {
  signals.announce('content');
  signals.announce('author', authorId);
}
