import type { EntityManager } from '@mikro-orm/postgresql';
import { type Clock, seconds } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';
import type { Logger } from '../operations/logging.js';
import { Repeating } from '../operations/repeating.js';
import { traceOf } from '../operations/trace.js';
import type { SecretBox } from '../secrets.js';
import { OutgoingMail } from './outgoing-mail.entity.js';
import type { Message, Transport } from './transport.js';

const purpose = 'outgoing-mail';
const batchSize = 10;
/** About a day and a half of trying; every link but the one that undoes a change of address is dead by then. */
const mostAttempts = 40;

interface Claimed {
  id: string;
  sealed_message: Buffer;
  attempts: number;
}

/** Takes mails that are due, for longer than sending can take; of a process that dies with them in hand they are due again. */
const claim = `
  update outgoing_mails set attempts = attempts + 1, next_attempt_at = $1::timestamptz + interval '2 minutes'
  where id in (select id from outgoing_mails where next_attempt_at <= $1 order by next_attempt_at limit ${batchSize} for update skip locked)
  returning id, sealed_message, attempts`;

/** After 5 s, 10 s, 20 s … an hour. */
const postpone = `
  update outgoing_mails set next_attempt_at = $2::timestamptz + least(interval '5 seconds' * power(2, attempts - 1), interval '1 hour')
  where id = $1`;

/**
 * Mail is a row first, written in the transaction of what it tells of, and sent once that is committed:
 * none is lost with a crash, none is sent for a change that was undone. Delivery is at least once.
 */
export class Outbox {
  private readonly delivery: Repeating;
  private readonly unsubscribe: (() => void)[];

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

  async close(): Promise<void> {
    for (const end of this.unsubscribe) end();
    await this.delivery.close();
    this.transport.close();
  }

  private async deliver(): Promise<void> {
    for (;;) {
      const claimed = await this.database.sql.rows<Claimed>(claim, [this.clock.now()]);
      await Promise.all(claimed.map((mail) => this.send(mail)));
      if (claimed.length < batchSize) return;
    }
  }

  private async send(mail: Claimed): Promise<void> {
    try {
      await this.transport.send(JSON.parse(this.secrets.open(purpose, mail.sealed_message)));
      await this.drop(mail.id);
    } catch (error) {
      this.log.warn({ mail: mail.id, attempts: mail.attempts, ...traceOf(error) }, 'A mail could not be sent');
      if (mail.attempts >= mostAttempts) await this.drop(mail.id);
      else await this.database.sql.rows(postpone, [mail.id, this.clock.now()]);
    }
  }

  private async drop(id: string): Promise<void> {
    await this.database.sql.rows('delete from outgoing_mails where id = $1', [id]);
  }
}
