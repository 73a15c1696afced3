import { randomUUID } from 'node:crypto';
import { Entity, Index, OptionalProps, PrimaryKey, Property } from '@mikro-orm/core';

/** What somebody may ask to be mailed without saying who they are. */
export type MailRequestPurpose = 'verify-email' | 'reset-password';

/**
 * That somebody asked for a mail to an address. Written for every address alike and looked at after the
 * answer, so that neither the answer nor its time tells which addresses have an account.
 */
@Entity({ tableName: 'mail_requests' })
export class MailRequest {
  [OptionalProps]?: 'id';

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

  @Index()
  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;
}
