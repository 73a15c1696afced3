import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
import { Session } from './session.entity.js';

/** A refresh token of a session. Used ones are kept while the session can be open, to detect reuse. */
@Entity({ tableName: 'refresh_tokens' })
export class RefreshToken {
  @PrimaryKey({ columnType: 'bytea' })
  tokenHash!: Buffer;

  @Index()
  @ManyToOne({ entity: () => Session, mapToPk: true, deleteRule: 'cascade', fieldName: 'session_id' })
  sessionId!: string;

  @Index()
  @Property({ columnType: 'timestamptz' })
  createdAt!: Date;

  /** When it was exchanged for its successor; null for the current token. */
  @Property({ columnType: 'timestamptz', nullable: true })
  usedAt?: Date | null;

  /** Hash of its successor. */
  @Property({ columnType: 'bytea', nullable: true })
  successorHash?: Buffer | null;
}
