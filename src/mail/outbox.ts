import type { EntityManager } from '@mikro-orm/postgresql';
import { type Clock, seconds } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';
import type { Logger } from '../operations/logging.js';
import { Repeating } from '../operations/repeating.js';
import { traceOf } from '../operations/trace.js';
import type { SecretBox } from '../secrets.js';
import { OutgoingMail } from './outgoing-mail.entity.js';
import { MailRefused, type Message, mostAtOnce, type Transport } from './transport.js';

declare module '../services.js' {
  interface Services {
    readonly outbox: Outbox;
  }
}

const purpose = 'outgoing-mail';
/** About a day and a half of trying; every link but the one that undoes a change of address is dead by then. */
const mostAttempts = 40;
/** For one delivery, whatever the server does meanwhile. */
const patience = seconds(20);
/** How long a stop waits for what is under way. */
const grace = seconds(5);
/** A delivery that takes longer makes room for another. */
const briskFor = seconds(2);
const mostBrisk = 10;
/** Of all that are under way, so that mails which fail again and again leave room for new ones. */
const mostRetries = 20;

interface Claimed {
  readonly id: string;
  readonly sealed: Buffer;
  /** With the one that begins. */
  readonly attempts: number;
}

interface InHand {
  readonly id: string;
  readonly isRetry: boolean;
  isBrisk: boolean;
  readonly done: Promise<void>;
}

/**
 * Takes mails that are due, for a minute: three times as long as a delivery may last. Those that a process has in
 * hand when it is killed are due again then, while the shortest-lived link, of ten minutes, still works.
 */
const claimOf = (tries: 'attempts = 0' | 'attempts > 0'): string => `
  update outgoing_mails set attempts = attempts + 1, next_attempt_at = $1::timestamptz + interval '1 minute'
  where id in (
    select id from outgoing_mails where ${tries} and next_attempt_at <= $1 and id <> all ($3::uuid[])
    order by next_attempt_at limit $2 for update skip locked
  ) returning id, sealed_message as sealed, attempts`;
const [claimNew, claimTried] = [claimOf('attempts = 0'), claimOf('attempts > 0')];

/** After 5 s, 10 s, 20 s … an hour. */
const postpone = `
  update outgoing_mails set next_attempt_at = $2::timestamptz + least(interval '5 seconds' * power(2, attempts - 1), interval '1 hour')
  where id = $1`;

/**
 * Mail is a row first, written in the transaction of what it tells of, and sent once that is committed:
 * none is lost with a crash, none is sent for a change that was undone. Delivery is at least once: a mail goes out
 * again when its process dies between the server's answer and the row's deletion.
 */
export class Outbox {
  private readonly delivery: Repeating;
  private readonly unsubscribe: (() => void)[];
  private readonly inHand = new Set<InHand>();
  private readonly stop = new AbortController();

  constructor(
    private readonly database: Database,
    signals: Signals,
    private readonly secrets: SecretBox,
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly log: Logger,
    /** Each mail is signed with it. */
    private readonly serviceName: string,
  ) {
    this.delivery = new Repeating('mail delivery', () => this.deliver(), seconds(5), log);
    this.unsubscribe = (['mail', 'reset'] as const).map((topic) => signals.on(topic, () => this.delivery.wake()));
  }

  /** For security notices, and for what the recipient asked for: these always go. */
  enqueue(em: EntityManager, message: Message): void {
    const now = this.clock.now();
    const sealedMessage = this.seal(message);
    em.create(OutgoingMail, { sealedMessage, createdAt: now, nextAttemptAt: now }, { persist: true });
  }

  /** For everything else. @param isWanted the recipient's preference */
  enqueueNotice(em: EntityManager, message: Message, isWanted: boolean): void {
    if (isWanted) this.enqueue(em, message);
  }

  /** For statements that insert the row themselves. */
  seal(message: Message): Buffer {
    const text = `${message.text}\n-- \n${this.serviceName}\n`;
    return this.secrets.seal(purpose, JSON.stringify({ ...message, text }));
  }

  start(): void {
    this.delivery.start();
  }

  /** Waits a few seconds for what is under way; what is not sent by then is due at once, for whoever runs. */
  async close(): Promise<void> {
    for (const end of this.unsubscribe) end();
    await this.delivery.close();
    const timer = setTimeout(() => this.stop.abort(), grace);
    await Promise.all([...this.inHand].map(({ done }) => done));
    clearTimeout(timer);
    this.transport.close();
  }

  /** Begins as many deliveries as there is room for. Each that ends, or takes long, makes room and wakes this again. */
  private async deliver(): Promise<void> {
    await this.take(claimNew, this.room());
    const retries = [...this.inHand].filter(({ isRetry }) => isRetry).length;
    await this.take(claimTried, Math.min(this.room(), mostRetries - retries));
  }

  private room(): number {
    const brisk = [...this.inHand].filter(({ isBrisk }) => isBrisk).length;
    return Math.min(mostBrisk - brisk, mostAtOnce - this.inHand.size);
  }

  private async take(claim: string, most: number): Promise<void> {
    if (most <= 0) return;
    // A clock that jumps does not make due again what this process still has in hand.
    const held = [...this.inHand].map(({ id }) => id);
    const claimed = await this.database.sql.rows<Claimed>(claim, [this.clock.now(), most, held]);
    for (const mail of claimed) this.begin(mail);
  }

  private begin(mail: Claimed): void {
    const timer = setTimeout(() => {
      mine.isBrisk = false;
      this.delivery.wake();
    }, briskFor);
    const done = this.send(mail).finally(() => {
      clearTimeout(timer);
      this.inHand.delete(mine);
      this.delivery.wake();
    });
    const mine: InHand = { id: mail.id, isRetry: mail.attempts > 1, isBrisk: true, done };
    this.inHand.add(mine);
  }

  /** Never rejects: where the database cannot be told how it went, the mail is due again after its minute. */
  private async send(mail: Claimed): Promise<void> {
    try {
      const message: Message = JSON.parse(this.secrets.open(purpose, mail.sealed));
      const signal = AbortSignal.any([this.stop.signal, AbortSignal.timeout(patience)]);
      const failure = await this.transport.send(message, signal).catch((error: unknown) => ({ error }));
      if (failure) await this.settle(mail, message.to, failure.error);
      else await this.drop(mail.id);
    } catch (error) {
      this.log.warn({ mail: mail.id, attempts: mail.attempts, ...traceOf(error) }, 'A mail could not be dealt with');
    }
  }

  private async settle({ id, attempts }: Claimed, to: string, error: unknown): Promise<void> {
    const about = { mail: id, attempts, to };
    if (error instanceof MailRefused) {
      this.log.error({ ...about, reason: error.message }, 'A mail was refused for good and is dropped');
      return this.drop(id);
    }
    if (this.stop.signal.aborted) return this.release(id);
    if (attempts >= mostAttempts) {
      this.log.error({ ...about, ...traceOf(error) }, 'A mail could not be sent in all its tries and is dropped');
      return this.drop(id);
    }
    this.log.warn({ mail: id, attempts, ...traceOf(error) }, 'A mail could not be sent and will be tried again');
    await this.database.sql.rows(postpone, [id, this.clock.now()]);
  }

  private async release(id: string): Promise<void> {
    await this.database.sql.rows('update outgoing_mails set next_attempt_at = $2 where id = $1', [
      id,
      this.clock.now(),
    ]);
  }

  private async drop(id: string): Promise<void> {
    await this.database.sql.rows('delete from outgoing_mails where id = $1', [id]);
  }
}
