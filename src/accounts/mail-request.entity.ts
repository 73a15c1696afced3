import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** What somebody may ask to be mailed without saying who they are. */
export type MailRequestPurpose = 'verify-email' | 'reset-password';

/**
 * That somebody asked for a mail to an address. Written for every address alike and looked at after the
 * answer, so that neither the answer nor its time tells which addresses have an account.
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

  /** Failed ones. */
  @Property({ type: 'integer', default: 0 })
  attempts = 0;

  @Property({ columnType: 'timestamptz', defaultRaw: 'now()' })
  nextAttemptAt!: Date;

  /** When it was given up: it is looked at no more, and kept a while for the operator. */
  @Property({ columnType: 'timestamptz', nullable: true })
  setAsideAt?: Date | null;
}
