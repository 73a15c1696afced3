import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from '../operations/logging.js';

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

/** All in milliseconds. */
const heartbeatPause = 250;
const answerTimeout = 2000;
/** A connection that has been silent for longer is not believed, although it may come back. */
export const longestSilence = 750;
const longestPause = 5000;

/** Of the connections that listen, as the database knows them. */
export const applicationName = 'gatehouse-signals';

/**
 * Hears what any process has committed: one LISTEN connection, made again whenever it breaks.
 * While `isListening` is false nothing may be answered from a cache that depends on it: that is so within a
 * second of the last proof that the connection works, also when its peer vanished without a word. What was
 * committed before a heartbeat is heard before its answer, so there is nothing to catch up on afterwards.
 */
export class Signals {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private client: pg.Client | undefined;
  private closed = false;
  /** When the last heartbeat was sent that has been answered; on the process's own monotonic clock. */
  private heardAt = Number.NEGATIVE_INFINITY;
  private isBeating = false;
  private heartbeat: NodeJS.Timeout | undefined;
  private readonly stop = new AbortController();

  constructor(
    private readonly url: string,
    private readonly log: Logger,
  ) {}

  get isListening(): boolean {
    return this.client !== undefined && performance.now() - this.heardAt < longestSilence;
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

  /** Runs a statement on the connection that listens. @throws when it is broken, or breaks */
  async ask<Row extends object>(text: string, values: readonly string[] = []): Promise<Row[]> {
    if (!this.client) throw new Error('The signal connection is broken');
    return (await this.client.query<Row>(text, [...values])).rows;
  }

  async start(): Promise<void> {
    await this.connect();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.stop.abort();
    clearInterval(this.heartbeat);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      query_timeout: answerTimeout,
      application_name: applicationName,
    });
    client.on('notification', ({ payload }) => this.dispatch(payload ?? ''));
    // Both may fire for one break; `lost` acts on the first.
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    const sentAt = performance.now();
    try {
      await client.connect();
      await client.query('listen gatehouse');
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    // Closed meanwhile, by a start that failed elsewhere: nobody would close this one.
    if (this.closed) return client.end();
    this.client = client;
    this.heardAt = sentAt;
    this.isBeating = false;
    this.heartbeat = setInterval(() => void this.beat(client), heartbeatPause);
    void this.beat(client);
    this.emitter.emit('reset', '');
  }

  /** A peer that vanished without a word (power, firewall) is found by asking. */
  private async beat(client: pg.Client): Promise<void> {
    if (this.isBeating) return;
    this.isBeating = true;
    const sentAt = performance.now();
    try {
      await client.query('select 1');
      if (this.client === client) this.heardAt = sentAt;
    } catch {
      this.lost(client);
    } finally {
      if (this.client === client) this.isBeating = false;
    }
  }

  private lost(client: pg.Client): void {
    if (this.client !== client || this.closed) return;
    this.client = undefined;
    clearInterval(this.heartbeat);
    void client.end().catch(() => undefined);
    this.log.warn('The signal connection broke; asking the database until it is back');
    void this.reconnect();
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
