import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../operations/logging.js';
import { connectTime } from './database-sockets.js';
import type { Loss } from './heartbeat.js';
import { type KeepTime, type Line, LineLost } from './line.js';
import { SignalLine } from './signal-line.js';
import type { Topic } from './topic.js';

/** Makes a line that is still to be opened. */
export type MakeSignalLine = (...terms: ConstructorParameters<typeof SignalLine>) => Line;

/** Longest wait between two attempts to reconnect, in milliseconds. */
const longestPause = 5000;
/** Interval of `reset` signals while notifications do not arrive, in milliseconds. */
const deafPause = 1000;

const warnings: Record<Loss, string> = {
  broken: 'The signal connection broke; asking the database until it is back',
  silent: 'The database has gone silent; its connections are given up and made anew',
  unheard: `Notifications of the database do not come round, as through a pooler in transaction mode: \
nothing is answered from memory until they do. Connect directly, by a pooler in session mode, or use REDIS_URL`,
  forgotten: 'The database does not know any more that this process reads signals, as after a crash; registering again',
};

/**
 * Receives signals about what any process has committed, over a line that is reopened whenever it breaks. A cache that
 * signals keep up to date must not be used while `isListening` is false. That becomes false within a second of the last
 * heartbeat that came back, even when the peer vanished without closing the connection or a pooler swallows
 * notifications. Notifications arrive in commit order, so a returned heartbeat means that nothing was missed before it.
 *
 * @example
 * const unsubscribe = signals.on('user', (id) => cache.delete(id));
 * signals.on('reset', () => cache.clear());
 */
export class Signals {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private line: Line | undefined;
  private closed = false;
  /** When the last heartbeat of earlier lines was sent, by `performance.now()`; before any, the start. */
  private heardAt = performance.now();
  /** Runs while the database answers but notifications do not arrive: sends `reset` each second, so listeners poll. */
  private deafness: NodeJS.Timeout | undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly url: string,
    private readonly log: Logger,
    /** Called when the database has not answered for seconds on a connection that seems open. */
    private readonly onSilence: () => void,
    private readonly keepTime: KeepTime,
    private readonly makeLine: MakeSignalLine = (...terms) => new SignalLine(...terms),
  ) {}

  /** True while the last heartbeat that came back was sent less than 750 milliseconds ago; caches may be used then. */
  get isListening(): boolean {
    return this.line?.isFresh ?? false;
  }

  /** Milliseconds since the last heartbeat that came back was sent, or since the start. */
  get silence(): number {
    return performance.now() - Math.max(this.heardAt, this.line?.heardAt ?? 0);
  }

  /**
   * Like `isListening`, but sends a heartbeat at once when the last one is late, and waits for it up to 250
   * milliseconds. A process that was suspended can thus use its caches again after one round trip. Once a heartbeat has
   * failed to come back in time, later calls do not wait until one does.
   */
  hears(): boolean | Promise<boolean> {
    return this.isListening || (this.line?.proves() ?? false);
  }

  /** @returns a function that removes the listener */
  on(topic: Topic, listener: (detail: string) => void): () => void {
    this.emitter.on(topic, listener);
    return () => this.emitter.off(topic, listener);
  }

  /** How many listeners a topic has; for tests. */
  listenerCount(topic: Topic): number {
    return this.emitter.listenerCount(topic);
  }

  /** Signals a change of this process to its own listeners at once, before the notification comes back. */
  announce(topic: Topic, detail = ''): void {
    this.emitter.emit(topic, detail);
  }

  /** Takes note of a signal of another process. @param payload `topic:detail` */
  hear(payload: string): void {
    const [topic = '', detail = ''] = payload.split(':', 2);
    this.emitter.emit(topic, detail);
  }

  /** Runs a statement on the sending connection. Rejects when the connection is broken, or breaks meanwhile. */
  async ask<Row extends object>(text: string, values: readonly string[] = []): Promise<Row[]> {
    if (!this.line) throw new Error('The signal connection is broken');
    return this.line.ask<Row>(text, values);
  }

  /** Tells the other processes of something that no transaction is about. Never rejects; it may be lost. */
  tell(topic: Topic, detail = ''): void {
    void this.line?.tell(topic, detail).catch(() => undefined);
  }

  /** Connects. Goes on trying in the background when notifications do not arrive. @throws when connecting fails */
  async start(): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      if (!isUnheard(error)) throw error;
      void this.reconnect();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stop.abort();
    this.hearAgain();
    await this.line?.close();
  }

  private async connect(): Promise<void> {
    const line = this.makeLine(this.url, (payload) => this.hear(payload), this.keepTime);
    const begunAt = performance.now();
    await line.open().catch((error) => {
      if (isUnheard(error)) this.goDeaf();
      // A refused connection fails at once; one that takes this long has gone silent.
      else if (performance.now() - begunAt >= connectTime) this.onSilence();
      throw error;
    });
    // `close` was called meanwhile, for example by a failed start, and has not seen this line.
    if (this.closed) return line.close();
    this.line = line;
    void line.lost.then((loss) => this.lost(line, loss));
    this.hearAgain();
    this.emitter.emit('reset', '');
  }

  private lost(line: Line, loss: Loss): void {
    if (this.line !== line || this.closed) return;
    this.heardAt = Math.max(this.heardAt, line.heardAt);
    this.line = undefined;
    if (loss === 'unheard') this.goDeaf();
    else this.log.warn(warnings[loss]);
    if (loss === 'silent') this.onSilence();
    void this.reconnect();
  }

  private goDeaf(): void {
    if (this.deafness || this.closed) return;
    this.log.warn(warnings.unheard);
    this.deafness = setInterval(() => this.emitter.emit('reset', ''), deafPause);
  }

  private hearAgain(): void {
    if (this.deafness && !this.closed) this.log.info('Notifications of the database come round again');
    clearInterval(this.deafness);
    this.deafness = undefined;
  }

  private async reconnect(): Promise<void> {
    for (let pause = 100; !this.closed; pause = Math.min(pause * 2, longestPause)) {
      try {
        return await this.connect();
      } catch {
        await sleep(pause, undefined, { signal: this.stop.signal }).catch(() => undefined);
      }
    }
  }
}

const isUnheard = (error: unknown): boolean => error instanceof LineLost && error.loss === 'unheard';
