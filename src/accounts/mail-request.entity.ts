import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** Kinds of mail that anonymous callers can request. */
export type MailRequestPurpose = 'verify-email' | 'reset-password';

/**
 * A request for a mail to an address. It is stored for every address alike and processed after the answer, so that
 * neither the answer nor its duration reveals which addresses have an account.
 */
@Entity({ tableName: 'mail_requests' })
@Index({
  name: 'mail_requests_due',
  expression: 'create index "mail_requests_due" on "mail_requests" ("next_attempt_at") where "set_aside_at" is null',
})
@Index({
  name: 'mail_requests_set_aside',
  expression:
    'create index "mail_requests_set_aside" on "mail_requests" ("set_aside_at") where "set_aside_at" is not null',
})
export class MailRequest {
  [OptionalProps]?: 'id' | 'attempts';

  @PrimaryKey({ type: 'uuid' })
  id: string = randomUUID();

  @Property({ type: 'text' })
  purpose!: MailRequestPurpose;

  /** Normalized: see identifiers.ts. */
  @Property({ type: 'text' })
  email!: string;

  @Property({ type: 'text' })
  ipAddress!: string;

  @Property({ type: 'text', nullable: true })
  userAgent?: string | null;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  /** Number of failed attempts. */
  @Property({ type: 'integer', default: 0 })
  attempts = 0;

  @Property({ columnType: 'timestamptz', defaultRaw: 'now()' })
  nextAttemptAt!: Date;

  /** When it was given up. It is not tried again, and kept for a while for the operator. */
  @Property({ columnType: 'timestamptz', nullable: true })
  setAsideAt?: Date | null;
}
