import { SignalledCache } from '../database/signalled-cache.js';
import type { Signals } from '../database/signals.js';

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

  /** Differs when anything has been forgotten in between. */
  get version(): number {
    return this.known.version;
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
    const weighed = async () => {
      const value = await read();
      return { value, size: sizeOf(value) };
    };
    const { value } = this.known.peek(key) ?? (await this.known.get(key, weighed));
    return value as Value;
  }
}

/** After a commit: the process that made the change need not wait for the signal to come round. */
export function announcePost({ signals }: { readonly signals: Signals }, authorId: string): void {
  signals.announce('content');
  signals.announce('author', authorId);
}
