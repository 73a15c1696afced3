import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '../clock.js';
import type { Logger } from '../operations/logging.js';
import type { RedisAddress } from '../redis-address.js';
import { openClient, type RedisClient } from './open-client.js';
import { RedisFailure, reasonOf, wordsFor } from './redis-failure.js';
import { RedisFigures } from './redis-figures.js';
import type { Script, ScriptInput } from './script.js';
import { evictsAll, type ServerFacts } from './server-facts.js';
import { within } from './within.js';

declare module '../services.js' {
  interface Services {
    /** Undefined without REDIS_URL. */
    readonly redis: Redis | undefined;
  }
}

/** Longest wait for the answer to a command, in milliseconds. */
const commandTime = 300;
/** Between two writes that show whether it is still there, in milliseconds. */
const beat = seconds(5);
/** Waits before another attempt to connect, in milliseconds; doubled after each, and each varied by up to a half. */
const pauses = { first: 100, longest: seconds(5) } as const;
/** How long a connection must have lasted for the next one to be made at once, in milliseconds. */
const lasting = seconds(10);

/**
 * One connection to Redis, or to each node of a cluster. It counts as lost with the first command that fails, whatever
 * the reason: the server may be gone, frozen, full, or another one that lacks what was written. Commands then fail at
 * once, without waiting, until a new connection takes writes.
 */
export class Redis {
  readonly figures = new RedisFigures();
  private client: RedisClient | undefined;
  /** Time on the process's monotonic clock, in milliseconds. */
  private takenUpAt = 0;
  private pause = 0;
  /** The reason that the log has last told; undefined: that it is there. */
  private told: string | undefined;
  private trying: Promise<void> | undefined;
  private beating: NodeJS.Timeout | undefined;
  private readonly closing = new AbortController();

  /**
   * @param prefix beginning of all keys, without a brace; the same for all processes of an installation alone
   * @param open replaced in tests
   */
  constructor(
    private readonly address: RedisAddress,
    private readonly prefix: string,
    private readonly log: Logger,
    private readonly open: typeof openClient = openClient,
  ) {}

  get isUp(): boolean {
    return this.client !== undefined;
  }

  /** What the server tells of itself; undefined while it is away. */
  get facts(): ServerFacts | undefined {
    return this.client?.facts;
  }

  /** Why it is away, in one word: see `reasonOf`. */
  get whyAway(): string {
    return this.told ?? 'TIMEOUT';
  }

  /** How long it has been there without a loss that this process has noticed, in milliseconds; 0 while it is away. */
  get settledFor(): number {
    return this.client ? performance.now() - this.takenUpAt : 0;
  }

  /**
   * The name of a key.
   * @param tag keys of one tag are on one node of a cluster, so that one script may have them
   */
  key(kind: string, tag: string, rest = ''): string {
    return `${this.prefix}:${kind}:{${tag}}${rest}`;
  }

  /** Begins to connect, in the background. */
  start(): void {
    this.connect();
    this.beating = setInterval(() => void this.proveWritable().catch(() => undefined), beat).unref();
  }

  /**
   * Runs a script.
   * @throws RedisFailure within a third of a second; at once while it is away. The script may have run all the same
   */
  run({ digest, text }: Script, input: ScriptInput): Promise<unknown> {
    return this.command(async (client) => {
      try {
        return await client.evalSha(digest, input);
      } catch (error) {
        if (reasonOf(error) !== 'NOSCRIPT') throw error;
        return client.eval(text, input);
      }
    });
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearInterval(this.beating);
    this.client?.destroy();
    this.client = undefined;
    await this.trying;
  }

  private async command<T>(send: (client: RedisClient) => Promise<T>): Promise<T> {
    const { client } = this;
    if (!client) throw new RedisFailure('AWAY');
    const sentAt = performance.now();
    try {
      const answer = await within(commandTime, send(client));
      this.figures.durations.note((performance.now() - sentAt) / 1000);
      return answer;
    } catch (error) {
      this.figures.noteFailure(reasonOf(error));
      this.lose(client, error);
      throw new RedisFailure(reasonOf(error));
    }
  }

  /** Any key would do; this one says what it is for, and is gone before anybody looks for it. */
  private proveWritable(): Promise<unknown> {
    return this.command((client) => this.writeTo(client));
  }

  private writeTo(client: RedisClient): Promise<unknown> {
    return client.write(this.key('probe', String(Math.floor(Math.random() * 100))), beat);
  }

  private connect(): void {
    this.trying ??= this.keepTrying().finally(() => {
      this.trying = undefined;
      // It may have been lost again before this.
      if (!this.client && !this.closing.signal.aborted) this.connect();
    });
  }

  private async keepTrying(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted && !this.client) {
      const wait = this.pause * (0.5 + Math.random());
      await sleep(wait, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await this.openWritable().then(
        (client) => this.takeUp(client),
        (error) => this.noteUnopened(error),
      );
    }
  }

  private noteUnopened(error: unknown): void {
    this.figures.noteFailure(reasonOf(error));
    this.tellLoss(error);
    this.waitLonger();
  }

  private waitLonger(): void {
    this.pause = Math.min(Math.max(2 * this.pause, pauses.first), pauses.longest);
  }

  /** @returns a connection that has taken a write */
  private async openWritable(): Promise<RedisClient> {
    let client: RedisClient | undefined;
    let broken: unknown;
    const onLoss = (error: unknown) => {
      broken ??= error;
      if (client) this.lose(client, error);
    };
    client = await this.open(this.address, onLoss, this.closing.signal);
    try {
      await within(commandTime, this.writeTo(client), this.closing.signal);
      if (broken) throw broken;
      return client;
    } catch (error) {
      client.destroy();
      throw error;
    }
  }

  private takeUp(client: RedisClient): void {
    this.client = client;
    this.takenUpAt = performance.now();
    this.told = undefined;
    this.log.info(`${client.facts.version} is there; rate limits are counted in it`);
    if (evictsAll(client.facts))
      this.log.warn(`REDIS_URL: its maxmemory-policy ${client.facts.evictionPolicy} drops counts when it is full`);
  }

  private lose(client: RedisClient, error: unknown): void {
    if (this.client !== client) return;
    if (this.settledFor >= lasting) this.pause = 0;
    else this.waitLonger();
    this.client = undefined;
    client.destroy();
    this.tellLoss(error);
    this.connect();
  }

  private tellLoss(error: unknown): void {
    const reason = reasonOf(error);
    if (this.closing.signal.aborted || this.told === reason) return;
    this.told = reason;
    this.log.warn(`REDIS_URL: Redis ${wordsFor(reason)}; PostgreSQL counts until it is there`);
  }
}
