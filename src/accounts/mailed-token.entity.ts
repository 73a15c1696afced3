import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
import { User } from './user.entity.js';

/** What a mailed token may be used for. It is refused for any other purpose. */
export type TokenPurpose =
  | 'verify-email'
  | 'disown-registration'
  | 'reset-password'
  | 'confirm-email-change'
  | 'undo-email-change';

/** A single-use token that was sent by mail. Only its hash is stored. */
@Entity({ tableName: 'mailed_tokens' })
export class MailedToken {
  @PrimaryKey({ columnType: 'bytea' })
  tokenHash!: Buffer;

  @Property({ type: 'text' })
  purpose!: TokenPurpose;

  @Index()
  @ManyToOne({ entity: () => User, mapToPk: true, deleteRule: 'cascade', fieldName: 'user_id' })
  userId!: string;

  /** The address it was created for. It is invalid when the account's address differs. */
  @Property({ type: 'text' })
  email!: string;

  /** The new address, for a change of address. */
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
