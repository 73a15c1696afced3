import { type Clock, seconds } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';
import type { Transaction } from '../database/transaction.js';
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
/**
 * About 30 hours of attempts. By then all mailed links have expired, with default lifetimes, except to undo a change of
 * address.
 */
const mostAttempts = 40;
/** Time limit of one delivery, in milliseconds. */
const deliveryTime = seconds(20);
/** How long `close` waits for running deliveries, in milliseconds. */
const grace = seconds(5);
/** A delivery that takes longer, in milliseconds, no longer counts as brisk, so that another can start. */
const briskFor = seconds(2);
/** Most brisk deliveries at a time. */
const mostBrisk = 10;
/** Most repeated attempts among the running deliveries, so that mails that keep failing leave room for new ones. */
const mostRetries = 20;

interface Claimed {
  readonly id: string;
  readonly sealed: Buffer;
  /** Number of attempts, including the one that starts now. */
  readonly attempts: number;
}

/** A running delivery. */
interface InHand {
  readonly id: string;
  readonly isRetry: boolean;
  isBrisk: boolean;
  readonly done: Promise<void>;
}

/**
 * Claims due mails for one minute, three times the time limit of a delivery. Mails that a killed process had claimed
 * thus become due again while the shortest-lived link (password reset, 10 minutes by default) is still valid.
 */
const claimOf = (tries: 'attempts = 0' | 'attempts > 0'): string => `
  update outgoing_mails set attempts = attempts + 1, next_attempt_at = $1::timestamptz + interval '1 minute'
  where id in (
    select id from outgoing_mails where ${tries} and next_attempt_at <= $1 and id <> all ($3::uuid[])
    order by next_attempt_at limit $2 for update skip locked
  ) returning id, sealed_message as sealed, attempts`;
const [claimNew, claimTried] = [claimOf('attempts = 0'), claimOf('attempts > 0')];

/** Postpones the next attempt by 5 s, 10 s, 20 s and so on, up to an hour. */
const postpone = `
  update outgoing_mails set next_attempt_at = $2::timestamptz + least(interval '5 seconds' * power(2, attempts - 1), interval '1 hour')
  where id = $1`;

/**
 * Transactional outbox for mail: a mail is written as a row in the transaction of the change that it reports, and sent
 * after the commit. No mail is lost in a crash, and none is sent for a change that was rolled back. Delivery is at
 * least once: a mail is sent again when the process dies between the SMTP server's reply and the deletion of the row.
 *
 * @example
 * await database.transaction(async (tx) => {
 *   outbox.enqueue(tx, resetMail(user.email, user.username, publicUrl(), { token, lifetime }));
 * });
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
    /** Added as a signature below each mail. */
    private readonly serviceName: string,
  ) {
    this.delivery = new Repeating('mail delivery', () => this.deliver(), seconds(5), log);
    this.unsubscribe = (['mail', 'reset'] as const).map((topic) => signals.on(topic, () => this.delivery.wake()));
  }

  /** Queues a mail that is always sent: a security notice, or one that the recipient asked for. */
  enqueue(tx: Transaction, message: Message): void {
    const now = this.clock.now();
    const sealedMessage = this.seal(message);
    tx.em.create(OutgoingMail, { sealedMessage, createdAt: now, nextAttemptAt: now }, { persist: true });
  }

  /** Queues any other mail. @param isWanted the recipient's preference */
  enqueueNotice(tx: Transaction, message: Message, isWanted: boolean): void {
    if (isWanted) this.enqueue(tx, message);
  }

  /** Encrypts a mail for statements that insert the row themselves. */
  seal(message: Message): Buffer {
    const text = `${message.text}\n-- \n${this.serviceName}\n`;
    return this.secrets.seal(purpose, JSON.stringify({ ...message, text }));
  }

  start(): Promise<void> {
    return this.delivery.start();
  }

  /**
   * Waits up to 5 seconds for running deliveries; unsent mails become due at once for other processes and the next
   * start.
   */
  async close(): Promise<void> {
    for (const end of this.unsubscribe) end();
    await this.delivery.close();
    const timer = setTimeout(() => this.stop.abort(), grace);
    await Promise.all([...this.inHand].map(({ done }) => done));
    clearTimeout(timer);
    this.transport.close();
  }

  /**
   * Starts as many deliveries as allowed, new mails first. Every delivery that ends or becomes slow wakes this again.
   */
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
    // Without this exclusion a clock that jumps forward would make mails due again that this process is still
    // delivering.
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

  /** Never rejects. If the result cannot be stored, the mail becomes due again when the claim ends. */
  private async send(mail: Claimed): Promise<void> {
    try {
      const message: Message = JSON.parse(this.secrets.open(purpose, mail.sealed));
      const signal = AbortSignal.any([this.stop.signal, AbortSignal.timeout(deliveryTime)]);
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
