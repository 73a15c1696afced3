import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/**
 * A mail to be sent: written in the transaction of the change that it reports, deleted once the SMTP server accepts it.
 */
@Entity({ tableName: 'outgoing_mails' })
@Index({
  name: 'outgoing_mails_new',
  expression: 'create index "outgoing_mails_new" on "outgoing_mails" ("next_attempt_at") where "attempts" = 0',
})
@Index({
  name: 'outgoing_mails_tried',
  expression: 'create index "outgoing_mails_tried" on "outgoing_mails" ("next_attempt_at") where "attempts" > 0',
})
export class OutgoingMail {
  [OptionalProps]?: 'id' | 'attempts';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** Recipient, subject and text as JSON, encrypted under APP_SECRET, because they contain valid tokens. */
  @Property({ columnType: 'bytea' })
  sealedMessage!: Buffer;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  /** While a process delivers the mail: the end of its claim, after which the process is presumed dead. */
  @Property({ columnType: 'timestamptz' })
  nextAttemptAt!: Date;

  @Property({ type: 'integer', default: 0 })
  attempts = 0;
}
