import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../operations/logging.js';
import { connectTime } from './database-sockets.js';
import type { Loss } from './heartbeat.js';
import { type KeepTime, LineLost, SignalLine } from './signal-line.js';

/**
 * What can be announced, by triggers of the database or by `pg_notify('gatehouse', …)`.
 * `reset` is local: the connection is new, so anything may have been missed.
 */
export type Topic =
  | 'user'
  | 'session'
  | 'token'
  | 'roles'
  | 'keys'
  | 'event'
  | 'published'
  | 'mail'
  | 'content'
  | 'author'
  | 'call'
  | 'echo'
  | 'reset';

/** In milliseconds. */
const longestPause = 5000;
const deafPause = 1000;

const warnings: Record<Loss, string> = {
  broken: 'The signal connection broke; asking the database until it is back',
  silent: 'The database has gone silent; its connections are given up and made anew',
  unheard: `Notifications of the database do not come round, as through a pooler in transaction mode: \
nothing is answered from memory until they do. Connect directly, or by a pooler in session mode`,
};

/**
 * Hears what any process has committed, on a line that is made again whenever it breaks. While `isListening` is
 * false nothing may be answered from a cache that depends on it: that is so within a second of the last
 * proof that notifications come round, also when the peer vanished without a word or a pooler swallows them. What was
 * committed before a heartbeat is heard before it, so there is nothing to catch up on afterwards.
 */
export class Signals {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private line: SignalLine | undefined;
  private closed = false;
  /** Set while the database answers and nothing is heard of it: then whoever waits for news looks each second. */
  private deafness: NodeJS.Timeout | undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly url: string,
    private readonly log: Logger,
    /** When the database has not answered for seconds on a connection that seems open. */
    private readonly onSilence: () => void,
    private readonly keepTime: KeepTime,
  ) {}

  get isListening(): boolean {
    return this.line?.isFresh ?? false;
  }

  /**
   * The same, but after a late heartbeat one is asked for at once: a process that has stood still believes its
   * memory again a round trip later. Waits a quarter of a second at most, and only once in a silence.
   */
  hears(): boolean | Promise<boolean> {
    return this.isListening || (this.line?.proves() ?? false);
  }

  /** @returns a function that ends the subscription */
  on(topic: Topic, listener: (detail: string) => void): () => void {
    this.emitter.on(topic, listener);
    return () => this.emitter.off(topic, listener);
  }

  /** Tells this process of a change it has committed itself, which need not wait for the signal to come round. */
  announce(topic: Topic, detail = ''): void {
    this.emitter.emit(topic, detail);
  }

  /** Runs a statement on the line. @throws when it is broken, or breaks */
  async ask<Row extends object>(text: string, values: readonly string[] = []): Promise<Row[]> {
    if (!this.line) throw new Error('The signal connection is broken');
    return this.line.ask<Row>(text, values);
  }

  /** Where notifications do not come round it goes on trying and says so. @throws when the database is not there */
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
    const line = new SignalLine(this.url, (payload) => this.dispatch(payload), this.keepTime);
    const begunAt = performance.now();
    await line.open().catch((error) => {
      if (isUnheard(error)) this.goDeaf();
      // Refused it would have failed at once.
      else if (performance.now() - begunAt >= connectTime) this.onSilence();
      throw error;
    });
    // Closed meanwhile, by a start that failed elsewhere: nobody would close this one.
    if (this.closed) return line.close();
    this.line = line;
    void line.lost.then((loss) => this.lost(line, loss));
    this.hearAgain();
    this.emitter.emit('reset', '');
  }

  private lost(line: SignalLine, loss: Loss): void {
    if (this.line !== line || this.closed) return;
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

  private dispatch(payload: string): void {
    const [topic = '', detail = ''] = payload.split(':', 2);
    this.emitter.emit(topic, detail);
  }
}

const isUnheard = (error: unknown): boolean => error instanceof LineLost && error.loss === 'unheard';
