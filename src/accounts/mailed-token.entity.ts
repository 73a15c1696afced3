import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
import { User } from './user.entity.js';

/** What a mailed link may be used for. A token of one purpose opens nothing else. */
export type TokenPurpose =
  | 'verify-email'
  | 'disown-registration'
  | 'reset-password'
  | 'confirm-email-change'
  | 'undo-email-change';

/** A single-use token that went out by mail. Only its hash is kept. */
@Entity({ tableName: 'mailed_tokens' })
export class MailedToken {
  @PrimaryKey({ columnType: 'bytea' })
  tokenHash!: Buffer;

  @Property({ type: 'text' })
  purpose!: TokenPurpose;

  @Index()
  @ManyToOne({ entity: () => User, mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  /** The address it was made for; it dies when the account's address is another. */
  @Property({ type: 'text' })
  email!: string;

  /** The address a change of address leads to. */
  @Property({ type: 'text', nullable: true })
  newEmail?: string | null;

  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  @Index()
  @Property({ columnType: 'timestamptz' })
  expiresAt!: Date;

  @Index({
    name: 'mailed_tokens_used',
    expression: 'create index "mailed_tokens_used" on "mailed_tokens" ("used_at") where "used_at" is not null',
  })
  @Property({ columnType: 'timestamptz', nullable: true })
  usedAt?: Date | null;
}
