import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** A mail that waits to be sent: written with the change it tells of, deleted once the SMTP server has it. */
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

  /** Recipient, subject and text as JSON, sealed under APP_SECRET: they carry live tokens. */
  @Property({ columnType: 'bytea' })
  sealedMessage!: Buffer;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  /** While a process has it in hand: when that process is taken to be dead. */
  @Property({ columnType: 'timestamptz' })
  nextAttemptAt!: Date;

  @Property({ type: 'integer', default: 0 })
  attempts = 0;
}
