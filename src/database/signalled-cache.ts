import { LRUCache } from 'lru-cache';
import { SharedWorks } from '../operations/shared-work.js';
import type { Signals } from './signals.js';
import type { Topic } from './topic.js';

interface Options<Value extends object> {
  /** Signals that empty the cache. So does a new signal connection (`reset`), since signals may have been missed. */
  readonly topics: readonly Topic[];
  /** Bounds the number of entries, or their size. */
  readonly bounds: LRUCache.Options<string, Value, unknown>;
  /** False for a value that has expired, by the clock or at the time that `peek` was given. By default none does. */
  readonly isCurrent?: (value: Value, at: Date | undefined) => boolean;
  /** The group of a value, which `forgetGroup` drops without looking at all others. By default all are in one. */
  readonly groupOf?: (value: Value) => string;
}

export interface CacheUse {
  readonly hits: number;
  readonly misses: number;
}

/**
 * Cache of database rows that is invalidated by signals. It is not used while signals do not arrive, and a value that was
 * read before a change is never stored after it.
 */
export class SignalledCache<Value extends object> {
  private readonly known: LRUCache<string, Value>;
  private readonly readings = new SharedWorks<Value | undefined>();
  private readonly isCurrent: (value: Value, at: Date | undefined) => boolean;
  private readonly groupOf: (value: Value) => string;
  /** Keys by group. */
  private readonly groups = new Map<string, Set<string>>();
  private changes = 0;
  private readonly counts = { hits: 0, misses: 0 };

  constructor(
    private readonly signals: Signals,
    { topics, bounds, isCurrent = () => true, groupOf = () => '' }: Options<Value>,
  ) {
    this.known = new LRUCache({ ...bounds, dispose: (value, key) => this.leave(groupOf(value), key) });
    this.isCurrent = isCurrent;
    this.groupOf = groupOf;
    for (const topic of [...topics, 'forget', 'reset'] as const) signals.on(topic, () => this.clear());
  }

  /** How many values were found, and how many had to be read. Calls that share a read are one miss. */
  get use(): CacheUse {
    return this.counts;
  }

  /** Changes whenever entries are dropped. */
  get version(): number {
    return this.changes;
  }

  /**
   * @param at now, when it is known
   * @returns the cached value without waiting; undefined also when the last heartbeat is too old to trust the cache
   */
  peek(key: string, at?: Date): Value | undefined {
    return this.signals.isListening ? this.remembered(key, at) : undefined;
  }

  /** @returns the cached values of these keys; none while signals do not arrive */
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
   * Returns the cached value, or reads it. Concurrent callers share one read: a caller that comes during a read waits for
   * its end, and reads again only if the result was not stored.
   */
  async get<Found extends Value | undefined>(key: string, read: () => Promise<Found>): Promise<Value | Found> {
    const find = async () => (await this.heard(key)) ?? this.add(key, read);
    return (await this.heard(key)) ?? ((await this.readings.run(key, find)) as Value | Found);
  }

  /** Reads several values and stores them, unless an entry was dropped meanwhile. */
  async read<Found extends ReadonlyMap<string, Value>>(read: () => Promise<Found>): Promise<Found> {
    const before = this.changes;
    const found = await read();
    this.counts.misses += found.size;
    if (before === this.changes) for (const [key, value] of found) this.store(key, value);
    return found;
  }

  /** Drops an entry. The process that made a change calls it, so that it need not wait for its own signal. */
  forget(key: string): void {
    this.changes += 1;
    this.known.delete(key);
  }

  forgetGroup(group: string): void {
    this.changes += 1;
    for (const key of [...(this.groups.get(group) ?? [])]) this.known.delete(key);
  }

  forgetWhere(matches: (value: Value) => boolean): void {
    this.changes += 1;
    for (const [key, value] of this.known) if (matches(value)) this.known.delete(key);
  }

  private store(key: string, value: Value): void {
    this.known.set(key, value);
    // One that is larger than the whole cache is not kept.
    if (!this.known.has(key)) return;
    const group = this.groupOf(value);
    const keys = this.groups.get(group) ?? new Set();
    this.groups.set(group, keys.add(key));
  }

  private leave(group: string, key: string): void {
    const keys = this.groups.get(group);
    keys?.delete(key);
    if (keys?.size === 0) this.groups.delete(group);
  }

  private clear(): void {
    this.changes += 1;
    this.known.clear();
  }

  private async heard(key: string): Promise<Value | undefined> {
    return (await this.signals.hears()) ? this.remembered(key) : undefined;
  }

  private remembered(key: string, at?: Date): Value | undefined {
    const value = this.known.get(key);
    if (!value || !this.isCurrent(value, at)) return undefined;
    this.counts.hits += 1;
    return value;
  }

  private async add(key: string, read: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const before = this.changes;
    const value = await read();
    this.counts.misses += 1;
    if (value && before === this.changes) this.store(key, value);
    return value;
  }
}
