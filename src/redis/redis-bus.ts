import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '../clock.js';
import type { Logger } from '../operations/logging.js';
import type { RedisAddress } from '../redis-address.js';
import { openNode } from './open-client.js';
import { RedisFailure, reasonOf, wordsFor } from './redis-failure.js';
import { within } from './within.js';

declare module '../services.js' {
  interface Services {
    /** Undefined without REDIS_URL. */
    readonly redisBus: RedisBus | undefined;
  }
}

type Client = Awaited<ReturnType<typeof openNode>>;

/** While it is up. */
interface Voice {
  readonly client: Client;
  /** Ends both connections. */
  readonly lose: (error: unknown) => void;
}

/** Longest wait for an answer, in milliseconds. */
const commandTime = 300;
/** Between two messages that this process sends itself to see whether they arrive, in milliseconds. */
const beat = seconds(5);
/** Waits before another attempt to connect, in milliseconds; doubled after each, and each varied by up to a half. */
const pauses = { first: 100, longest: seconds(5) } as const;
const probe = 'probe';

/**
 * Messages between the processes of an installation, by publish and subscribe. They are lost while Redis is away, and whenever a
 * connection breaks: both are made anew with the first failure, whatever the reason.
 */
export class RedisBus {
  /** The channel of this process alone. */
  readonly address: string;
  private readonly listeners: ((message: string) => void)[] = [];
  private voice: Voice | undefined;
  private hasHeardProbe = true;
  /** The reason that the log has last told; undefined: that it is there. */
  private told: string | undefined;
  private working: Promise<void> | undefined;
  private beating: NodeJS.Timeout | undefined;
  private readonly closing = new AbortController();

  /** @param prefix beginning of the channels; the same for all processes of an installation alone */
  constructor(
    private readonly redis: RedisAddress,
    private readonly prefix: string,
    private readonly log: Logger,
  ) {
    this.address = `${prefix}:process:${randomUUID()}`;
  }

  get isUp(): boolean {
    return this.voice !== undefined;
  }

  onMessage(listener: (message: string) => void): void {
    this.listeners.push(listener);
  }

  /** Begins to connect, in the background. */
  start(): void {
    this.working = this.work();
    this.beating = setInterval(() => this.prove(), beat).unref();
  }

  /** Sends a message to all processes, also this one, or to one. Never throws; it may be lost. */
  send(message: string, to = this.all): void {
    const { voice } = this;
    if (voice) within(commandTime, voice.client.publish(to, message)).catch(voice.lose);
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearInterval(this.beating);
    this.voice?.lose(new RedisFailure('CLOSED'));
    await this.working;
  }

  private get all(): string {
    return `${this.prefix}:all`;
  }

  /** A connection that listens would not notice that its peer is gone. */
  private prove(): void {
    if (!this.hasHeardProbe) this.voice?.lose(new RedisFailure('TIMEOUT'));
    this.hasHeardProbe = !this.voice;
    this.send(probe, this.address);
  }

  /** Keeps it connected until it is closed. */
  private async work(): Promise<void> {
    const { signal } = this.closing;
    let pause: number = pauses.first;
    while (!signal.aborted) {
      const begunAt = performance.now();
      await this.connectUntilLost().catch((error) => this.tellLoss(error));
      const hasLasted = performance.now() - begunAt >= pauses.longest;
      pause = hasLasted ? pauses.first : Math.min(2 * pause, pauses.longest);
      await sleep(pause * (0.5 + Math.random()), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** One connection that listens and, because with RESP 2 it may do nothing else, one that sends. @throws why they ended */
  private async connectUntilLost(): Promise<void> {
    let lose = (_error: unknown) => {};
    const lost = new Promise<never>((_, reject) => {
      lose = reject;
    });
    lost.catch(() => undefined);
    const clients: Client[] = [];
    const open = async () => {
      const client = await openNode(this.redis, lose, this.closing.signal);
      clients.push(client);
      return client;
    };
    try {
      const [ear, client] = [await open(), await open()];
      const { signal } = this.closing;
      await within(
        commandTime,
        ear.subscribe([this.all, this.address], (text) => this.hear(text)),
        signal,
      );
      // It may be allowed to listen and not to speak.
      await within(commandTime, client.publish(this.address, probe), signal);
      this.takeUp({ client, lose });
      await lost;
    } finally {
      this.voice = undefined;
      for (const client of clients) client.destroy();
    }
  }

  private takeUp(voice: Voice): void {
    this.voice = voice;
    this.hasHeardProbe = true;
    if (this.told) this.log.info('Redis passes on signals again');
    this.told = undefined;
  }

  private hear(text: string): void {
    if (text === probe) this.hasHeardProbe = true;
    else for (const listener of this.listeners) listener(text);
  }

  private tellLoss(error: unknown): void {
    const reason = reasonOf(error);
    if (this.closing.signal.aborted || this.told === reason) return;
    this.told = reason;
    this.log.warn(`REDIS_URL: Redis ${wordsFor(reason)}; signals go through PostgreSQL alone until it is there`);
  }
}
