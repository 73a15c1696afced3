import { LRUCache } from 'lru-cache';
import { SharedWorks } from '../operations/shared-work.js';
import type { Signals, Topic } from './signals.js';

interface Options<Value extends object> {
  /** Forget everything. The connection of the signals being new (`reset`) is always one of them. */
  readonly topics: readonly Topic[];
  /** Bounds the number of entries, or their size. */
  readonly bounds: LRUCache.Options<string, Value, unknown>;
  /** False for a value that has expired by the clock. By default none does. */
  readonly isCurrent?: (value: Value) => boolean;
}

/**
 * Rows of the database, remembered until a commit that changes them is signalled. Nothing is answered from memory while
 * signals cannot be heard, and nothing that was read before a change is remembered after it.
 */
export class SignalledCache<Value extends object> {
  private readonly known: LRUCache<string, Value>;
  private readonly readings = new SharedWorks<Value | undefined>();
  private readonly isCurrent: (value: Value) => boolean;
  private changes = 0;

  constructor(
    private readonly signals: Signals,
    { topics, bounds, isCurrent = () => true }: Options<Value>,
  ) {
    this.known = new LRUCache(bounds);
    this.isCurrent = isCurrent;
    for (const topic of [...topics, 'reset'] as const) signals.on(topic, () => this.clear());
  }

  /** Differs when anything has been forgotten in between. */
  get version(): number {
    return this.changes;
  }

  /** @returns what is remembered, without waiting: undefined also while it is unknown whether signals are heard */
  peek(key: string): Value | undefined {
    return this.signals.isListening ? this.remembered(key) : undefined;
  }

  /** @returns what is remembered of these, in one step; nothing while signals cannot be heard */
  async peekAll(keys: readonly string[]): Promise<Map<string, Value>> {
    const found = new Map<string, Value>();
    if (!(await this.signals.hears())) return found;
    for (const key of keys) {
      const value = this.remembered(key);
      if (value) found.set(key, value);
    }
    return found;
  }

  /**
   * @param read is called when nothing is remembered; many that ask for one key at a time call it once. Whoever asks
   *   during a reading waits for its end and reads again only when its result was not remembered
   */
  async get<Found extends Value | undefined>(key: string, read: () => Promise<Found>): Promise<Value | Found> {
    const find = async () => (await this.heard(key)) ?? this.add(key, read);
    return (await this.heard(key)) ?? ((await this.readings.run(key, find)) as Value | Found);
  }

  /** Reads, and remembers what was found unless something was forgotten meanwhile. */
  async read<Found extends ReadonlyMap<string, Value>>(read: () => Promise<Found>): Promise<Found> {
    const before = this.changes;
    const found = await read();
    if (before === this.changes) for (const [key, value] of found) this.known.set(key, value);
    return found;
  }

  /** For the process that made a change: it need not wait for the signal. */
  forget(key: string): void {
    this.changes += 1;
    this.known.delete(key);
  }

  forgetWhere(matches: (value: Value) => boolean): void {
    this.changes += 1;
    for (const [key, value] of this.known) if (matches(value)) this.known.delete(key);
  }

  private clear(): void {
    this.changes += 1;
    this.known.clear();
  }

  private async heard(key: string): Promise<Value | undefined> {
    return (await this.signals.hears()) ? this.remembered(key) : undefined;
  }

  private remembered(key: string): Value | undefined {
    const value = this.known.get(key);
    return value && this.isCurrent(value) ? value : undefined;
  }

  private async add(key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const before = this.changes;
    const value = await read();
    if (value && before === this.changes) this.known.set(key, value);
    return value;
  }
}
