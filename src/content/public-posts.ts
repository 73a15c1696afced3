import { LRUCache } from 'lru-cache';
import type { Signals } from '../database/signals.js';
import { SharedWorks } from '../operations/shared-work.js';

declare module '../services.js' {
  interface Services {
    readonly publicPosts: PublicPosts;
  }
}

/** In UTF-16 units of text, which take two bytes each at most. */
const mostRemembered = 8 * 2 ** 20;

/** What each takes beside its text, in the same units. */
const overhead = 500;

interface Remembered {
  readonly value: object;
  readonly size: number;
}

/**
 * What everyone may read: the first pages of published posts and their counts. Forgotten in every process as soon as
 * a commit changes a post, and not used while that cannot be heard. Nothing that depends on who asks may be kept here.
 */
export class PublicPosts {
  private readonly known = new LRUCache<string, Remembered>({
    maxSize: mostRemembered,
    sizeCalculation: ({ size }, key) => overhead + key.length + size,
  });
  /** Being read, so that a crowd after a change asks once. Who comes after a change joins no reading from before it. */
  private reading = new Map<string, Promise<object>>();

  /** The same while changes cannot be heard: nobody joins a reading that began before they asked. */
  private readonly distrusted = new SharedWorks<object>();
  private changes = 0;

  constructor(private readonly signals: Signals) {
    for (const topic of ['content', 'reset'] as const) signals.on(topic, () => this.forget());
  }

  /** Differs when anything has been forgotten in between. */
  get version(): number {
    return this.changes;
  }

  /**
   * @param key names what is read, whole
   * @param sizeOf about how much text the value holds, in UTF-16 units
   */
  async read<Value extends object>(
    key: string,
    read: () => Promise<Value>,
    sizeOf: (value: Value) => number,
  ): Promise<Value> {
    // Whatever is under way may have begun before a change that was not heard.
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
      // Another map: a change came between, so what was read may be older than it.
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

/** After a commit: the process that made the change need not wait for the signal to come round. */
export function announcePost({ signals }: { readonly signals: Signals }, authorId: string): void {
  signals.announce('content');
  signals.announce('author', authorId);
}
