import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** A mail that waits to be sent: written with the change it tells of, deleted once the SMTP server has it. */
@Entity({ tableName: 'outgoing_mails' })
export class OutgoingMail {
  [OptionalProps]?: 'id' | 'attempts';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  /** Recipient, subject and text as JSON, sealed under APP_SECRET: they carry live tokens. */
  @Property({ columnType: 'bytea' })
  sealedMessage!: Buffer;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Index()
  @Property({ columnType: 'timestamptz' })
  nextAttemptAt!: Date;

  @Property({ type: 'integer', default: 0 })
  attempts = 0;
}
