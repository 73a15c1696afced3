import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/core';
import { Session } from './session.entity.js';

/**
 * A refresh token of before tokens named their session. No row is added; they are kept while their session can be open, to
 * be exchanged and to detect reuse.
 */
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

  /** When it was exchanged for its successor; null if it was not exchanged. */
  @Property({ columnType: 'timestamptz', nullable: true })
  usedAt?: Date | null;

  /** Hash of its successor. */
  @Property({ columnType: 'bytea', nullable: true })
  successorHash?: Buffer | null;
}
