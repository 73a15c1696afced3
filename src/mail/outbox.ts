import { minutes, seconds } from '../clock.js';
import type { Transaction } from '../database/transaction.js';
import { during } from '../operations/span.js';
import type { Queue } from '../queue/queue.js';
import type { ClaimedJob, Lane, Retries, Task } from '../queue/task.js';
import type { SecretBox } from '../secrets.js';
import { type Message, mostAtOnce, type Transport } from './transport.js';

declare module '../services.js' {
  interface Services {
    readonly outbox: Outbox;
  }
}

const purpose = 'outgoing-mail';
/** Name of the task, and of the jobs in the database. */
export const mailTask = 'mail';
/** Time limit of one delivery, in milliseconds; less than a claim of the queue lasts. */
const deliveryTime = seconds(20);
const lane: Lane = { brisk: 10, most: mostAtOnce, retries: 20 };
/**
 * About 30 hours of attempts. By then all mailed links have expired, with default lifetimes, except to undo a change of
 * address.
 */
const retries: Retries = { first: seconds(5), longest: minutes(60), most: 40 };

/**
 * Transactional outbox for mail: a mail is written as a job in the transaction of the change that it reports, and sent
 * after the commit. A mail that the server refuses for good, or that fails in all its attempts, is kept as a failed job.
 *
 * @example
 * await database.transaction(async (tx) => {
 *   outbox.enqueue(tx, mails.write('password-reset', recipientOf(user), { reset: { token, lifetime } }));
 * });
 */
export class Outbox {
  readonly task: Task = {
    name: mailTask,
    purpose: 'sends a mail',
    lane,
    retries,
    run: async (job, signal) => {
      const message = this.open(job);
      const span = job.work?.span?.begin({ name: 'deliver mail', kind: 'client' });
      if (message.kind !== undefined) span?.set({ 'gatehouse.mail.kind': message.kind });
      const limit = AbortSignal.any([signal, AbortSignal.timeout(deliveryTime)]);
      await during(span, () => this.transport.send(message, limit));
      return false;
    },
  };

  constructor(
    private readonly queue: Queue,
    private readonly secrets: SecretBox,
    private readonly transport: Transport,
    /** Added as a signature below each mail. */
    private readonly serviceName: string,
  ) {}

  /** Queues a mail that is always sent: a security notice, or one that the recipient asked for. */
  enqueue(tx: Transaction, message: Message): void {
    const { expiresAt } = message;
    this.queue.add(tx, mailTask, {
      payload: this.seal(message),
      address: message.to,
      expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
    });
  }

  /** Queues any other mail. @param isWanted the recipient's preference */
  enqueueNotice(tx: Transaction, message: Message, isWanted: boolean): void {
    if (isWanted) this.enqueue(tx, message);
  }

  /** Encrypts a mail for statements that insert the row themselves, with its address; `queue.wake` comes after their commit. */
  seal(message: Message): Buffer {
    const text = `${message.text}\n-- \n${this.serviceName}\n`;
    return this.secrets.seal(purpose, JSON.stringify({ ...message, text }));
  }

  /** Decrypts the mail of a job. @throws when it was encrypted under another APP_SECRET */
  open({ payload }: Pick<ClaimedJob, 'payload'>): Message {
    return JSON.parse(this.secrets.open(purpose, payload ?? Buffer.alloc(0)));
  }
}
